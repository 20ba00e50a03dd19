"""`/cases/<id>/letters`: letters written, checked and issued, from one case alone."""
