"""Schools and other settings: reviewed, put right, merged, and when they are closed."""
