"""P8: whatever is sent to the door ends in success or in a coded refusal, and a refusal changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cashier_app.domain.errors import CashierError, EnvironmentProblem
from cashier_app.services.cashiering.drawer_balancing import StartBalancing
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.commands import catalogue
from cashier_app.services.payments.taking import Finish
from tests.builders import (
    OPEN_LEDGERS,
    PEOPLE,
    Ledger,
    a_ledger,
    a_payment,
    an_account,
    an_open_drawer,
    cash,
    check,
    paid,
)
from tests.checkers import Watch
from tests.checkers import check as check_ledger
from tests.services.hostile import inputs
from tests.support.databases import Databases

EXAMPLES = int(os.environ.get("CASHIER_BAD_INPUTS", "12"))
"""Wrong inputs for each command; 100,000 for each before a release (R reliability P8)."""

_CODE = re.compile(r"[A-Z]+-[A-Z0-9]+")


@dataclass
class Prepared:
    """A ledger with something in every state, and the keys of all of it."""

    ledger: Ledger
    keys: list[int]
    watch: Watch


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.with_schema(Path(tmp_path_factory.mktemp("bad_input"))) as url:
        ledger = a_ledger(url)
        OPEN_LEDGERS.remove(ledger)
        account = an_account(ledger, owing={"ELEC": "500.00", "GAS": "41.25"})
        an_open_drawer(ledger)
        an_open_drawer(ledger, "bob")
        frozen = paid(ledger, account, "5.00")
        loose = ledger.do(a_payment(account, cash("7.00"), check("9.00"), finish=Finish.DISTRIBUTE))
        closing = an_open_drawer(ledger, "cleo")
        ledger.do(StartBalancing(tender_control_id=closing), "cleo")
        keys = [account.id, account.person_id, *account.sa.values(), *ledger.people.values(), closing]
        keys += [frozen.event_id, *frozen.tender_ids, frozen.payments[0].payment_id]
        keys += [loose.event_id, *loose.tender_ids, loose.payments[0].payment_id]
        for table in ("tender_control", "deposit_control", "adjustment"):
            keys += [row[0] for row in ledger.rows(f"SELECT id FROM {table}")]
        yield Prepared(ledger, keys, Watch(ledger.database))
        check_ledger(ledger.url)
        ledger.close()


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_bad_input_gets_a_clear_refusal_and_changes_nothing(name: str, prepared: Prepared):
    handler = catalogue()[name]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="CASHIER_BAD_INPUTS" not in os.environ,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(plain=inputs(handler.command, prepared.keys), by=st.sampled_from(["system", *PEOPLE]))
    def send(plain: object, by: str) -> None:
        ledger = prepared.ledger
        before = prepared.watch.digest()
        refused: CashierError | None = None
        try:
            ledger.outcome(from_plain(plain, handler.command), by)
        except CashierError as refusal:
            refused = refusal
        if refused:
            assert not isinstance(refused, EnvironmentProblem), refused
            assert all(_CODE.fullmatch(problem.code) and problem.sentence for problem in refused.problems)
            assert prepared.watch.digest() == before, "a refusal changes nothing"

    send()
