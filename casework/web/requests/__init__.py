"""New requests: keyed on one page, and checked against the children already held."""
