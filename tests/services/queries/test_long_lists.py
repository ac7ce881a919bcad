"""Lists that grow for years are read page by page, by key: nothing twice, nothing left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.queries.adjustments import adjustments_of_account, waiting_adjustments
from cashier_app.services.queries.approvals import approval_logs, decided_requests
from cashier_app.services.queries.check_requests import check_requests
from tests.builders import Ledger, an_account, usd
from tests.services.approvals.office import an_office, approve, reject, submitted
from tests.services.queries.conftest import Ask

TODAY = date(2026, 1, 5)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    made = an_office(database_url)
    yield made
    made.close()


def pages(ask: Ask, query: Callable[..., Any], key: Callable[[Any], int], *arguments: Any) -> list[list[Any]]:
    """Walked in pages of two."""
    found: list[list[Any]] = []
    before = None
    while not found or len(found[-1]) == 2:
        found.append(list(ask(query, *arguments, before=before, limit=2)))
        before = key(found[-1][-1]) if found[-1] else before
    return found


def test_decided_requests_come_newest_first(ledger: Ledger, ask: Ask):
    account = an_account(ledger)
    requests = [submitted(ledger, account, amount) for amount in ("20.00", "30.00", "40.00", "50.00")]
    for request in requests[:2]:
        ledger.do(approve(request), "ben")
    ledger.do(reject(requests[2]), "ben")
    found = pages(ask, decided_requests, lambda row: row.request_id)
    assert [[(row.amount, row.status) for row in page] for page in found] == [
        [(4000, "REJECTED"), (3000, "APPROVED")],
        [(2000, "APPROVED")],
    ]
    logs = ask(approval_logs, [requests[0].request_id, requests[2].request_id])
    assert [note.action for note in logs[requests[2].request_id]] == ["SUBMITTED", "ASKED", "REJECTED"]
    assert ask(approval_logs, []) == {}


def test_adjustments_of_an_account_come_newest_first(ledger: Ledger, ask: Ask):
    account = an_account(ledger)
    fees = [
        ledger.do(
            AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="FEE", amount=usd(amount), finish=finish), "olga"
        ).adjustment_id
        for amount, finish in (("1.00", AdjustmentFinish.ADD), ("2.00", AdjustmentFinish.GENERATE))
    ]
    relief = AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="CUSTREL", amount=usd("-1.00"))
    fees.append(ledger.do(relief, "olga").adjustment_id)
    found = pages(ask, adjustments_of_account, lambda row: row.adjustment_id, account.id, TODAY)
    assert [[row.adjustment_id for row in page] for page in found] == [[fees[2], fees[1]], [fees[0]]]
    assert ask(waiting_adjustments, account.id) == 2


def test_checks_come_newest_first(ledger: Ledger, ask: Ask):
    account = an_account(ledger, owing={"ELEC": "-30.00"}, mailing_address="18 Oak Lane, Oakfield")
    for _ in range(3):
        ledger.do(AddAdjustment(sa_id=account.sa["ELEC"], adjustment_type="REFUNDAP", amount=usd("10.00")), "olga")
    found = pages(ask, check_requests, lambda row: row.request_id)
    keys = [row.request_id for page in found for row in page]
    assert [len(page) for page in found] == [2, 1]
    assert keys == sorted(keys, reverse=True)
