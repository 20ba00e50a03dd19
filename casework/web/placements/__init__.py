"""`/placements`: open cases that wait for a place."""
