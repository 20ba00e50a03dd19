"""`/exceptions`: exceptions across cases that wait for a second person, and their share."""
