"""`/advice/late`: late advice of which nobody has said why."""
