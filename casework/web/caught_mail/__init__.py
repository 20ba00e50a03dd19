"""`/caught-mail`: in a demonstration alone, the email that was caught instead of being sent."""
