"""The child of a case, the people around them, and what the case is about."""
