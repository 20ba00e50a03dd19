"""Pages: guard, form, call, redirect."""
