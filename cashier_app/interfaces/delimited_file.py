"""Reads text files of delimited rows from strangers: strictly, line by line, and never more than a line at a time."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cashier_app.domain.errors import Problem, refuse

ENCODINGS = ("utf-8", "cp1252", "iso-8859-1", "iso-8859-15", "ascii")
LARGEST_FILE = 512 * 1024 * 1024
LONGEST_LINE = 16_384

_BYTE_ORDER_MARK = "\ufeff"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """The fields of a row, and the line of the file on which it begins."""

    line: int
    fields: list[str]


class DelimitedFile:
    """A file with a heading line. What is broken as a whole is refused; a row of wrong length is a problem of its line.

    Raises:
        RuleViolation: IMP-002 where there is no such file, or a too large one; IMP-003 for bytes that are
            no text; IMP-004 for a line too long; IMP-005 for quotes that do not close; IMP-006 for a heading that lacks
            columns or repeats them.
    """

    def __init__(self, path: Path, encoding: str = "utf-8", delimiter: str = ",") -> None:
        self.path = path
        self.encoding = encoding
        self.delimiter = delimiter
        self._require_readable()
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        """SHA-256 of its bytes, by which the same file is known again."""
        with path.open("rb") as file:
            self.heading = self._heading(file)
        """The names of the columns."""

    def _require_readable(self) -> None:
        try:
            size = self.path.stat().st_size if self.path.is_file() else None
        except (OSError, ValueError):
            size = None
        if size is None:
            refuse("IMP-002", f"There is no file {self.path}. Give the path of a file that can be read.")
        if size > LARGEST_FILE:
            refuse("IMP-002", f"{self.path.name} has {size:,} bytes; up to {LARGEST_FILE:,} are read. Split it.")

    def _heading(self, file: BinaryIO) -> list[str]:
        heading = [name.strip() for name in next(self._rows(file), Row(1, [])).fields]
        if not any(heading):
            refuse("IMP-006", "The file is empty; a heading line and a row are the least.", "line 1")
        twice = sorted({name for name in heading if heading.count(name) > 1})
        if twice:
            refuse("IMP-006", f"The heading names {', '.join(map(repr, twice))} twice; each column once.", "line 1")
        return heading

    def place(self, column: str, problems: list[Problem]) -> int:
        """Where a column stands; -1 and a problem where the heading lacks it."""
        if column in self.heading:
            return self.heading.index(column)
        known = ", ".join(self.heading)
        missing = Problem("IMP-006", f"There is no column {column!r}; there are: {known}.", "line 1")
        if missing not in problems:
            problems.append(missing)
        return -1

    def rows(self, problems: list[Problem]) -> Iterator[Row]:
        """The rows under the heading; those of wrong length become problems instead."""
        width = len(self.heading)
        with self.path.open("rb") as file:
            rows = self._rows(file)
            next(rows)
            for row in rows:
                if len(row.fields) == width:
                    yield row
                else:
                    sentence = f"The row has {len(row.fields)} fields, the heading {width}."
                    problems.append(Problem("IMP-005", sentence, f"line {row.line}"))

    def _rows(self, file: BinaryIO) -> Iterator[Row]:
        """All rows that are not blank, the heading first."""
        lines = _Lines(file, self.encoding)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            begins = lines.number + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                refuse("IMP-005", f"The row cannot be read: {problem}. Mend its quotes.", f"line {begins}")
            if fields:
                yield Row(begins, fields)


class _Lines:
    """Decoded lines, counted."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.file = file
        self.encoding = encoding
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        raw = self.file.readline(LONGEST_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        where = f"line {self.number}"
        if b"\0" in raw or (self.number == 1 and raw.startswith(_OTHER_MARKS)):
            refuse("IMP-003", "This is no plain text file. Save it as delimited text (CSV) in UTF-8.", where)
        if len(raw) > LONGEST_LINE:
            refuse("IMP-004", f"The line is longer than {LONGEST_LINE:,} bytes; no row of a utility is.", where)
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as problem:
            refuse(
                "IMP-003",
                f"Byte {problem.start + 1} of the line is not {self.encoding}. Name the file's encoding: "
                f"{', '.join(ENCODINGS)}.",
                where,
            )
        return text.removeprefix(_BYTE_ORDER_MARK) if self.number == 1 else text
