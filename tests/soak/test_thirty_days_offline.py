"""A branch may stay cut off for thirty days, and sends what it took over a line that fails all the time (P9)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cashier_app.domain.clock import FixedClock, SystemClock
from cashier_app.domain.money import Money
from cashier_app.interfaces.throwaway_postgresql import throwaway_postgresql
from cashier_app.services.administration.branch_link import require_nothing_unsent
from cashier_app.services.branches import exchange
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.branches.exchange import Exchange, LineDown
from cashier_app.services.cashiering.deposit_controls import OpenDepositControl
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.cashiering.drawer_counts import Counted
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.verifying import verify_machines
from cashier_app.sync.enrolling import BranchFiles, close_exchange, link_facts
from cashier_app.sync.http_line import HttpLine, Patience, Wire
from tests.branches.town import teller
from tests.builders import OPEN_LEDGERS, usd
from tests.soak.failing_line import FailingLine, failing_line
from tests.soak.places import an_office, enrolled, invite, source_of
from tests.soak.servers import a_server

BRANCH = "BRANCH-7"
SHARE = 0.3
"""Of requests that fail."""
PATIENCE, LITTLE_PATIENCE = 1.5, 0.5
"""Seconds for which the branch waits for an answer; less of it in the ordinary tests."""
PROGRAM_LIVES = 25
"""Steps after which the program is closed and started again: the drain goes on where it was."""

pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(autouse=True)
def _no_ledger_stays_open() -> Iterator[None]:
    yield
    OPEN_LEDGERS.clear()


@pytest.mark.parametrize(
    ("days", "payments"),
    [
        pytest.param(3, 20, marks=pytest.mark.slow),
        pytest.param(30, 667, marks=[pytest.mark.soak, pytest.mark.postgresql]),
    ],
)
def test_what_was_taken_offline_arrives_once(days: int, payments: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tmp_path.chmod(0o755)
    if days < 30:  # few payments, but as many requests
        monkeypatch.setattr(exchange, "MOST_ENTRIES", 5)
    with _ledger_of_the_server(tmp_path, small=days < 30) as url:
        office = an_office(url, accounts=200 if days > 3 else 8)
        code, people = invite(office, BRANCH), dict(office.people)
        office.close()
        with a_server(url, tmp_path / "server") as server:
            path = tmp_path / f"{BRANCH}.db"
            enrolled(server.url, code, path)
            since = time.monotonic()
            taken = _work_offline(path, people, days, payments)
            worked = time.monotonic() - since
            database = Database(str(path))
            with pytest.raises(Exception, match="BR-005"):
                require_nothing_unsent(database, "update")
            patience = LITTLE_PATIENCE if days < 30 else PATIENCE
            with failing_line(server.url, share=SHARE, patience=patience, seed=days) as line:
                since = time.monotonic()
                down = _drain(path, line, patience)
                drained = time.monotonic() - since
            require_nothing_unsent(database, "update")
            _hold_against_each_other(url, database, taken)
            print(  # noqa: T201  # the figures of the run
                f"\n{days} days offline: {len(taken)} payments taken in {worked:.0f} s, sent in {drained:.0f} s "
                f"({len(taken) / drained:.0f}/s) over a line that failed {line.share_spoiled:.0%} of "
                f"{line.fates.total()} requests ({down} times without an answer: "
                f"{ {str(fate): number for fate, number in line.fates.items()} }); 0 lost, 0 doubled"
            )


@contextmanager
def _ledger_of_the_server(folder: Path, *, small: bool) -> Iterator[str]:
    if small:
        yield f"sqlite:///{folder / 'server.db'}"
    else:
        with throwaway_postgresql(durable=True) as url:
            yield url


def _work_offline(path: Path, people: dict[str, int], days: int, payments: int) -> list[int]:
    """A new drawer each day, balanced each evening; returns the amounts that were taken."""
    choice = random.Random(payments)
    clock = FixedClock(datetime.now(UTC) - timedelta(days=days))
    database = Database(str(path))
    door = Door(database, BRANCH, clock)
    accounts = [row[0] for row in database.connection.execute(_ACCOUNTS)]
    user_id, taken = people[teller(BRANCH)], []
    door.execute(OpenDepositControl(), user_id=people["sue"])
    for _ in range(days):
        opened = door.execute(
            OpenTenderControl(tender_source=source_of(BRANCH), starting_balance=usd("100.00")), user_id=user_id
        )
        control, today = opened.result.tender_control_id, []
        for _ in range(payments):
            clock.advance(seconds=40)
            amount = Money(choice.randint(1, 9000), "USD")
            tenders = (TenderIn(tender_type="CASH", amount=amount),)
            door.execute(TakePayment(payor_account_id=choice.choice(accounts), tenders=tenders), user_id=user_id)
            today.append(amount.minor)
        count = (Counted(tender_type="CASH", amount=Money(10_000 + sum(today), "USD")),)
        for command in (
            StartBalancing(tender_control_id=control),
            CountDrawer(tender_control_id=control, count=count),
            BalanceDrawer(tender_control_id=control),
        ):
            door.execute(command, user_id=user_id)
        taken += today
        clock.advance(seconds=86_400 - 40 * payments)
    database.close()
    return taken


def _drain(path: Path, line: FailingLine, patience: float) -> int:
    """Exchange until there is nothing more to do, through program starts and failures; returns how many there were."""
    failures, more = 0, True
    while more:
        program = _exchange(path, line, patience)
        for _ in range(PROGRAM_LIVES):
            try:
                more = program.step().more
            except LineDown:
                failures += 1
            if not more:
                break
        close_exchange(program)
    return failures


def _exchange(path: Path, line: FailingLine, patience: float) -> Exchange:
    """As the program opens it, but by way of the line that fails."""
    database = Database(str(path))
    link = link_facts(database)
    assert link is not None
    files = BranchFiles.of(str(path))
    wire = Wire(line.url, files.trust, Patience(silence=patience))
    return Exchange(database, HttpLine(wire, link.device_id, DeviceKey.load(files.key)), SystemClock())


def _hold_against_each_other(url: str, branch: Database, taken: list[int]) -> None:
    server = Database(url)
    compared = verify_machines(server, [branch])
    assert compared.ok, compared
    for database in (server, branch):
        cursor = database.connection.cursor()
        found = cursor.execute(_TAKEN).fetchone()
        assert (int(found[0]), int(found[1])) == (len(taken), sum(taken))
    cursor = server.connection.cursor()
    assert cursor.execute("SELECT count(*) FROM payment WHERE status <> 'FROZEN'").fetchone() == (0,)
    server.close()
    branch.close()


_TAKEN = "SELECT count(*), sum(t.amount) FROM tender t JOIN payment_event e ON e.id = t.event_id WHERE e.kind = 'CIS'"
_ACCOUNTS = (
    "SELECT id FROM account WHERE currency = 'USD' AND id IN (SELECT account_id FROM service_agreement "
    "WHERE sa_type = 'ELEC') ORDER BY id"
)
