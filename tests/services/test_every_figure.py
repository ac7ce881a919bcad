"""Every figure on every screen explains itself: its parts add up to it, down to commands, rules and set-up (H7)."""

from __future__ import annotations

import uuid

import pytest

from cashier_app.domain.clock import FixedClock
from cashier_app.domain.errors import CashierError
from cashier_app.domain.figures import FigureKind, figure, read_figure
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
from cashier_app.services.matching.match_events import CreateMatchEvent
from cashier_app.services.payments.cancellation import CancelPayment
from cashier_app.services.queries.window import journal_heads
from tests.builders import AnAccount, Ledger, a_charge, an_account, an_open_drawer, paid
from tests.services.a_day import play
from tests.services.adjustments.office import changed_type
from tests.services.approvals.office import a_freezable, in_roles
from tests.services.figures import AT_A_BRANCH, Walk
from tests.services.offices import ELSEWHERE, MAY_NOT, MAY_SEE_NORTH, OFFICES, Offices
from tests.services.test_cash_accounting import HOLDING, a_bill


def told(ledger: Ledger, address: str, by: str = "system", after: str = "", most: int = 50) -> Explanation:
    """What a screen would be told; by somebody with their own rights, or by the installation itself."""
    door = ledger.door
    with door.looking(ledger.people[by]) as (store, config):
        actor = door.actor(ledger.people[by], store)
        viewer = Viewer(actor.may, ledger.clock.business_date(), ledger.clock.now(), actor.id)
        return explain(store, config, address, viewer, after, most)


def refusal(ledger: Ledger, address: str, by: str = "system") -> str:
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
    disputing = an_account(ledger, "Tea House", owing="100.00", customer_class="COM")
    a_charge(ledger, disputing.sa["ELEC"], "40.00")
    doubted = ledger.value(f"SELECT max(id) FROM financial_transaction WHERE sa_id = {disputing.sa['ELEC']}")
    ledger.do(CreateMatchEvent(account_id=disputing.id, ft_ids=(doubted,), dispute="Meter was read wrongly"), "olga")
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
    assert walk.kinds == set(FigureKind) - AT_A_BRANCH
    after_a_day.close()


def test_every_kind_has_one_explainer() -> None:
    assert set(explainers()) == set(FigureKind)


# -- in words


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    an_open_drawer(ledger)
    return an_account(ledger, owing="84.10")


def test_a_balance_leads_to_command_rule_set_up_and_books(ledger: Ledger, account: AnAccount) -> None:
    ledger.clock.advance(minutes=1)
    taken = paid(ledger, account, "50.00")
    ledger.clock.advance(minutes=1)
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="WRONG"), second="sue")
    balance = told(ledger, figure(FigureKind.AGREEMENT, account.sa["ELEC"], "current"), "ann")
    assert (balance.amount, [part.amount for part in balance.parts]) == (8410, [5000, -5000, 8410])
    assert "taken back: Wrong customer" in balance.parts[0].words
    back, payment = (told(ledger, part.figure, "ann") for part in balance.parts[:2])
    assert "CancelPayment by Ann" in words(back)
    assert "approved by Sue" in words(back)
    assert "Electric stood at 84.10 USD before it and at 34.10 USD after." in words(payment)
    assert "priority-and-age, as set on 2005-01-01; order: PRIORITY_THEN_AGE" in words(payment)
    assert "Booked: debit 50.00 USD CASH-MAIN, Cash at First City Bank, account 10-1010." in words(payment)
    kinds = {read_figure(reason.figure).kind for reason in payment.reasons if reason.figure}
    assert {FigureKind.COMMAND, FigureKind.RULE, FigureKind.GL_LINE, FigureKind.AGREEMENT} <= kinds
    command = next(reason.figure for reason in payment.reasons if reason.figure.startswith("command:"))
    assert "Asked: " not in words(told(ledger, command, "ann"))
    assert "Asked: tenders = " in words(told(ledger, command, "vera"))
    assert "COUNTER-1" in words(told(ledger, command, "ann"))


