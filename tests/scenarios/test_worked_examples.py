"""Every scenario file of this folder holds, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from cashier_app.scenarios.running import run_scenario

FILES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_worked_example_holds(file, empty_database_url):
    report = run_scenario(file, empty_database_url)
    differing = [
        f"{each.line}: {each.what}: {each.expected} ≠ {each.found}" for each in report.findings if not each.holds
    ]
    assert differing == []
    assert report.steps_done == report.steps


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_worked_example_names_its_source_and_proves_the_ledger(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "\nsource: " in text
    assert "verify: clean" in text
