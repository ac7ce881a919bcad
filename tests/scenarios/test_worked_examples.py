"""Every scenario file of this folder holds, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from cashier_app.scenarios import running, stage
from cashier_app.scenarios.running import run_scenario
from cashier_app.services.administration.setup import furnish

FILES = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.fixture
def set_up_once(monkeypatch):
    """The tables are there, copied; and that the set-up works is seen where it is run, not tried beforehand as well."""
    monkeypatch.setattr(stage, "install", furnish)
    monkeypatch.setattr(running, "check_scenario", lambda _path: None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.usefixtures("set_up_once")
def test_worked_example_holds(file, database_url):
    report = run_scenario(file, database_url)
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
