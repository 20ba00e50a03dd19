"""The figures of a period, what each counts, and the cases behind it."""
