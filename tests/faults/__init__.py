"""Fault tests: real servers, real databases, killed, stopped, filled up and lied to. results.md beside them tells what was seen."""
