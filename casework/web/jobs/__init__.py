"""The scheduler: what it does and did, whether it is at work, and having a job done now."""
