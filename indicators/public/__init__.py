"""What the public knows of every record: its columns, its rows on a day, and how they changed.."""
