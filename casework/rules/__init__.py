"""The law: pure functions and dated rows, importing the standard library, dateutil, no more."""
