"""The first page: each role's own."""
