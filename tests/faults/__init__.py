"""Fault tests: real servers, real databases, killed, stopped, filled up and lied to. docs/reliability.md tells what was seen."""
