"""From a bare clone to a working system, with nothing but Python's own library."""
