"""The law: pure functions and dated rows. Imports the standard library and dateutil, and nothing of ours."""
