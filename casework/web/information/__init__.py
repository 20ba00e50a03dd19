"""Pages about the service itself: accessibility, cookies, privacy."""
