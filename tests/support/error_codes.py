"""Finds every code of a refusal in the source, with its sentence, and writes `docs/errors.md` anew.

`python -m tests.support.error_codes` keeps the remarks that stand in the document and fills in the rest.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.source_tree import PACKAGE, ROOT, files, parsed

DOCUMENT = ROOT / "docs" / "errors.md"
_CODE = re.compile(r"(?:[A-Z]{2,8}-\d{3}|(?:DB|PRN|SCAN|MICR)-[A-Z][A-Z-]*[A-Z])")
_ROW = re.compile(r"^\| `(?P<code>[A-Z0-9-]+)` \| (?P<sentence>.*?) \| (?P<remark>.*?) \|$", re.MULTILINE)

AREAS = {
    "CMD": "Commands: how they are written and identified",
    "DAT": "What slipped through: the database would not take it",
    "AMT": "Amounts",
    "PAY": "Payments, tenders, distribution",
    "TND": "Tenders",
    "RCP": "Receipts",
    "TC": "Drawers and turn-ins",
    "DC": "Deposits",
    "CUS": "Customers, accounts, agreements",
    "ADJ": "Adjustments",
    "MAT": "Match events and disputes",
    "SEC": "Users, rights, second persons",
    "CFG": "Control tables",
    "GL": "General ledger",
    "CHK": "Checks through accounts payable",
    "NODE": "Workstations",
    "DEV": "Devices of branches",
    "LC": "Life cycles",
    "LEDGER": "History",
    "STALE": "What somebody else changed meanwhile",
    "FEED": "The feed of changes",
    "API": "The server: what programs send",
    "BAT": "Batch runs",
    "EXP": "Figures that are explained",
    "RUN": "The server: runs",
    "SRV": "The server: its start",
    "DB": "The database",
}
"""In the order in which a newcomer meets them; other areas follow by name."""


def codes(below: Path = PACKAGE) -> dict[str, list[str]]:
    """Every code with the shapes of its sentences; `…` stands for what is filled in."""
    found: dict[str, list[str]] = {}
    for path in files(".py", below=below):
        for code, sentence in _said(parsed(path)):
            shapes = found.setdefault(code, [])
            if sentence and sentence not in shapes:
                shapes.append(sentence)
    return dict(sorted(found.items(), key=lambda item: (_rank(item[0]), item[0])))


def _said(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _neighbors(node.args)
        elif isinstance(node, ast.Tuple):
            yield from _neighbors(node.elts)
        elif isinstance(node, ast.Dict):
            yield from ((_text(value), "") for value in node.values if _CODE.fullmatch(_text(value)))


def _neighbors(elements: list[ast.expr]) -> Iterator[tuple[str, str]]:
    for place, element in enumerate(elements):
        if _CODE.fullmatch(_text(element)):
            yield _text(element), _text(elements[place + 1]) if place + 1 < len(elements) else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "…" for part in node.values)
    if isinstance(node, ast.BinOp):
        return (_text(node.left) or "… ") + (_text(node.right) or "…")
    if isinstance(node, ast.IfExp):
        return f"{_text(node.body)} / {_text(node.orelse)}"
    return ""


def _rank(code: str) -> tuple[int, str]:
    area = code.partition("-")[0]
    order = list(AREAS)
    return (order.index(area), "") if area in AREAS else (len(order), area)


def remarks() -> dict[str, str]:
    """What the document adds to a code's sentence."""
    if not DOCUMENT.exists():
        return {}
    return {row["code"]: row["remark"] for row in _ROW.finditer(DOCUMENT.read_text(encoding="utf-8"))}


def document() -> str:
    """The document as the source and its remarks make it."""
    kept = remarks()
    present = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Refusals\n"
    head = present.partition("\n## ")[0].rstrip()
    lines, area = [head], ""
    for code, sentences in codes().items():
        if code.partition("-")[0] != area:
            area = code.partition("-")[0]
            lines += [
                "",
                f"## {AREAS.get(area, area)}",
                "",
                "| code | what is said | why, and what is accepted |",
                "|---|---|---|",
            ]
        said = "<br>".join(sentence.replace("|", "\\|").replace("\n", " ") for sentence in sentences)
        lines.append(f"| `{code}` | {said or '(what the cause says)'} | {kept.get(code, 'As it says.')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
