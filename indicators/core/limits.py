"""How much work one request may ask for. What is more is refused in words that name the limit; docs/security.md lists them.

Sizes of whole forms stand in lanson/settings.py (DATA_UPLOAD_…), what an office may set in docs/settings.md.
"""

# --- an address
PARAMETERS = 100
SEARCH_WORDS = 12  # each is looked for in every name of the catalogue
SORT_COLUMNS = 20
SDMX_KEYS = 200
SDMX_COMPARISONS = 100  # of all filters together

# --- forms
CHOSEN_ROWS = 1_000  # of a list, to do something with all of them at once
ECHOED_LETTERS = 200_000  # of what was typed in a session that has ended; a page holds it twice

PASTED_LETTERS = 500_000  # into the entry sheet: a copied table, with the HTML that Excel writes around it

# --- a file of figures
FILE_BYTES = 20 * 1024 * 1024
FILE_ROWS = 50_000  # with something in them
FILE_LINES = 200_000  # Excel keeps rows without anything in them where whole columns were coloured
FILE_COLUMNS = 1_000
FILE_SHEETS = 50
FILE_SECONDS = 10  # of a processor, until the table in a workbook is found
UNPACKED_BYTES = 100 * 1024 * 1024
# A cell of a workbook has two to four elements, their ends counted too.
SHEET_ELEMENTS = 6_000_000
STRING_ELEMENTS = 1_000_000
SEARCH_ELEMENTS = 500_000  # of all sheets together, until the headings are found
PART_ELEMENTS = 100_000  # of formats, names, relations: some ten times as dear as cells

# --- time, beside REQUEST_TIMEOUT (docs/settings.md)
UPLOAD_KB_PER_SECOND = 64  # what is sent may come as slowly as this …
UPLOAD_SECONDS = 120  # … for so much longer than REQUEST_TIMEOUT
STREAM_SECONDS = 600  # for what is sent piece by piece: a large file, the progress of an import
