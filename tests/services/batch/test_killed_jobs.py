"""Whatever a job does, a kill in the middle of it leaves no half (R batch 1): proven for each job that writes.

The program dies with everything of a chunk written and nothing committed; the run is then taken up where it stood.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.money import Money
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.batch.doing import do_run, run_here
from cashier_app.services.batch.jobs import JOBS, Machine, keep_file
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.verifying import verify
from tests.builders import AnAccount, Ledger, an_account
from tests.services.adjustments.office import set_up
from tests.services.approvals.office import an_office, submitted

RUN = "e" * 32
FIVE = {"adjustment_type": "CONVERSION", "amount": "5.00 USD", "sa_type": "ELEC"}
JOBS_THAT_WRITE: dict[str, tuple[dict[str, str], int, str, int]] = {
    # what it is given, at which commit it dies, what it does, how much of it there is in the end
    "adjust-in-mass": (FIVE, 2, "SELECT count(*) FROM adjustment WHERE by_batch AND amount = 500", 3),
    "mark-redundant": ({}, 2, "SELECT count(*) FROM financial_transaction WHERE redundant", 6),
    "monitor-approvals": (
        {"hours": "24", "escalation_role": "ADJ-HEAD"},
        2,
        "SELECT count(*) FROM approval_level WHERE escalated",
        3,
    ),
    "run-gl": ({}, 2, "SELECT coalesce(sum(ft_count), 0) FROM gl_chunk", 9),
    "extract-checks": ({}, 1, "SELECT count(*) FROM check_request WHERE status = 'EXTRACTED'", 3),
    "pay-in": ({"tender_source": "LOCKBOX"}, 2, "SELECT count(*) FROM payment", 3),
    "seal-day": ({}, 1, "SELECT count(*) FROM seal", 1),
}
READS_OR_NOTES = {"verify", "import-dry-run", "age-debt", "send-mail"}
"""These write no chunk: a picture of debts at once, and e-mails, which are tried elsewhere."""


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """Three customers with something for each job, half a year later."""
    made = an_office(database_url)
    for number in range(3):
        account = an_account(made, f"Customer {number}", mailing_address="18 Oak Lane")
        for minor in (1000, -1000):
            add(made, account, "CONVERSION", minor)
        add(made, account, "REFUNDAP", 700)
        submitted(made, account, "20.00")
    made.clock.advance(days=190)
    for code, job in (("ADJMASS", "adjust-in-mass"), ("REDSAAMT", "mark-redundant"), ("APRTMOUT", "monitor-approvals")):
        set_up(made, batch_control=[{"code": code, "job": job, "chunk_size": 2}])
    yield made
    made.close()


def add(ledger: Ledger, account: AnAccount, adjustment_type: str, minor: int) -> None:
    arrears = ledger.clock.business_date() if minor == 1000 else None
    adjustment = AddAdjustment(
        sa_id=account.sa["ELEC"],
        adjustment_type=adjustment_type,
        amount=Money(minor, "USD"),
        arrears_date=arrears,
    )
    ledger.do(adjustment, "system")


def killed_at(commit: int, ledger: Ledger, kind: str, given: dict[str, str], machine: Machine) -> None:
    """Run a job in a program of its own, which dies as it is about to commit."""
    user_id = ledger.people["olga" if kind != "seal-day" else "sue"]
    ledger.database.close()
    child = os.fork()
    if child == 0:
        try:
            _die_at(commit)
            door = Door(Database(ledger.url), "COUNTER-1", ledger.clock)
            run_here(door, kind, given, run_id=RUN, user_id=user_id, machine=machine)
        finally:
            os._exit(1)  # it should have been killed
    _, ended = os.waitpid(child, 0)
    ledger.database.connect()
    assert os.WIFSIGNALED(ended), "it came to its end"


def _die_at(commit: int) -> None:
    left = commit
    whole = Door._end

    def end(door: Door, store: Any, *, commit: bool) -> None:
        nonlocal left
        left -= commit
        if commit and not left:
            store.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        whole(door, store, commit=commit)

    Door._end = end  # type: ignore[method-assign]


def test_every_job_is_tried() -> None:
    assert set(JOBS_THAT_WRITE) | READS_OR_NOTES == set(JOBS)


@pytest.mark.parametrize("kind", JOBS_THAT_WRITE)
def test_a_kill_leaves_no_half_and_the_run_goes_on(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    given, commit, question, wanted = JOBS_THAT_WRITE[kind]
    machine = Machine(files=tmp_path / "files", processes=False)
    if kind == "pay-in":
        file = tmp_path / "bank.csv"
        numbers = [number for (number,) in ledger.rows("SELECT number FROM account ORDER BY id DESC LIMIT 3")]
        file.write_text("external_id,amount\n" + "".join(f"{number},1.00\n" for number in numbers), encoding="utf-8")
        given = given | keep_file(machine.files, file)
    before = ledger.value(question)
    killed_at(commit, ledger, kind, given, machine)
    assert ledger.value(question) == before, "nothing of the chunk is there"
    assert verify(ledger.database).ok
    cursor = ledger.database.connection.cursor()
    cursor.execute("UPDATE batch_run SET seen_at = seen_at - 61")
    ledger.database.connection.commit()
    user_id = ledger.people["olga" if kind != "seal-day" else "sue"]
    assert do_run(ledger.door, RUN, user_id, machine=machine).status == "FINISHED"
    assert ledger.value(question) == wanted
