"""How an error tells that a disk, ours or the database's, has no room left."""

import errno
import sqlite3

# As the system, SQLite and PostgreSQL (disk_full) say it.
FULL: dict[str, tuple[object, ...]] = {
    "errno": (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    "sqlite_errorcode": (sqlite3.SQLITE_FULL,),
    "pgcode": ("53100",),
}


def is_full(error: BaseException | None) -> bool:
    """Whether there is no room left; what the error was raised from is looked at too."""
    while error:
        if any(getattr(error, name, None) in codes for name, codes in FULL.items()):
            return True
        error = error.__cause__ or error.__context__
    return False
