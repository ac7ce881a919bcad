"""The checklist leaves nothing out and names tests that there are (R reliability P14)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.support.source_tree import ROOT, files

CHECKLIST = ROOT / "docs" / "security-checklist.md"

LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 5, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""Section of ASVS 5.0.0 → its last requirement of level 1 or 2; 2.3 has 2.3.5 of level 3 beside them."""
OPEN = {"15.2.1"}
"""What is not met yet. Whoever closes one takes it off this list, and nobody adds to it in silence."""

_ROW = re.compile(r"^\| (?P<which>[0-9][0-9., \u2013]*) \| (?P<how>.*?) \|(?P<proof>.*)\|$", re.MULTILINE)


def _rows() -> list[tuple[list[str], str, str]]:
    text = CHECKLIST.read_text(encoding="utf-8")
    return [(list(_expanded(row["which"])), row["how"], row["proof"].strip()) for row in _ROW.finditer(text)]


def _expanded(which: str) -> Iterator[str]:
    for part in which.split(","):
        first, _, last = part.strip().partition("\N{EN DASH}")
        section, _, number = first.rpartition(".")
        yield from (f"{section}.{each}" for each in range(int(number), int((last or first).rpartition(".")[2]) + 1))


def test_every_requirement_is_in_the_list_once():
    wanted = {f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)} | {"4.1.5"}
    found = Counter(requirement for which, _, _ in _rows() for requirement in which)
    assert set(found) == wanted
    assert [requirement for requirement, times in found.items() if times > 1] == []


def test_what_is_open_is_said_and_known():
    assert {requirement for which, how, _ in _rows() if "**open**" in how for requirement in which} == OPEN


def test_every_other_requirement_has_its_proof_or_its_reason():
    for which, how, proof in _rows():
        assert "**open**" in how or proof.startswith(("`test_", "*not here*")), which


def test_the_tests_that_prove_it_exist():
    named = {name for _, _, proof in _rows() for name in re.findall(r"`(test_\w+)`", proof)}
    source = "".join(path.read_text(encoding="utf-8") for path in files(".py", below=ROOT / "tests"))
    assert {name for name in named if f"def {name}(" not in source} == set()
