"""A change of public records, as another server makes it: every answer has to be worked out anew."""

import sqlite3
from urllib.parse import urlsplit

import psycopg2

SQL = "UPDATE indicators_sector SET version = version"


def touch(url: str) -> None:
    """Write to the database `url` what is written there already."""
    connection = sqlite3.connect(urlsplit(url).path) if url.startswith("sqlite") else psycopg2.connect(url)
    with connection:
        connection.cursor().execute(SQL)
    connection.close()
