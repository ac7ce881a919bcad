"""What customers dispute and what covers each other, on open-item accounts (S1 p.62; R billing 8.5 and 18)."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.accounting.company_debt import take_picture
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.kernel.reading import reading
from cashier_app.services.matching.match_events import (
    AddToMatchEvent,
    CancelMatchEvent,
    CreateMatchEvent,
    DisputeMatchEvent,
    EndDispute,
    RemoveFromMatchEvent,
)
from cashier_app.services.payments.cancellation import CancelPayment
from cashier_app.services.queries.accounts import account_at_a_glance
from cashier_app.services.queries.company_debt import company_debt
from cashier_app.services.verifying import verify
from tests.builders import a_charge, an_account, an_open_drawer, paid

TODAY = date(2026, 1, 5)
OLD, YOUNG = date(2025, 11, 16), date(2025, 12, 14)
"""50 and 22 days old."""


@pytest.fixture
def shop(ledger):
    """An open-item customer who owes electricity of two days."""
    account = an_account(ledger, "Tea House", owing={"ELEC": ""}, customer_class="COM")
    for amount, day in (("100.00", OLD), ("40.00", YOUNG)):
        a_charge(ledger, account.sa["ELEC"], amount, day)
    return account


def fts(ledger, account):
    """Keys of its transactions, oldest first."""
    return [key for (key,) in ledger.rows(f"SELECT id FROM financial_transaction WHERE sa_id = {account.sa['ELEC']}")]


def glance(ledger, account):
    with reading(ledger.database, access=EVERYTHING) as store:
        return account_at_a_glance(store, ledger.door.current_config(store), account.id, TODAY)


def grid(ledger, account):
    """Rows of the aged-debt grid, and what is in credit."""
    shown = glance(ledger, account)
    assert shown.aged.total == shown.current_balance
    rows = {f"{piece.kind} {piece.days}": piece.amount for piece in shown.pieces}
    return {**rows, "credit": shown.aged.credit} if shown.aged.credit else rows


def disputed(ledger, account, *ft_ids, reason="Meter was read wrongly"):
    command = CreateMatchEvent(account_id=account.id, ft_ids=ft_ids, dispute=reason)
    return ledger.do(command, "olga").match_event_id


def state_of(ledger, event_id):
    (row,) = ledger.rows(f"SELECT status, disputed FROM match_event WHERE id = {event_id}")
    return row[0], bool(row[1])


def test_a_disputed_charge_does_not_age_and_stays_in_the_balance(ledger, shop):
    old, _young = fts(ledger, shop)
    event = disputed(ledger, shop, old)
    shown = glance(ledger, shop)
    assert shown.current_balance == 14000
    assert (shown.aged.disputed, shown.aged.days_0_30, shown.aged.days_31_60) == (10000, 4000, 0)
    assert shown.proposed_payment == 4000, "nobody is asked for what they dispute"
    assert grid(ledger, shop) == {"AGED 22": 4000, "DISPUTED 0": 10000}
    assert state_of(ledger, event) == ("OPEN", True)
    ledger.do(EndDispute(match_event_id=event), "olga")
    assert grid(ledger, shop) == {"AGED 50": 10000, "AGED 22": 4000}
    ledger.do(DisputeMatchEvent(match_event_id=event, reason="Again"), "olga")
    ledger.do(CancelMatchEvent(match_event_id=event, reason="The meter is right"), "olga")
    assert grid(ledger, shop) == {"AGED 50": 10000, "AGED 22": 4000}
    assert state_of(ledger, event) == ("CANCELED", False)


def test_a_payment_goes_to_what_is_not_disputed(ledger, shop):
    an_open_drawer(ledger)
    old, _young = fts(ledger, shop)
    event = disputed(ledger, shop, old)
    paid(ledger, shop, "40.00")
    assert grid(ledger, shop) == {"DISPUTED 0": 10000}
    paid(ledger, shop, "25.00")
    assert grid(ledger, shop) == {"DISPUTED 0": 10000, "credit": -2500}
    ledger.do(CancelMatchEvent(match_event_id=event, reason="Not justified"), "olga")
    assert grid(ledger, shop) == {"AGED 22": 4000, "AGED 50": 3500}, "the credit covers the oldest debt first again"


def test_matched_transactions_do_not_age_and_unmatched_ones_pay_the_oldest(ledger, shop):
    """The payment was for the younger bill: the older one keeps its age only when they are matched."""
    an_open_drawer(ledger)
    paid(ledger, shop, "40.00")
    assert grid(ledger, shop) == {"AGED 50": 6000, "AGED 22": 4000}
    _old, young, payment = fts(ledger, shop)
    opened = ledger.do(CreateMatchEvent(account_id=shop.id, ft_ids=(young,)), "olga")
    assert opened.status == "OPEN"
    assert grid(ledger, shop) == {"AGED 50": 6000, "AGED 22": 4000}, "an open event changes nothing"
    event = opened.match_event_id
    assert ledger.do(AddToMatchEvent(match_event_id=event, ft_ids=(payment,)), "olga").status == "BALANCED"
    assert grid(ledger, shop) == {"AGED 50": 10000}
    assert ledger.do(RemoveFromMatchEvent(match_event_id=event, ft_ids=(payment,)), "olga").status == "OPEN"
    assert grid(ledger, shop) == {"AGED 50": 6000, "AGED 22": 4000}


def test_a_canceled_payment_opens_what_it_had_covered(ledger, shop):
    an_open_drawer(ledger)
    taken = paid(ledger, shop, "40.00")
    _old, young, payment = fts(ledger, shop)
    event = ledger.do(CreateMatchEvent(account_id=shop.id, ft_ids=(young, payment)), "olga").match_event_id
    ledger.do(CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR"), second="sue")
    assert state_of(ledger, event) == ("OPEN", False)
    assert grid(ledger, shop) == {"AGED 50": 10000, "AGED 22": 4000}


def test_a_disputed_charge_that_is_canceled_ends_the_dispute(ledger, shop):
    old, young = fts(ledger, shop)
    event = disputed(ledger, shop, old, young)
    charges = [key for (key,) in ledger.rows("SELECT source_id FROM financial_transaction ORDER BY id")]
    ledger.do(CancelAdjustment(adjustment_id=charges[0], reason="MISTAKE"), "olga")
    assert (state_of(ledger, event), grid(ledger, shop)) == (("OPEN", True), {"DISPUTED 0": 4000})
    ledger.do(CancelAdjustment(adjustment_id=charges[1], reason="MISTAKE"), "olga")
    assert (state_of(ledger, event), grid(ledger, shop)) == (("CANCELED", False), {})


def test_a_credit_settles_the_dispute_it_was_given_for(ledger, shop):
    old, _young = fts(ledger, shop)
    event = disputed(ledger, shop, old)
    a_charge(ledger, shop.sa["ELEC"], "-100.00", None)
    (*_, credit) = fts(ledger, shop)
    added = ledger.do(AddToMatchEvent(match_event_id=event, ft_ids=(credit,)), "olga")
    assert (added.status, added.disputed) == ("OPEN", True)
    assert grid(ledger, shop) == {"AGED 22": 4000}
    assert ledger.do(EndDispute(match_event_id=event), "olga").status == "BALANCED"
    assert grid(ledger, shop) == {"AGED 22": 4000}


def test_the_company_is_owed_what_is_disputed_and_it_has_no_age(ledger, shop):
    old, young = fts(ledger, shop)

    def asked():
        with reading(ledger.database, access=EVERYTHING) as store:
            (debt,) = company_debt(store, ledger.door.current_config(store), TODAY)
        assert debt.buckets.total == debt.owed + debt.credit
        return {f"{row.kind} {row.days}": row.amount for row in debt.rows}, debt.buckets.disputed, debt.owed

    before = {"AGED 50": 10000, "AGED 22": 4000}, 0, 14000
    in_dispute = {"AGED 22": 4000, "DISPUTED 0": 10000}, 10000, 14000
    take_picture(ledger.database, ledger.clock.now())
    assert asked() == before
    event = disputed(ledger, shop, old)
    assert asked() == in_dispute
    take_picture(ledger.database, ledger.clock.now())
    assert asked() == in_dispute
    ledger.do(CancelMatchEvent(match_event_id=event, reason="Not justified"), "olga")
    assert asked() == before
    disputed(ledger, shop, young)
    assert verify(ledger.database).ok


def test_what_cannot_be_matched_is_refused_and_changes_nothing(ledger, shop):
    old, young = fts(ledger, shop)
    home = an_account(ledger, owing="5.00")
    taken_back = a_charge(ledger, shop.sa["ELEC"], "7.00")
    ledger.do(CancelAdjustment(adjustment_id=taken_back, reason="MISTAKE"), "olga")
    event = disputed(ledger, shop, young)
    before = ledger.rows("SELECT id, status, disputed FROM match_event"), grid(ledger, shop)
    (*_, canceled, reversal) = fts(ledger, shop)
    a_charge(ledger, shop.sa["ELEC"], "-30.00", None)
    (*_, credit) = fts(ledger, shop)
    for command, code in (
        (CreateMatchEvent(account_id=home.id, ft_ids=tuple(fts(ledger, home))), "MAT-002"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=()), "MAT-003"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=tuple(fts(ledger, home))), "MAT-004"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=(young,)), "MAT-004"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=(canceled,)), "MAT-004"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=(reversal,)), "MAT-004"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=(credit,), dispute="No"), "MAT-006"),
        (CreateMatchEvent(account_id=shop.id, ft_ids=(old,), dispute=" "), "MAT-007"),
        (AddToMatchEvent(match_event_id=1, ft_ids=(old,)), "MAT-001"),
        (RemoveFromMatchEvent(match_event_id=event, ft_ids=(young,)), "MAT-003"),
        (RemoveFromMatchEvent(match_event_id=event, ft_ids=(old,)), "MAT-003"),
        (CancelMatchEvent(match_event_id=event, reason=" "), "MAT-007"),
    ):
        assert ledger.refusal(command, "olga") == code, command
    assert ledger.refusal(CreateMatchEvent(account_id=shop.id, ft_ids=(old,)), "ann") == "SEC-003"
    a_charge(ledger, shop.sa["ELEC"], "30.00", None)
    assert (ledger.rows("SELECT id, status, disputed FROM match_event"), grid(ledger, shop)["AGED 50"]) == (
        before[0],
        7000,
    )


def test_what_has_ended_stays_as_it_was(ledger, shop):
    old, young = fts(ledger, shop)
    event = disputed(ledger, shop, old)
    ledger.do(CancelMatchEvent(match_event_id=event, reason="Not justified"), "olga")
    assert ledger.refusal(AddToMatchEvent(match_event_id=event, ft_ids=(young,)), "olga") == "MAT-005"
    assert ledger.refusal(CancelMatchEvent(match_event_id=event, reason="Again"), "olga") == "MAT-005"
    assert ledger.refusal(EndDispute(match_event_id=event), "olga") == "MAT-006"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE service_agreement SET disputed_balance = 1 WHERE id = {sa}", "keeps 1 as disputed"),
        ("UPDATE match_event SET status = 'BALANCED', disputed = {false}", "is balanced; on agreement"),
        ("UPDATE match_event SET status = 'CANCELED', disputed = {false}", "only a canceled one empty"),
        ("UPDATE service_agreement SET matched_mark = NULL", "does not say since when"),
    ],
)
def test_verify_finds_what_does_not_fit(ledger, shop, damage, said):
    disputed(ledger, shop, fts(ledger, shop)[0])
    ledger.unchecked = True
    false = "FALSE" if ledger.database.dialect == "postgresql" else "0"
    with ledger.database.lock:
        ledger.database.connection.execute(damage.format(sa=shop.sa["ELEC"], false=false))
    assert any(said in problem.sentence for problem in verify(ledger.database).problems)
