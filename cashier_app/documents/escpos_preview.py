"""Shows what ESC/POS bytes would put on paper, as text; for tests, for the demo, and for a till without a printer."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cashier_app.documents.code_pages import decoded

_WIDTH = 48


@dataclass(slots=True)
class _Paper:
    """The state of the printer while the bytes run through."""

    lines: list[str] = field(default_factory=list)
    line: str = ""
    code_page: int = 0
    align: int = 0
    scale: int = 1
    columns: int = _WIDTH


def preview(job: bytes, columns: int = _WIDTH) -> str:
    """Return the lines as they would stand on paper; commands that are seen or heard appear in square brackets.

    Commands it does not know are left out with their parameters where the length is known, else shown as `[1b xx]`.
    """
    paper = _Paper(columns=columns)
    position = 0
    while position < len(job):
        position = _step(job, position, paper)
    _end_line(paper, only_if_written=True)
    return "\n".join(paper.lines) + "\n"


def _step(job: bytes, position: int, paper: _Paper) -> int:
    """Take one command or one character; return where the next begins."""
    for pattern, act in _COMMANDS:
        if match := pattern.match(job, position):
            act(paper, match)
            return match.end()
    byte = job[position]
    if byte in b"\x1b\x1d":
        paper.line += f"[{job[position : position + 2].hex(' ')}]"
        return position + 2
    if byte == ord("\n"):
        _end_line(paper)
    else:
        paper.line += decoded(byte, paper.code_page)
    return position + 1


def _end_line(paper: _Paper, *, only_if_written: bool = False) -> None:
    if only_if_written and not paper.line:
        return
    free = paper.columns - len(paper.line) * paper.scale
    indent = max(free, 0) // 2 if paper.align else 0
    shown = " ".join(paper.line) if paper.scale > 1 else paper.line
    paper.lines.append((" " * indent + shown).rstrip())
    paper.line = ""


def _note(paper: _Paper, text: str) -> None:
    """Something that is no text stands on its own line."""
    _end_line(paper, only_if_written=True)
    indent = max(paper.columns - len(text) - 2, 0) // 2 if paper.align else 0
    paper.lines.append(" " * indent + f"[{text}]")


def _set_code_page(paper: _Paper, match: re.Match[bytes]) -> None:
    paper.code_page = match[1][0]


def _set_align(paper: _Paper, match: re.Match[bytes]) -> None:
    paper.align = match[1][0] % 48  # `0` and NUL mean the same


def _set_size(paper: _Paper, match: re.Match[bytes]) -> None:
    paper.scale = (match[1][0] >> 4) + 1


def _reset(paper: _Paper, _: re.Match[bytes]) -> None:
    paper.code_page, paper.align, paper.scale = 0, 0, 1


def _kick(paper: _Paper, match: re.Match[bytes]) -> None:
    _note(paper, f"drawer opens, pin {5 if match[1][0] else 2}")


def _bar_code(paper: _Paper, match: re.Match[bytes]) -> None:
    _note(paper, f"Code 128: {match[1].removeprefix(b'{B').decode('ascii', errors='replace')}")


def _qr_code(paper: _Paper, match: re.Match[bytes]) -> None:
    _note(paper, f"QR: {match[1].decode('utf-8', errors='replace')}")


def _cut(paper: _Paper, _: re.Match[bytes]) -> None:
    _note(paper, "cut")


def _feed(paper: _Paper, _: re.Match[bytes]) -> None:
    _end_line(paper, only_if_written=True)


def _nothing(_: _Paper, __: re.Match[bytes]) -> None:
    """Changes how text looks, not what it says."""


_COMMANDS: tuple[tuple[re.Pattern[bytes], Callable[[_Paper, re.Match[bytes]], None]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), act)
    for pattern, act in (
        (rb"\x1b@", _reset),
        (rb"\x1bt(.)", _set_code_page),
        (rb"\x1ba(.)", _set_align),
        (rb"\x1d!(.)", _set_size),
        (rb"\x1bp(.)..", _kick),
        (rb"\x1bd.", _feed),
        (rb"\x1dV[\x41\x42].|\x1dV[\x00\x01]", _cut),
        (rb"\x1dkI.(\{B[^\n]*)\n", _bar_code),
        (rb"\x1d\(k..1P0([0-9A-Za-z]*)", _qr_code),
        (rb"\x1d\(k(?:\x03|\x04)\x001[ACEQ].(?:(?<=1A.)\x00)?", _nothing),
        (rb"\x1bE.|\x1dB.|\x1dh.|\x1dw.|\x1dH.|\x1bc0.|\x0c", _nothing),
    )
)
