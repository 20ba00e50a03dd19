"""The panels, their terms of reference and members, and what each has done."""
