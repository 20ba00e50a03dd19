"""Whether the system lives, for the machines that watch it."""
