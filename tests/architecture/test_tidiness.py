"""Reads the tree and finds what nobody should have left there."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.source_tree import PACKAGE, ROOT, files, parsed, relative

LONGEST_FILE = 400
_WRITTEN_OUT = "the statements of a released revision, one after the other (decision 11)"
LONGER_FOR_A_REASON: dict[str, str] = {
    "cashier_app/models/migrations/first_postgresql_tables.py": _WRITTEN_OUT,
    "cashier_app/models/migrations/first_sqlite_tables.py": _WRITTEN_OUT,
}
"""Path → why this one is a single subject all the same."""

_PYTHON = files(".py")
_PROSE = files(".md")
_TEXT = [
    path
    for path in files()
    if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".qss", ".json", ".cfg", ".ini", ".spec", ".html"}
    or path.name in {"Makefile", "run", ".gitignore"}
]


def test_nothing_is_printed_except_where_printing_is_the_job():
    offending = [
        f"{relative(path)}:{node.lineno}"
        for path in files(".py", below=PACKAGE)
        if path.relative_to(PACKAGE).parts[0] not in {"cli", "demo"}
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "breakpoint"}
    ]
    assert offending == []


def test_no_file_holds_two_subjects():
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _PYTHON}
    too_long = {path: length for path, length in lengths.items() if length > LONGEST_FILE}
    assert too_long.keys() - LONGER_FOR_A_REASON.keys() == set(), f"split these: {too_long}"
    assert LONGER_FOR_A_REASON.keys() - too_long.keys() == set(), "no longer too long; take it off the list"


def test_every_module_says_what_it_is_responsible_for():
    modules = [path for folder in (PACKAGE, ROOT / "benchmarks") for path in files(".py", below=folder)]
    silent = [relative(path) for path in modules if parsed(path).body and not ast.get_docstring(parsed(path))]
    assert silent == []


@pytest.mark.parametrize("layer", ["domain", "algorithms", "services", "interfaces"])
def test_every_public_class_says_what_may_be_relied_on(layer):
    silent = [
        f"{relative(path)}: {node.name}"
        for path in files(".py", below=PACKAGE / layer)
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_whatever_is_left_to_do_names_its_issue():
    unfinished = re.compile(r"#.*\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b(?!\s*\(?#\d+)")
    offending = [where for path in [*_PYTHON, ROOT / "Makefile"] for where in _lines_matching(unfinished, path)]
    assert offending == []


def test_every_document_has_one_title_and_begins_with_it():
    offending = []
    for path in _PROSE:
        lines = _outside_code_blocks(path.read_text(encoding="utf-8"))
        titles = [line for line in lines if line.startswith("# ")]
        first = next((line for line in lines if line.strip()), "")
        if len(titles) != 1 or not first.startswith("# "):
            offending.append(f"{relative(path)}: {titles or 'no title'}")
    assert offending == []


def test_no_two_documents_have_the_same_title():
    titles: dict[str, str] = {}
    for path in _PROSE:
        for line in _outside_code_blocks(path.read_text(encoding="utf-8")):
            if line.startswith("# "):
                other = titles.setdefault(line, relative(path))
                assert other == relative(path), f"{relative(path)} and {other} are both called {line!r}"


def test_links_between_documents_lead_somewhere():
    link = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
    broken = [
        f"{relative(path)}: {target}"
        for path in _PROSE
        for line in _outside_code_blocks(path.read_text(encoding="utf-8"))
        for target in link.findall(line)
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert broken == []


def test_nothing_names_the_machine_it_was_written_on():
    machine = re.compile(
        r"(?<![\w.~$}])/(?:home|root|work|Users)/\w"  # somebody's directories
        r"|[A-Z]:\\Users\\"
        r"|\b[\w-]+\.(?:internal|intranet|corp|lan|localdomain)\b(?!\.)"  # hosts behind somebody's door
        r"|\b(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
        r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    )
    offending = [where for path in _TEXT for where in _lines_matching(machine, path)]
    assert offending == []


def test_text_files_end_with_one_line_break_and_have_no_trailing_spaces():
    offending = []
    for path in _TEXT:
        text = path.read_bytes()
        if text and (not text.endswith(b"\n") or text.endswith(b"\n\n")):
            offending.append(f"{relative(path)}: end")
        offending += [
            f"{relative(path)}:{number}" for number, line in enumerate(text.split(b"\n"), 1) if line != line.rstrip()
        ]
    assert offending == []


def _lines_matching(pattern: re.Pattern[str], path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [f"{relative(path)}:{number}: {line}" for number, line in enumerate(lines, 1) if pattern.search(line)]


def _outside_code_blocks(text: str) -> list[str]:
    lines, inside = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            lines.append(line)
    return lines
