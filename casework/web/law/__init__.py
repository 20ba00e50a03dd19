"""The law as the system believes it, for anyone who would check it."""
