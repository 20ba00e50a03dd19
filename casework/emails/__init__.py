"""Email: its words, its links, and how it is handed to a mail server. It knows no records."""
