"""The plan as a document: from plain values to PDF and Word, with no database."""
