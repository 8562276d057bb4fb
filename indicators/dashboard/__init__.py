"""PRESENT: judged rows → tables, pictures and charts."""
