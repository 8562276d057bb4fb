"""Judged rows arranged for one question each: a term, terms beside each other, a year, what if, impact of a figure."""
