"""Letters as Word documents: templates checked, filled and first written. Knows no database."""
