"""The services that give advice: which there are, whose, and whom to write to."""
