"""A branch's own figures explain themselves, and each part adds up: what is unsent, recorded, booked."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app.domain.figures import FigureKind, figure
from tests.branches.town import a_branch, teller
from tests.builders import a_ledger, an_account, an_open_drawer, paid
from tests.services.figures import AT_A_BRANCH, Walk

TELLER = teller("BRANCH-7")


@pytest.mark.parametrize("most", [1, 7])
def test_every_figure_of_a_branch_is_the_sum_of_its_parts(database_url: str, tmp_path: Path, most: int) -> None:
    """One payment is booked, one went to suspense, two wait for the line."""
    server = a_ledger(database_url)
    account = an_account(server, owing={"ELEC": "84.10", "GAS": "41.25"})
    nobodys = an_account(server, "No Agreements", owing={})
    branch = a_branch(server, tmp_path)
    an_open_drawer(branch, TELLER, source="CASH-BRANCH-7")
    booked = paid(branch, account, "100.00", TELLER)
    suspended = paid(branch, nobodys, "30.00", TELLER)
    branch.meet()
    branch.line.up = False
    for amount in ("5.00", "7.00"):
        paid(branch, account, amount, TELLER)

    walk = Walk(branch, most).all_screens()

    assert walk.wrong == []
    assert walk.kinds >= AT_A_BRANCH
    unsent, parts = walk.known[figure(FigureKind.UNSENT)]
    assert unsent.amount == 2
    assert [part.words.partition(",")[0].partition(" by ")[0] for part in parts] == ["TakePayment", "TakePayment"]
    recorded = walk.known[figure(FigureKind.RECORDED_HERE, account.id)][1]
    assert [part.amount for part in recorded] == [500, 700]
    shares = walk.known[figure(FigureKind.BOOKED, booked.event_id, booked.payments[0].payment_id, 0)][1]
    assert [(part.words, part.amount) for part in shares] == [("Electric", 8410), ("Gas", 1590)]
    first = figure(FigureKind.BOOKED, suspended.event_id, suspended.payments[0].payment_id, 0)
    assert "went to suspense" in walk.known[first][0].reasons[0].words
