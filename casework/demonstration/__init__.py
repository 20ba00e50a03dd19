"""An invented authority and its invented children, to see the system at work with.

Nobody here is real. What a demonstration holds follows from a seed and a day, but for the
identifiers in addresses and the passphrases of its accounts: those are drawn anew each time.
"""
