"""How numbers, dates and Vietnamese text are written and read. Pure: imports nothing of Django."""
