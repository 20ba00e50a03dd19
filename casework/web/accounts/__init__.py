"""Accounts, for those who manage them."""
