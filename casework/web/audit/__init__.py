"""The audit trail, for those who check the work."""
