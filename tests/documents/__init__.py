"""Files on a case, without a web or a database."""
