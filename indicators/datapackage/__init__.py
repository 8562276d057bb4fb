"""The data package, a folder or zip of CSV files: read, compared with the database, loaded, written."""
