"""Errors of apsw as the product's own driver would have raised them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cashier_app.simulation.optional import apsw_module


def product_driver() -> Any:
    """The DBAPI module whose exceptions are used: pysqlite3 where it is installed, else sqlite3."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3.dbapi2")


_driver = product_driver()

# pysqlite3 tells the primary code only (SQLITE_CONSTRAINT), sqlite3 the extended one as well
# (SQLITE_CONSTRAINT_UNIQUE). Code that passes here with the finer code would fail in the product.
_PRIMARY_CODES_ONLY = _driver.__name__.startswith("pysqlite3")

# SQLite's primary result codes as sqlite3 sorts them; what is not named is a DatabaseError.
_BY_CODE: dict[int, type[Exception]] = (
    dict.fromkeys((1, 3, 4, 5, 6, 8, 9, 10, 13, 14, 15, 16, 17), _driver.OperationalError)
    | dict.fromkeys((2, 12), _driver.InternalError)
    | dict.fromkeys((19, 20), _driver.IntegrityError)
    | dict.fromkeys((21, 25), _driver.InterfaceError)
    | {7: MemoryError, 18: _driver.DataError}
)

# Misuse that apsw itself notices, with the words by which SQLAlchemy knows a closed connection.
_CLOSED = {
    "ConnectionClosedError": "Cannot operate on a closed database.",
    "CursorClosedError": "Cannot operate on a closed cursor.",
}


def translated(error: Exception) -> Exception:
    """The same error in the product driver's classes; anything that is not apsw's as it is."""
    apsw = apsw_module()
    if isinstance(error, UnicodeDecodeError):
        # A text column of a damaged file.
        damaged: Exception = _driver.OperationalError(f"Could not decode to UTF-8: {error}")
        return damaged
    if not isinstance(error, apsw.Error):
        return error
    code = getattr(error, "extendedresult", None)
    words = _CLOSED.get(type(error).__name__, str(error))
    if code is None:
        same: Exception = _driver.ProgrammingError(words)
        return same
    same = _BY_CODE.get(code & 0xFF, _driver.DatabaseError)(words)
    if _PRIMARY_CODES_ONLY:
        code &= 0xFF
    same.sqlite_errorcode = code  # type: ignore[attr-defined]
    same.sqlite_errorname = _name_of(code)  # type: ignore[attr-defined]
    return same


def _name_of(code: int) -> str:
    apsw = apsw_module()
    known = apsw.mapping_extended_result_codes.get(code) or apsw.mapping_result_codes.get(code & 0xFF)
    return str(known or "SQLITE_UNKNOWN")
