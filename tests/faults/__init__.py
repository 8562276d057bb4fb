"""Fault tests: real servers, real databases, killed, stopped, filled up and lied to. What was seen: results.md beside them."""
