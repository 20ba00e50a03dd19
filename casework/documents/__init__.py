"""Files on a case: what may be sent, how it is checked, and where it is kept.

It knows no web and no database.
"""
