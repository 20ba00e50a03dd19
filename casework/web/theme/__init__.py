"""The authority's own colour, as a stylesheet."""