def test_what_was_set_up_is_told_as_it_was_then(ledger: Ledger, account: AnAccount) -> None:
    before = max(journal_heads_of(ledger))
    ledger.clock.advance(days=1)
    changed_type(ledger, "adjustment_type", "FEE", description="Another name")
    then = told(ledger, figure(FigureKind.CONTROL, "adjustment_type", "FEE", before), "vera")
    now = told(ledger, figure(FigureKind.CONTROL, "adjustment_type", "FEE", 0), "vera")
    assert "Description: Service fee" in words(then)
    assert "changed since, 1 time(s)" in words(then)
    assert "Description: Another name" in words(now)
    assert refusal(ledger, figure(FigureKind.CONTROL, "user_group", "CASHIER", 0), "vera") == "SEC-003"


def journal_heads_of(ledger: Ledger) -> list[int]:
    with ledger.door.looking(None) as (store, _):
        return list(journal_heads(store).values())


def test_what_is_owed_at_each_age_leads_to_its_charges(ledger: Ledger, account: AnAccount) -> None:
    a_charge(ledger, account.sa["ELEC"], "20.00", arrears_date=None)
    paid(ledger, account, "60.00")
    old = told(ledger, figure(FigureKind.DEBT, "account", account.id, "days_31_60"))
    assert (old.amount, [part.amount for part in old.parts]) == (2410, [2410])
    assert "what is left of 84.10 USD" in old.parts[0].words
    new = told(ledger, figure(FigureKind.DEBT, "account", account.id, "new"))
    assert (new.amount, new.parts[0].words) == (2000, "Electric: not billed yet")


def test_what_is_disputed_leads_to_what_the_customer_does_not_accept(ledger: Ledger) -> None:
    shop = an_account(ledger, "Tea House", owing="84.10", customer_class="COM")
    charge = int(ledger.value("SELECT id FROM financial_transaction"))
    a_charge(ledger, shop.sa["ELEC"], "-30.00", None)
    ledger.do(CreateMatchEvent(account_id=shop.id, ft_ids=(charge,), dispute="Nobody was there."), "olga")
    disputed = told(ledger, figure(FigureKind.DEBT, "account", shop.id, "disputed"))
    assert (disputed.amount, disputed.parts[0].words) == (8410, "In dispute: Nobody was there.")
    assert disputed.parts[0].figure == figure(FigureKind.TRANSACTION, charge, "current")
    total = told(ledger, figure(FigureKind.DEBT, "account", shop.id, "total"))
    assert (total.amount, [part.amount for part in total.parts]) == (5410, [8410, -3000])
    piece = told(ledger, figure(FigureKind.DEBT_PIECE, "agreement", shop.sa["ELEC"], "DISPUTED", 0))
    assert (piece.amount, piece.title) == (8410, "Debt in dispute: Electric")
    for which, amount in (("DISPUTED", 8410), ("owed", 8410), ("credit", -3000), ("agreements", 1)):
        company = told(ledger, figure(FigureKind.COMPANY_DEBT, "USD", which, 0, 0))
        assert (company.amount, sum(part.amount for part in company.parts)) == (amount, amount), which


def test_a_long_history_is_turned_page_by_page(ledger: Ledger, account: AnAccount) -> None:
    for _ in range(5):
        paid(ledger, account, "1.00")
    address = figure(FigureKind.AGREEMENT, account.sa["ELEC"], "payoff")
    first = told(ledger, address, most=4)
    assert (sum(part.amount for part in first.parts), first.rest, first.amount) == (-400, 8310, 7910)
    second = told(ledger, address, after=first.next, most=4)
    assert ([part.amount for part in second.parts], second.rest, second.next) == ([-100, 8410], 0, "")
    for wrong in ("x", "1,2,3", first.next + "0x"):
        with pytest.raises(CashierError, match="EXP-001"):
            told(ledger, address, after=wrong)


