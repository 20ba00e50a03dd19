"""Reads: each returns rows or small frozen views, and never writes."""
