"""Judged rows arranged for what a reader asks: a term, terms side by side, a year, a supposition."""
