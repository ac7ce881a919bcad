"""Odd orders of corrections: nothing is lost, doubled, or moved by somebody who may not (R payments 1, 2)."""

from __future__ import annotations

from typing import Any

from cashier_app.domain.money import Money
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.distribution import Finish, PaymentIn, SegmentIn
from cashier_app.services.payments.event_editing import (
    AddPayments,
    AddTender,
    DeleteEvent,
    DistributeEvent,
    FreezeEvent,
    PlaceSegments,
    RemoveTender,
)
from cashier_app.services.payments.taking import TakePayment, TenderIn
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    Ledger,
    a_charge,
    a_payment,
    a_user,
    an_account,
    an_open_drawer,
    balances_of,
    cash,
    check,
    codes_of,
    paid,
    usd,
)
from tests.services.provoking import all_to, close, loaded


class TestCancelInOddOrders:
    def test_a_transferred_payment_is_transferred_again_and_its_tender_bounces_once(self, ledger: Ledger):
        first, second, third = (an_account(ledger, name, owing="50.00") for name in ("A One", "B Two", "C Three"))
        an_open_drawer(ledger)
        taken = ledger.do(a_payment(first, check("50.00")))
        key = taken.payments[0].payment_id
        for target in (second, third):
            moved = TransferPayment(payment_id=key, targets=all_to(target, "50.00"), reason="WRONG")
            key = ledger.do(moved, "sue").new_payment_ids[0]
        assert [balances_of(ledger, each)["ELEC"] for each in (first, second, third)] == [5000, 5000, 0]
        ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")
        assert [balances_of(ledger, each)["ELEC"] for each in (first, second, third)] == [6750, 5000, 5000]

    def test_a_tender_canceled_after_its_payment_takes_nothing_back_twice(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        control = an_open_drawer(ledger)
        taken = paid(ledger, account, "20.00")
        outcome = ledger.outcome(CancelPayment(payment_id=taken.payments[0].payment_id, reason="ERROR"), "sue")
        assert codes_of(outcome.warnings) == ["PAY-003"]
        ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="ERROR"), "sue")
        assert balances_of(ledger, account) == {"ELEC": 5000}
        close(ledger, control, "100.00")

    def test_a_bounced_check_costs_one_fee_however_its_cash_back_is_canceled(self, ledger: Ledger):
        account = an_account(ledger, owing="51.25")
        an_open_drawer(ledger)
        taken = ledger.do(a_payment(account, check("64.00"), paying="51.25"))
        ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF"), "sue")
        again = ledger.do(CancelTender(tender_id=taken.tender_ids[1], reason="NSF"), "sue")
        assert [charge.amount for charge in again.charges] == [usd("12.75")]
        assert balances_of(ledger, account) == {"ELEC": 5125 + 1750 + 1275}
        assert ledger.value("SELECT count(*) FROM credit_rating_entry") == 1

    def test_cash_that_went_out_with_a_bounced_check_is_never_forgotten(self, ledger: Ledger):
        account = an_account(ledger, owing="9.00")
        an_open_drawer(ledger)
        taken = ledger.do(a_payment(account, check("20.00"), paying="9.00"))
        installation = {"name": "Oakfield", "currency": "USD", "cash_back_adjustment_type": ""}
        assert loaded(ledger, installation=[installation]) == ""
        ledger.do(CancelTender(tender_id=taken.tender_ids[0], reason="NSF", all_tenders=True), "sue")
        items = ledger.rows("SELECT to_do_type, text FROM to_do")
        assert [kind for kind, _ in items] == ["NSF-CASH-BACK"]
        assert "11.00 USD" in items[0][1]

    def test_what_was_transferred_for_review_freezes_though_the_drawer_is_closed(self, ledger: Ledger):
        wrong, right = an_account(ledger, "A One", owing="50.00"), an_account(ledger, "B Two", owing="50.00")
        control = an_open_drawer(ledger)
        taken = paid(ledger, wrong, "20.00")
        close(ledger, control, "120.00")
        moved = TransferPayment(
            payment_id=taken.payments[0].payment_id, targets=all_to(right, "20.00"), reason="WRONG", freeze=False
        )
        ledger.do(moved, "olga")
        ledger.do(FreezeEvent(event_id=taken.event_id), "olga")
        assert (balances_of(ledger, wrong), balances_of(ledger, right)) == ({"ELEC": 5000}, {"ELEC": 3000})

    def test_another_bank_is_charged_only_for_what_is_canceled(self, ledger: Ledger):
        account = an_account(ledger, owing="137.30")
        an_open_drawer(ledger)
        taken = ledger.do(a_payment(account, cash("41.00"), check("96.30")))
        cancel = CancelTender(tender_id=taken.tender_ids[1], reason="NSF", bank_account="LBX")
        assert ledger.refusal(cancel, "sue") == "PAY-128"
        whole = CancelTender(tender_id=taken.tender_ids[1], reason="NSF", bank_account="LBX", all_tenders=True)
        ledger.do(whole, "sue")
        cash_lines = "SELECT distribution_code, sum(amount) FROM gl_line WHERE distribution_code LIKE 'CASH%'"
        sums = dict(ledger.rows(f"{cash_lines} GROUP BY distribution_code"))
        assert sums == {"CASH-MAIN": 13730, "CASH-LBX": -13730}

    def test_a_bank_of_another_currency_is_not_charged(self, ledger: Ledger):
        an_open_drawer(ledger)
        taken = ledger.do(a_payment(an_account(ledger, owing="9.00"), check("9.00")))
        cancel = CancelTender(tender_id=taken.tender_ids[0], reason="ERROR", bank_account="EUR")
        assert ledger.refusal(cancel, "sue") == "PAY-042"

    def test_two_parts_for_one_account_are_not_placed_on_the_same_debt(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        other = an_account(ledger, "B Two", owing="50.00")
        an_open_drawer(ledger)
        taken = paid(ledger, account, "20.00")
        twice = (*all_to(other, "10.00"), *all_to(other, "10.00"))
        key = taken.payments[0].payment_id
        assert ledger.refusal(TransferPayment(payment_id=key, targets=twice, reason="WRONG"), "sue") == "PAY-105"
        ledger.do(CancelPayment(payment_id=key, reason="ERROR"), "sue")
        assert ledger.refusal(AddPayments(event_id=taken.event_id, payments=twice)) == "PAY-105"


class TestSegmentsByHand:
    def test_none_goes_against_the_payment_or_is_in_another_currency(self, ledger: Ledger):
        account = an_account(ledger, owing={"ELEC": "50.00", "GAS": "50.00"})
        other = an_account(ledger, "B Two", owing="50.00")
        an_open_drawer(ledger)
        against = (
            SegmentIn(sa_id=account.sa["ELEC"], amount=usd("30.00")),
            SegmentIn(sa_id=account.sa["GAS"], amount=usd("-10.00")),
        )
        payment = PaymentIn(account_id=account.id, amount=usd("20.00"), segments=against)
        take = TakePayment(payor_account_id=account.id, tenders=(cash("20.00"),), payments=(payment,))
        assert ledger.refusal(take) == "PAY-032"
        taken = paid(ledger, account, "20.00")
        yen = (SegmentIn(sa_id=other.sa["ELEC"], amount=Money.of("2000", "JPY")),)
        target = PaymentIn(account_id=other.id, amount=usd("20.00"), segments=yen)
        moved = TransferPayment(payment_id=taken.payments[0].payment_id, targets=(target,), reason="WRONG")
        assert ledger.refusal(moved, "sue") == "PAY-107"


class TestWhoMay:
    def test_nobody_works_in_events_of_somebody_else_s_drawer(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        an_open_drawer(ledger)
        an_open_drawer(ledger, "bob")
        waits = ledger.do(a_payment(account, cash("5.00"), finish=Finish.DISTRIBUTE))
        placed = (SegmentIn(sa_id=account.sa["ELEC"], amount=usd("5.00")),)
        for attempt in (
            DeleteEvent(event_id=waits.event_id),
            RemoveTender(tender_id=waits.tender_ids[0]),
            AddTender(event_id=waits.event_id, payor_account_id=account.id, tender=cash("1.00")),
            PlaceSegments(payment_id=waits.payments[0].payment_id, segments=placed),
            FreezeEvent(event_id=waits.event_id),
        ):
            for stranger in ("bob", "olga"):
                assert ledger.refusal(attempt, stranger) == "TC-003"
        ledger.do(FreezeEvent(event_id=waits.event_id), "sue")

    def test_hands_off_one_s_own_account_whichever_way(self, ledger: Ledger):
        own, other = an_account(ledger, "A Own", owing="50.00"), an_account(ledger, "B Two", owing="50.00")
        a_user(ledger, "eve", "CASHIER", "BACKOFFICE", "SUPERVISOR", own_accounts=(own.id,))
        an_open_drawer(ledger)
        tender = cash("5.00", payor_account_id=own.id)
        take = TakePayment(payor_account_id=other.id, tenders=(tender,))
        assert ledger.refusal(take, "eve") == "SEC-030"
        waits = ledger.do(a_payment(own, cash("5.00"), finish=Finish.DISTRIBUTE))
        elsewhere = ledger.do(a_payment(other, cash("5.00"), finish=Finish.DISTRIBUTE))
        placed = (SegmentIn(sa_id=own.sa["ELEC"], amount=usd("5.00")),)
        fee = a_charge(ledger, own.sa["ELEC"], "3.00")
        for attempt in (
            FreezeEvent(event_id=waits.event_id),
            DistributeEvent(event_id=waits.event_id),
            DeleteEvent(event_id=waits.event_id),
            PlaceSegments(payment_id=waits.payments[0].payment_id, segments=placed),
            AddTender(event_id=elsewhere.event_id, payor_account_id=own.id, tender=cash("1.00")),
            CancelAdjustment(adjustment_id=fee, reason="MISTAKE"),
        ):
            assert ledger.refusal(attempt, "eve") == "SEC-030"

    def test_nobody_signs_for_their_own_account_either(self, ledger: Ledger):
        own = an_account(ledger, "A Own", owing="50.00")
        a_user(ledger, "eve", "SUPERVISOR", own_accounts=(own.id,))
        an_open_drawer(ledger)
        cancel = CancelTender(tender_id=paid(ledger, own, "5.00").tender_ids[0], reason="ERROR")
        assert ledger.refusal(cancel, second="eve") == "SEC-030"

    def test_what_one_took_oneself_two_transfer(self, ledger: Ledger):
        wrong, right = an_account(ledger, "A One", owing="50.00"), an_account(ledger, "B Two", owing="50.00")
        an_open_drawer(ledger, "sue", source="CASH-A01")
        taken = paid(ledger, wrong, "20.00", "sue")
        moved = TransferPayment(payment_id=taken.payments[0].payment_id, targets=all_to(right, "20.00"), reason="WRONG")
        assert ledger.refusal(moved, "sue") == "SEC-010"
        ledger.do(moved, "sue", second="stan")

    def test_the_owner_of_a_drawer_does_not_receive_from_it(self, ledger: Ledger):
        control = an_open_drawer(ledger, "stan", source="CASH-A01")
        turn_in = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("5.00"))
        key = ledger.do(turn_in, "sue").turn_in_id
        assert ledger.refusal(ReceiveTurnIn(turn_in_id=key), "stan") == "TC-012"

    def test_a_tender_that_is_added_is_asked_what_the_first_one_was(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        an_open_drawer(ledger)
        for _ in range(3):
            bounced = ledger.do(a_payment(account, check("1.00")), confirmed=["PAY-011"])
            ledger.do(CancelTender(tender_id=bounced.tender_ids[0], reason="NSF"), "sue")
        waits = ledger.do(a_payment(account, cash("5.00"), paying="6.00", finish=Finish.DISTRIBUTE))
        how: dict[str, Any] = {"event_id": waits.event_id, "payor_account_id": account.id}
        assert ledger.refusal(AddTender(tender=check("1.00", ""), **how)) == "PAY-102"
        assert ledger.refusal(AddTender(tender=check("1.00"), **how)) == "PAY-011"
        rich = ledger.outcome(AddTender(tender=cash("5000.00"), **how))
        assert codes_of(rich.warnings) == ["PAY-012", "PAY-003"]


class TestGrandTotal:
    """R reliability C8: what became final, once, whatever was tried before and whatever came after."""

    def _total(self, ledger: Ledger) -> list[tuple[Any, ...]]:
        return ledger.rows("SELECT node_id, payment_count, amount_total FROM node_total ORDER BY node_id")

    def test_an_event_that_was_only_prepared_does_not_count(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        an_open_drawer(ledger)
        waits = ledger.do(a_payment(account, cash("5.00"), finish=Finish.DISTRIBUTE))
        ledger.do(AddTender(event_id=waits.event_id, payor_account_id=account.id, tender=cash("3.00")))
        ledger.do(DeleteEvent(event_id=waits.event_id))
        assert self._total(ledger) == []

    def test_a_prepared_event_counts_once_where_it_freezes(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        an_open_drawer(ledger)
        waits = ledger.do(a_payment(account, cash("5.00"), paying="8.00", finish=Finish.DISTRIBUTE))
        ledger.do(AddTender(event_id=waits.event_id, payor_account_id=account.id, tender=cash("3.00")))
        elsewhere = ledger.another_door("COUNTER-2")
        elsewhere.execute(FreezeEvent(event_id=waits.event_id), user_id=ledger.people["ann"])
        assert self._total(ledger) == [(2, 1, 800)]
        ledger.do(CancelPayment(payment_id=waits.payments[0].payment_id, reason="ERROR"), "sue")
        ledger.do(AddPayments(event_id=waits.event_id, payments=all_to(account, "8.00")))
        assert self._total(ledger) == [(2, 1, 800)]

    def test_change_and_cash_back_are_not_taken(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        an_open_drawer(ledger)
        ledger.do(a_payment(account, check("20.00"), paying="9.00"))
        assert self._total(ledger) == [(1, 1, 900)]


def test_a_lockbox_takes_nothing_at_the_counter(ledger: Ledger):
    from cashier_app.services.uploads.bulk_payments import StartBulkPayments  # noqa: PLC0415

    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    start = StartBulkPayments(tender_source="LOCKBOX", file_name="x", digest="d" * 64, count=1, amount=usd("5.00"))
    control = ledger.do(start, "olga").tender_control_id
    tender = TenderIn(tender_type="CASH", amount=usd("5.00"), tender_control_id=control)
    assert ledger.refusal(a_payment(account, tender)) == "TC-004"
