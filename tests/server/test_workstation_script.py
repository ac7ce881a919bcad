"""`installer/workstation.sh`: neither an update nor taking it away drops what only this workstation can send."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.branches.town import Branch, a_branch, teller
from tests.builders import a_ledger, an_open_drawer
from tests.support.source_tree import ROOT

SCRIPT = ROOT / "installer" / "workstation.sh"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the program is: the real one, started by the name that the script knows."""
    folder = tmp_path / "opt" / ".venv" / "bin"
    folder.mkdir(parents=True)
    for name, does in (
        ("cashier", f'exec "{sys.executable}" -m cashier_app.main "$@"'),
        ("python", f'echo "$@" >> {tmp_path}/pip'),
    ):
        program = folder / name
        program.write_text(f'#!/bin/sh\ncd "{ROOT}"\n{does}\n', encoding="utf-8")
        program.chmod(0o755)
    return tmp_path / "opt"


def run(home: Path, ledger: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "CASHIER_HOME": str(home), "CASHIER_DATABASE": str(ledger)}
    environment["CASHIER_STATE"] = str(home.parent / "state")
    return subprocess.run(
        [str(SCRIPT), *arguments], capture_output=True, text=True, check=False, timeout=100, env=environment
    )


@pytest.fixture
def branch(sqlite_url: str, tmp_path: Path) -> Branch:
    return a_branch(a_ledger(sqlite_url), tmp_path)


@pytest.mark.slow
def test_a_branch_with_something_unsent_keeps_its_program(home: Path, branch: Branch, tmp_path: Path):
    ledger = tmp_path / "BRANCH-7.db"
    an_open_drawer(branch, teller("BRANCH-7"), source="CASH-BRANCH-7")
    for arguments in (("uninstall",), ("update", "cashier.whl")):
        told = run(home, ledger, *arguments)
        assert told.returncode == 1
        assert "BR-005" in told.stderr
    assert (home / ".venv").is_dir()
    assert not (tmp_path / "pip").exists()
    branch.meet()
    assert run(home, ledger, "update", "cashier.whl").returncode == 0
    assert "install --quiet --upgrade cashier.whl" in (tmp_path / "pip").read_text(encoding="utf-8")
    assert run(home, ledger, "uninstall").returncode == 0
    assert not (home / ".venv").exists()
    assert ledger.exists()


@pytest.mark.slow
def test_a_ledger_that_cannot_be_asked_keeps_the_program_and_none_at_all_does_not(home: Path, tmp_path: Path):
    broken = tmp_path / "broken.db"
    broken.write_text("no ledger " * 1000, encoding="utf-8")
    assert run(home, broken, "uninstall").returncode == 1
    assert (home / ".venv").is_dir()
    assert run(home, tmp_path / "none.db", "uninstall").returncode == 0
    assert run(home, tmp_path / "none.db", "uninstall").returncode == 1
    assert run(home, tmp_path / "none.db").returncode == 2
