"""One expectation with what was found, and how the file would have to read to be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Edit(NamedTuple):
    """A piece of the file's text, and what should stand there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a file expects at one place, and what the ledger says."""

    step: str
    """Label of the step."""
    line: int
    what: str
    """`balances jane.electric current`."""
    expected: str
    found: str
    holds: bool
    edit: Edit | None = None
    """What to write instead; nothing where it holds or cannot be written there."""


def corrected(text: str, findings: list[Finding]) -> str:
    """The text of a file with every figure as it was found; comments and layout stay."""
    edits = sorted({finding.edit for finding in findings if finding.edit and not finding.holds})
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