def test_a_running_balance_is_the_sum_of_what_had_happened_by_then(ledger: Ledger) -> None:
    an_open_drawer(ledger)
    account = an_account(ledger, owing={"GAS": "10.00", "ELEC": "74.10"})
    for _ in range(3):
        paid(ledger, account, "1.00")
    then = int(ledger.value("SELECT max(id) FROM financial_transaction"))
    a_charge(ledger, account.sa["GAS"], "20.00")
    first = told(ledger, figure(FigureKind.BALANCE_THEN, then), most=3)
    assert (first.amount, [part.amount for part in first.parts], first.rest) == (8110, [-100, -100, -100], 8410)
    second = told(ledger, first.figure, after=first.next, most=3)
    assert (sorted(part.amount for part in second.parts), second.rest, second.next) == ([1000, 7410], 0, "")
    assert "What happened since changed it by 20.00 USD, to 101.10 USD." in words(first)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("agreement:1:current", "CUS-011"),
        ("ft:1:current", "FT-001"),
        ("balance-then:1", "FT-001"),
        ("ft:1:sideways", "EXP-001"),
        ("agreement:-1:current", "EXP-001"),
        ("agreement:1", "EXP-001"),
        ("nothing:1", "EXP-001"),
        ("day-total:yesterday:USD:CASH-MAIN:debit", "EXP-001"),
        ("rule:NONE@2005-01-01", "CFG-001"),
        ("control:tender_type:NONE:0", "CFG-001"),
        ("batch-run:00:done", "RUN-001"),
        ("x" * 500, "EXP-001"),
    ],
)
def test_what_is_no_figure_is_refused(ledger: Ledger, address: str, code: str) -> None:
    assert refusal(ledger, address) == code


@pytest.mark.parametrize("by", ["ann", "olga"])
def test_what_is_kept_from_somebody_is_not_explained_to_them(ledger: Ledger, by: str) -> None:
    """Ann's drawer is counted blind; Olga looks after no drawers."""
    drawer = an_open_drawer(ledger)
    paid(ledger, an_account(ledger, owing="20.00"), "20.00")
    assert refusal(ledger, figure(FigureKind.DRAWER, drawer, "CASH", "expected"), by) == "SEC-003"
    assert refusal(ledger, figure(FigureKind.DRAWER, drawer, "CASH", "taken"), by) == "SEC-003"
    assert refusal(ledger, figure(FigureKind.DRAWER, drawer, "", "like_cash"), by) == "SEC-003"
    assert told(ledger, figure(FigureKind.DRAWER, drawer, "CASH", "expected"), "sue").amount == 12000


def test_another_offices_customers_are_not_explained(offices: Offices) -> None:
    event, payment = offices.taken.event_id, offices.taken.payments[0].payment_id
    kept = (
        figure(FigureKind.ACCOUNT, offices.north.id, "current"),
        figure(FigureKind.AGREEMENT, offices.north.sa["ELEC"], "payoff"),
        figure(FigureKind.HOLDING, offices.north.sa["ELEC"], "A/R-ELEC"),
        figure(FigureKind.TRANSACTION, offices.ft(), "current"),
        figure(FigureKind.BALANCE_THEN, offices.ft()),
        figure(FigureKind.GL_LINE, offices.ft(), 0),
        figure(FigureKind.DEBT, "account", offices.north.id, "total"),
        figure(FigureKind.DEBT, "agreement", offices.north.sa["ELEC"], "older"),
        figure(FigureKind.CREDIT, offices.north.id, "rating"),
        figure(FigureKind.SHARE, offices.north.id, offices.north.sa["ELEC"], 100),
        figure(FigureKind.EVENT, event, "amount"),
        figure(FigureKind.PAYMENT, payment),
        figure(FigureKind.TENDER, offices.taken.tender_ids[0]),
        figure(FigureKind.ADJUSTMENT, offices.adjustment()),
    )
    for login in OFFICES:
        refusals = {refusal(offices.ledger, address, login) for address in kept}
        assert refusals == ({""} if login in MAY_SEE_NORTH else {ELSEWHERE}), login
    owed = figure(FigureKind.COMPANY_DEBT, "USD", "agreements", 0, 0)
    assert all("Northcote" not in part.words for part in told(offices.ledger, owed, MAY_NOT[0]).parts)
