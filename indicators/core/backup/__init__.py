"""A backup: the database and the evidence files in one archive, and the way back into an empty place."""
