"""The documents say what the source says."""

import re

from cashier_app.algorithms.registry import description_of, rules
from tests.support import error_codes, lifecycles
from tests.support.source_tree import PACKAGE, ROOT, files


def test_every_code_of_a_refusal_is_listed_with_its_sentence():
    assert error_codes.DOCUMENT.read_text(encoding="utf-8") == error_codes.document(), (
        "run python -m tests.support.error_codes, then say in the last column why, and what is accepted"
    )


def test_every_code_of_the_ledger_occurs_in_a_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in files(".py", below=ROOT / "tests"))
    ledger = {code for layer in ("domain", "services") for code in error_codes.codes(PACKAGE / layer)}
    silent = {code for code in ledger if code.partition("-")[0] in error_codes.AREAS and code not in tests}
    assert silent == set()


def test_life_cycles_are_drawn_as_they_are():
    assert lifecycles.DOCUMENT.read_text(encoding="utf-8") == lifecycles.document(), (
        "run python -m tests.support.lifecycles"
    )


def test_every_rule_has_a_paragraph_under_its_system_event():
    text = (ROOT / "docs" / "algorithms.md").read_text(encoding="utf-8")
    described = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        event = section.splitlines()[0].strip()
        for rule in re.findall(r"^### (.+)\n\n(?=\S)", section, flags=re.MULTILINE):
            described[rule] = event
    assert described == {name: description_of(rule).event.value for name, rule in rules().items()}


def test_every_decision_is_numbered_told_and_linked():
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    decisions = files(".md", below=ROOT / "docs" / "decisions")
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name
        assert f"decisions/{path.name}" in architecture, f"{path.name} is not in docs/architecture.md"


def test_decisions_that_the_source_names_exist():
    numbers = {path.name[:4] for path in files(".md", below=ROOT / "docs" / "decisions")}
    named = set()
    for path in [*files(".py", below=PACKAGE), ROOT / "pyproject.toml"]:
        named |= set(re.findall(r"docs/decisions/(\d{4})", path.read_text(encoding="utf-8")))
    assert named <= numbers
