"""How much work one request may ask for. What is more is refused in words that name the limit; docs/security.md lists them.

Sizes of whole forms stand in lanson/settings.py (DATA_UPLOAD_…), what an office may set in docs/settings.md.
"""

# --- forms
ECHOED_LETTERS = 200_000  # of what was typed in a session that has ended; a page holds it twice

# --- a file of figures
FILE_BYTES = 20 * 1024 * 1024
FILE_ROWS = 50_000  # with something in them

# --- time, beside REQUEST_TIMEOUT (docs/settings.md)
UPLOAD_KB_PER_SECOND = 64  # what is sent may come as slowly as this …
UPLOAD_SECONDS = 120  # … for so much longer than REQUEST_TIMEOUT
STREAM_SECONDS = 600  # for what is sent piece by piece: a large file, the progress of an import
