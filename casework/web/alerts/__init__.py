"""`/alerts`: how a person is told of time limits, and who is told in their place."""
