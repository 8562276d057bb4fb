"""Typed, pasted or read from a file → checked records, and the explanations of agencies."""
