"""`/undelivered`: email that failed, may have come twice, or is held after a restore."""
