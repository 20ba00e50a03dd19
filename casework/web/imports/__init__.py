"""A council's tracker comes in: sent, checked, brought in, its refused rows fetched."""
