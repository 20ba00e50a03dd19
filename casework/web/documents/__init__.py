"""The documents on a case: added, opened, replaced, withdrawn."""
