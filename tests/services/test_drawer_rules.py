"""Drawers: their own movements, counts that are too old, guesses about blind ones, one currency (R payments 2)."""

from __future__ import annotations

from cashier_app.domain.money import Money
from cashier_app.services.cashiering.deposit_controls import BalanceDeposit, StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import (
    BalanceDrawer,
    BookOverUnder,
    CountDrawer,
    ReopenTenderControl,
    ResumeTaking,
    StartBalancing,
)
from cashier_app.services.cashiering.tender_controls import MoveDrawerCash, OpenTenderControl
from cashier_app.services.cashiering.turn_ins import ReceiveTurnIn, TurnInFunds
from cashier_app.services.payments.cancellation import CancelPayment, CancelTender
from cashier_app.services.payments.event_editing import (
    AddPayments,
    DistributeEvent,
)
from cashier_app.services.payments.transfer import TransferPayment
from tests.builders import (
    Ledger,
    a_payment,
    an_account,
    an_open_deposit,
    an_open_drawer,
    cash,
    check,
    counted,
    paid,
    usd,
)
from tests.services.provoking import all_to, close, loaded


class TestOwnMovements:
    """Over/under and pay-in/out: no customer handed anything over."""

    def _over(self, ledger: Ledger) -> tuple[int, int]:
        control = an_open_drawer(ledger)
        ledger.do(StartBalancing(tender_control_id=control))
        ledger.do(CountDrawer(tender_control_id=control, count=counted("150.00")))
        ledger.do(BalanceDrawer(tender_control_id=control, note="found"), "sue")
        return ledger.rows("SELECT p.id, e.id FROM payment p JOIN payment_event e ON e.id = p.event_id")[0]

    def test_a_drawer_that_is_over_is_nobody_s_payment(self, ledger: Ledger):
        friend = an_account(ledger, owing="50.00")
        payment, event = self._over(ledger)
        moved = TransferPayment(payment_id=payment, targets=all_to(friend, "50.00"), reason="WRONG")
        for attempt in (
            moved,
            CancelPayment(payment_id=payment, reason="ERROR"),
            AddPayments(event_id=event, payments=all_to(friend, "50.00")),
            DistributeEvent(event_id=event),
        ):
            assert ledger.refusal(attempt, "stan") == "TC-026"

    def test_a_movement_that_was_counted_is_not_taken_back(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        ledger.do(MoveDrawerCash(tender_control_id=control, reason="PETTY", amount=usd("-8.00"), note="stamps"))
        close(ledger, control, "92.00")
        tender = ledger.value("SELECT id FROM tender")
        assert ledger.refusal(CancelTender(tender_id=tender, reason="ERROR"), "sue") == "TC-024"

    def test_a_drawer_that_only_paid_out_leaves_nothing_to_deposit(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        ledger.do(MoveDrawerCash(tender_control_id=control, reason="PETTY", amount=usd("-8.00"), note="stamps"))
        close(ledger, control, "92.00")
        deposit = ledger.value("SELECT id FROM deposit_control")
        ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
        assert ledger.do(BalanceDeposit(deposit_control_id=deposit), "sue").to_deposit == usd("0.00")

    def test_a_float_that_was_turned_in_with_all_else_is_not_brought_to_the_bank(self, ledger: Ledger):
        """Found by the simulator, seed 2, piece 6: an empty drawer's float was forgotten."""
        control = an_open_drawer(ledger)
        paid(ledger, an_account(ledger, owing="50.00"), "50.00")
        command = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("150.00"))
        ledger.do(ReceiveTurnIn(turn_in_id=ledger.do(command).turn_in_id), "sue")
        close(ledger, control, "0.00")
        deposit = ledger.value("SELECT id FROM deposit_control")
        told = ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue").to_deposit
        assert told == usd("50.00")


class TestCounting:
    def test_a_count_from_before_the_drawer_was_open_again_is_not_accepted(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        control = an_open_drawer(ledger)
        ledger.do(StartBalancing(tender_control_id=control))
        ledger.do(CountDrawer(tender_control_id=control, count=counted("100.00")))
        ledger.clock.advance(minutes=1)
        ledger.do(ResumeTaking(tender_control_id=control))
        paid(ledger, account, "0.50")
        ledger.do(StartBalancing(tender_control_id=control))
        assert ledger.refusal(BalanceDrawer(tender_control_id=control)) == "TC-017"
        ledger.do(CountDrawer(tender_control_id=control, count=counted("100.50")))
        ledger.do(BalanceDrawer(tender_control_id=control))
        ledger.clock.advance(minutes=1)
        ledger.do(ReopenTenderControl(tender_control_id=control, reason="a check was found"), "sue")
        ledger.do(StartBalancing(tender_control_id=control))
        assert ledger.refusal(BalanceDrawer(tender_control_id=control)) == "TC-017"
        notes = ledger.rows("SELECT kind FROM control_note ORDER BY id")
        assert notes == [("RESUMED",), ("REOPENED",)]

    def test_many_small_differences_are_one_large_one(self, ledger: Ledger):
        control = an_open_drawer(ledger, "sue", source="CASH-A01")
        ledger.do(StartBalancing(tender_control_id=control), "sue")
        book = BookOverUnder(tender_control_id=control, tender_type="CASH", reason="coins")
        ledger.do(CountDrawer(tender_control_id=control, count=counted("99.20")), "sue")
        ledger.do(book, "sue")
        ledger.do(CountDrawer(tender_control_id=control, count=counted("98.40")), "sue")
        assert ledger.refusal(book, "sue") == "SEC-010"
        ledger.do(book, "sue", second="stan")

    def test_over_then_reopened_then_found_leaves_no_difference(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        close(ledger, control, "94.00", note="six short")
        ledger.clock.advance(minutes=1)
        ledger.do(ReopenTenderControl(tender_control_id=control, reason="found under the tray"), "sue")
        close(ledger, control, "100.00")
        booked = "SELECT sum(amount) FROM gl_line WHERE distribution_code = 'EXP-OVUN'"
        assert ledger.value(booked) == 0

    def test_a_drawer_whose_next_period_is_open_stays_closed(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        close(ledger, control, "100.00")
        an_open_drawer(ledger)
        reopen = ReopenTenderControl(tender_control_id=control, reason="a check was found")
        assert ledger.refusal(reopen, "sue") == "TC-005"

    def test_a_cashier_who_knows_the_count_cancels_nothing_alone(self, ledger: Ledger):
        an_open_drawer(ledger)
        taken = ledger.do(a_payment(an_account(ledger, owing="9.00"), check("9.00")))
        ledger.do(StartBalancing(tender_control_id=ledger.value("SELECT id FROM tender_control")))
        cancel = CancelTender(tender_id=taken.tender_ids[0], reason="ERROR")
        assert ledger.refusal(cancel) == "SEC-010"
        ledger.do(cancel, second="sue")

    def test_a_float_is_cash(self, ledger: Ledger):
        an_open_deposit(ledger)
        count = (*counted("50.00"), *counted("50.00", "CHEC"))
        assert ledger.refusal(OpenTenderControl(tender_source="CASH-A01", count=count)) == "TC-007"


class TestBlindDrawersAreNoOracle:
    """R reliability C3: no answer depends on what a blind drawer should hold."""

    def test_not_a_turn_in(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        for amount in ("1.00", "99999.00"):
            attempt = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd(amount))
            assert ledger.door.preview(attempt, user_id=ledger.people["ann"]).warnings == ()

    def test_not_a_movement(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        for amount in ("-60.00", "-99999.00"):
            attempt = MoveDrawerCash(tender_control_id=control, reason="PETTY", amount=usd(amount), note="?")
            assert ledger.refusal(attempt) == "SEC-010"

    def test_not_a_payment_that_is_tried_out(self, ledger: Ledger):
        account = an_account(ledger, owing="50.00")
        an_open_drawer(ledger)
        for tender, paying in ((check("90000.00"), "1.00"), (cash("90000.00"), "")):
            attempt = a_payment(account, tender, paying=paying)
            assert ledger.door.preview(attempt, user_id=ledger.people["ann"]).warnings == ()

    def test_whoever_receives_it_finds_out(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        attempt = TurnInFunds(tender_control_id=control, tender_type="CASH", amount=usd("100.01"))
        key = ledger.do(attempt).turn_in_id
        assert ledger.refusal(ReceiveTurnIn(turn_in_id=key), "sue") == "TC-011"


class TestCurrenciesAndSources:
    EURO = (
        {"code": "OVUN-EUR", "cis_division": "CITY", "gl_division": "CITY", "currency": "EUR"},
        {"code": "EURO-A01", "currency": "EUR", "bank_account": "EUR", "receipt_series": 11, "blind_count": False},
    )

    def test_house_agreements_are_in_the_currency_of_the_drawer(self, ledger: Ledger):
        source = {**self.EURO[1], "over_under_agreement": "OVER-UNDER"}
        assert loaded(ledger, tender_source=[source]) == "CFG-011"
        assert loaded(ledger, tender_source=[{**self.EURO[1], "suspense_agreement": "SUSPENSE"}]) == "CFG-011"
        reason = {"code": "STAMPS", "agreement": "PETTY-CASH", "pay_out": True, "limit": "5.00 EUR"}
        assert loaded(ledger, movement_reason=[reason]) == "CFG-011"
        fee = {"code": "NSF", "distribution_code": "REV-NSF", "default_amount": "17.50 EUR"}
        assert loaded(ledger, adjustment_type=[fee]) == "CFG-011"

    def test_euro_cash_is_not_booked_as_dollars(self, ledger: Ledger):
        assert loaded(ledger, tender_source=[self.EURO[1]]) == ""
        from cashier_app.services.cashiering.deposit_controls import OpenDepositControl  # noqa: PLC0415

        ledger.do(OpenDepositControl(currency="EUR"), "sue")
        opened = ledger.do(
            OpenTenderControl(tender_source="EURO-A01", starting_balance=Money.of("50.00", "EUR")), "sue"
        )
        attempt = MoveDrawerCash(
            tender_control_id=opened.tender_control_id, reason="PETTY", amount=Money.of("-5.00", "EUR"), note="stamps"
        )
        assert ledger.refusal(attempt, "sue") == "TC-027"

    def test_a_drawer_in_use_keeps_its_bank_account(self, ledger: Ledger):
        control = an_open_drawer(ledger)
        other = {"code": "OTHER", "currency": "USD", "distribution_code": "CASH-LBX"}
        source = {
            "code": "CASH-A01",
            "bank_account": "OTHER",
            "over_under_agreement": "OVER-UNDER",
            "tolerance": "1.00 USD",
            "receipt_series": 1,
        }
        assert loaded(ledger, bank_account=[other], tender_source=[source]) == "CFG-012"
        close(ledger, control, "100.00")
        assert loaded(ledger, bank_account=[other], tender_source=[source]) == ""
