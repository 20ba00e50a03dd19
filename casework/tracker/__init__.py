"""A council's tracker workbook, read: headings, dates as people type them, rows. No database."""
