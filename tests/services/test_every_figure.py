"""Every figure on every screen explains itself: its parts add up to it, down to commands, rules and set-up (H7)."""

from __future__ import annotations

import uuid

import pytest

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import CashierError
from cashier_app.domain.figures import FigureKind
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.approvals.submitting import SubmitForApproval
from cashier_app.services.batch.executing import InThisProcess
from cashier_app.services.batch.redundant_marking import MarkRedundant
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.explaining.explanation import Explanation, Viewer, explain, explainers
from cashier_app.services.general_ledger.running import run_gl
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from tests.builders import Ledger, an_account, paid
from tests.services.a_day import play
from tests.services.adjustments.office import changed_type
from tests.services.approvals.office import a_freezable, in_roles
from tests.services.figures import Walk
from tests.services.test_cash_accounting import HOLDING, a_bill


def told(ledger: Ledger, address: str, by: str = "", after: str = "", most: int = 50) -> Explanation:
    """What a screen would be told; by somebody with their own rights, or by the installation itself."""
    door = ledger.door
    with door.looking(ledger.people[by] if by else 0) as (store, config):
        actor = door.actor(ledger.people[by] if by else 0, store)
        viewer = Viewer(actor.may, ledger.clock.business_date(), ledger.clock.now(), actor.id)
        return explain(store, config, address, viewer, after, most)


def refusal(ledger: Ledger, address: str, by: str = "") -> str:
    try:
        told(ledger, address, by)
    except CashierError as refused:
        return refused.problems[0].code
    return ""


def words(explanation: Explanation) -> str:
    return " ".join(reason.words for reason in explanation.reasons)


# -- all of them


@pytest.fixture
def after_a_day(database_url: str) -> Ledger:
    """A day at the counter, then a run to the general ledger, something to approve, a batch, taxes held."""
    play(database_url)
    clock = FixedClock()
    door = Door(Database(database_url), "COUNTER-1", clock)
    ledger = Ledger(database_url, door, clock)
    ledger.people |= dict(ledger.rows("SELECT login, id FROM app_user"))
    run_gl(door, user_id=ledger.people["olga"])
    ledger.do(from_plain({"tables": HOLDING}, LoadConfiguration), "system")
    changed_type(ledger, "sa_type", "ELEC", payment_ft="PS-CASH")
    taxed = an_account(ledger, "Tom Taxed", owing="")
    a_bill(ledger, taxed, "100.00", tax="8.00")
    paid(ledger, taxed, "54.00", "bob")
    changed_type(ledger, "adjustment_type", "FEE", approval_profile="FEES")
    in_roles(ledger, "sue", "ADJ-LEVEL-1")
    ledger.do(SubmitForApproval(adjustment_id=a_freezable(ledger, taxed, "80.00")), "olga")
    in_credit = an_account(ledger, "Rita Refund", owing="-30.00", mailing_address="1 Back Street")
    ledger.do(AddAdjustment(sa_id=in_credit.sa["ELEC"], adjustment_type="REFUNDAP"), "olga")
    run_in_chunks(
        door,
        "REDSAAMT",
        MarkRedundant(),
        run_id=uuid.uuid4().hex,
        user_id=ledger.people["olga"],
        executor=InThisProcess(),
    )
    return ledger


def test_every_figure_is_the_sum_of_its_parts_and_each_part_is_what_it_says(after_a_day: Ledger) -> None:
    walk = Walk(after_a_day).all_screens()
    assert walk.wrong == []
    assert walk.kinds == set(FigureKind)
    after_a_day.close()


def test_every_kind_has_one_explainer() -> None:
    assert set(explainers()) == set(FigureKind)
