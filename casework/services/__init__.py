"""Writes: one verb a function, one transaction, and the audit entry that goes with it."""
