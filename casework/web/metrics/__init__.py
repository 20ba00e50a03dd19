"""Numbers for the machines that watch the service."""
