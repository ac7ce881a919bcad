"""Pictures of the back office and the supervisor's places."""

from __future__ import annotations

from typing import Any, Final

from cashier_app.demo.stage import Shot, Stage
from cashier_app.domain.money import Money

_SMALL: Final = (1024, 700)
_LARGE: Final = (1920, 1080)


def _usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def _key(stage: Stage, name: str) -> int:
    """The account of a name."""
    from cashier_app.services.queries.search import find  # noqa: PLC0415

    found: list[Any] = []

    async def look() -> None:
        found.extend(await stage.backend.query(find, name))

    stage.run(look())
    return int(found[0].account_id)


def _pay(stage: Stage, name: str, amount: str, login: str, *, kind: str = "CASH", paying: str = "") -> Any:
    from cashier_app.services.payments.distribution import PaymentIn  # noqa: PLC0415
    from cashier_app.services.payments.taking import TakePayment, TenderIn  # noqa: PLC0415

    stage.clock.advance(minutes=4)
    account_id = _key(stage, name)
    reference = "" if kind == "CASH" else "4471"
    return stage.do(
        TakePayment(
            payor_account_id=account_id,
            tenders=(TenderIn(tender_type=kind, amount=_usd(amount), reference=reference),),
            payments=(PaymentIn(account_id=account_id, amount=_usd(paying)),) if paying else (),
        ),
        login,
    )


def _morning(stage: Stage) -> dict[str, Any]:
    """Two drawers at work: payments, a turn-in that waits, an event that does not balance."""
    from cashier_app.services.cashiering.drawer_counts import Counted  # noqa: PLC0415
    from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415
    from cashier_app.services.cashiering.turn_ins import TurnInFunds  # noqa: PLC0415
    from cashier_app.services.payments.cancellation import CancelPayment  # noqa: PLC0415

    made: dict[str, Any] = {}
    for login, source in (("ann", "CASH-A01"), ("ben", "CASH-A02")):
        command = OpenTenderControl(tender_source=source, starting_balance=_usd("100.00"))
        made[login] = stage.do(command, login).tender_control_id
    made["jane"] = _pay(stage, "Jane Masters", "140.00", "ann", paying="125.35")
    made["check"] = _pay(stage, "Leilani", "64.00", "ann", kind="CHEC", paying="51.25")
    made["bakery"] = _pay(stage, "Bakery", "1350.00", "ben")
    made["money order"] = _pay(stage, "Tea House", "75.00", "ben", kind="MORD")
    made["wrong"] = _pay(stage, "Tea House", "20.00", "ben")
    stage.do(CancelPayment(payment_id=made["wrong"].payments[0].payment_id, reason="WRONG"), "sue")
    pieces = (Counted(tender_type="CASH", denomination="$20", pieces=5),)
    stage.do(TurnInFunds(tender_control_id=made["ann"], tender_type="CASH", count=pieces), "ann")
    stage.clock.advance(minutes=12)
    return made


def _account(stage: Stage, name: str = "Jane Masters") -> Any:
    key = _key(stage, name)
    screen = stage.go("customer")
    screen.open_account(key)
    stage.settle()
    return screen


def _nobody(stage: Stage) -> None:
    stage.go("customer")


def _customer(stage: Stage) -> None:
    _morning(stage)
    screen = _account(stage)
    tree = screen.river.tree
    tree.expand(tree.rows.index(0, 0))
    first = tree.rows.index(0, 0)
    for row in range(tree.rows.rowCount(first)):
        tree.expand(tree.rows.index(row, 0, first))


def _debt(stage: Stage) -> None:
    _account(stage).facts.open_debt()


def _adjustment(stage: Stage) -> None:
    screen = _account(stage)
    stage.trigger("customer.adjust")
    screen.adjusting.add_sheet.amount.set_value(0)
    screen.adjusting.add_sheet.submit()


def _adjustments(stage: Stage) -> None:
    """What waits, what counts and what was taken back, the newest opened."""
    from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish  # noqa: PLC0415
    from cashier_app.services.adjustments.canceling import CancelAdjustment  # noqa: PLC0415
    from cashier_app.services.adjustments.transfers import TransferBalance  # noqa: PLC0415

    screen = _account(stage)
    electric, other = (row.sa_id for row in screen.customer.glance.agreements[:2])
    fee = stage.do(AddAdjustment(sa_id=electric, adjustment_type="FEE"), "olga")
    stage.do(CancelAdjustment(adjustment_id=fee.adjustment_id, reason="WAIVED"), "olga")
    stage.do(AddAdjustment(sa_id=electric, adjustment_type="CUSTREL", amount=_usd("-15.00")), "olga")
    move = TransferBalance(from_sa_id=other, to_sa_id=electric, adjustment_type="XFER", amount=_usd("10.00"))
    stage.do(move, "olga")
    call = AddAdjustment(
        sa_id=electric, adjustment_type="SERVICE", amount=_usd("50.00"), finish=AdjustmentFinish.GENERATE
    )
    stage.do(call, "olga")
    screen = _account(stage)
    stage.trigger("customer.adjustments")
    tree = screen.adjusting.page.tree
    tree.expand(tree.rows.index(0, 0))
    tree.expand(tree.rows.index(1, 0))


def _adjustment_freeze(stage: Stage) -> None:
    _adjustments(stage)
    stage.trigger("adjustment.freeze")


def _goodwill(stage: Stage) -> None:
    screen = _account(stage)
    stage.trigger("customer.adjust")
    screen.adjusting.add_sheet.kind.choose("CUSTREL")


def _balance_transfer(stage: Stage) -> None:
    screen = _account(stage)
    stage.trigger("customer.transfer")
    screen.adjusting.transfer_sheet.amount.set_value(1000)


def _new_account(stage: Stage) -> None:
    screen = stage.go("customer")
    stage.trigger("customer.new")
    screen.account_sheet.name.setText("")
    screen.account_sheet.sheet.wanted.emit()


def _explain(stage: Stage) -> None:
    _morning(stage)
    screen = _account(stage)
    screen.explain_agreement()


def _event_of(stage: Stage, name: str) -> Any:
    made = _morning(stage)
    screen = stage.go("event")
    screen.open_event(made[name].event_id)
    stage.settle()
    return screen


def _event(stage: Stage) -> None:
    screen = _event_of(stage, "check")
    screen.facts.payments.expandAll()


def _cancel_tender(stage: Stage) -> None:
    screen = _event_of(stage, "check")
    stage.trigger("event.cancel_tender")
    screen.cancel_tender_sheet.reason.choose("NSF")


def _transfer(stage: Stage) -> None:
    screen = _event_of(stage, "jane")
    stage.trigger("event.transfer")
    screen.transfer_sheet.transfer.look_up("Tea House")
    stage.settle()


def _add_payments(stage: Stage) -> None:
    _event_of(stage, "wrong")
    stage.trigger("event.add_payments")


def _reprint(stage: Stage) -> None:
    _event_of(stage, "jane")
    stage.trigger("event.reprint")


def _endorse(stage: Stage) -> None:
    _event_of(stage, "check")
    stage.trigger("event.endorse")


def _board(stage: Stage) -> None:
    _morning(stage)
    stage.go("board")


def _force_close(stage: Stage) -> None:
    _morning(stage)
    stage.go("board")
    stage.trigger("board.force_close")


def _x_report(stage: Stage) -> None:
    _morning(stage)
    stage.go("board")
    stage.trigger("board.x_report")


def _deposit(stage: Stage) -> None:
    screen = stage.go("board")
    deposits = screen.deposits
    yesterday = deposits.deposits.rows[-1].deposit_control_id
    deposits.deposits.choose(yesterday)
    stage.trigger("deposit.start")
    stage.trigger("deposit.slip")
    deposits.slip_sheet.wanted.emit()
    stage.trigger("deposit.paper")
    stage.settle()
    screen.column.show_from(deposits.paper)


def _books(stage: Stage) -> None:
    _morning(stage)
    stage.go("books")


def _ledger_of(stage: Stage, page: str) -> Any:
    """The general ledger after a run, a payment later."""
    from cashier_app.services.general_ledger.running import run_gl  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    _morning(stage)
    run_gl(stage.backend.door, user_id=SYSTEM.id)
    _pay(stage, "Jane Masters", "20.00", "ann")
    screen = stage.go("ledger")
    screen.tabs.show_page(page)
    stage.settle()
    return screen


def _trial_balance(stage: Stage) -> None:
    _ledger_of(stage, "balance")


def _gl_runs(stage: Stage) -> None:
    screen = _ledger_of(stage, "runs")
    screen.runs.entries.go_to(1)
    stage.settle()
    screen.runs.fts.go_to(0)


def _gl_nothing(stage: Stage) -> None:
    stage.go("ledger").tabs.show_page("runs")


def _checks(stage: Stage) -> None:
    from cashier_app.services.adjustments.adding import AddAdjustment  # noqa: PLC0415
    from cashier_app.services.customers.account_rows import AgreementIn  # noqa: PLC0415
    from cashier_app.services.customers.accounts import OpenAccount  # noqa: PLC0415
    from cashier_app.services.general_ledger.check_runs import ExtractChecks  # noqa: PLC0415

    _morning(stage)

    def refund(name: str, address: str, amount: str) -> None:
        where = (AgreementIn(sa_type="ELEC", address=address),)
        account = OpenAccount(name=name, customer_class="RES", agreements=where, mailing_address=f"{address}\nOakfield")
        (sa_id,) = stage.do(account, "olga").agreements
        for kind, sign in (("CONVERSION", "-"), ("REFUNDAP", "")):
            stage.do(AddAdjustment(sa_id=sa_id, adjustment_type=kind, amount=_usd(sign + amount)), "olga")

    refund("Marta Okonkwo", "4 Alder Street", "40.00")
    refund("Piet van Dijk", "91 Cedar Street", "125.50")
    stage.clock.advance(days=2)
    stage.do(ExtractChecks(), "olga")
    refund("Rosa Lindgren", "17 Poplar Street", "12.00")
    stage.go("ledger").tabs.show_page("checks")


def _calendars(stage: Stage) -> None:
    screen = stage.go("ledger")
    screen.tabs.show_page("calendars")
    stage.settle()
    screen.calendars.change()
    stage.settle()
    screen.calendars.sheet.days["end"].set_value(screen.calendars.sheet.days["begin"].value)
    screen.calendars.sheet.wanted.emit()


def _codes(stage: Stage) -> None:
    stage.go("ledger").tabs.show_page("codes")


def _batch(stage: Stage) -> None:
    _morning(stage)
    stage.go("batch")


def _batch_runs(stage: Stage) -> None:
    _morning(stage)
    stage.go("batch")
    stage.trigger("batch.redundant")


def _z_reports(stage: Stage) -> None:
    stage.go("books").tabs.show_page("reports")


def _seals(stage: Stage) -> None:
    _morning(stage)
    stage.go("books")
    stage.trigger("books.seal")


def _journal(stage: Stage) -> None:
    _morning(stage)
    stage.go("journal")


def _users(stage: Stage) -> None:
    stage.go("users")


def _user_form(stage: Stage) -> None:
    screen = stage.go("users")
    stage.trigger("user.new")
    screen.sheet.login.setText("ann")
    screen.sheet.name.setText("Ann the second")
    screen.sheet.password.setText("password")
    screen.sheet.wanted.emit()


SHOTS: Final[tuple[Shot, ...]] = (
    Shot("30-customer-nobody", "olga", _nobody),
    Shot("31-customer", "olga", _customer),
    Shot("31-customer-small", "olga", _customer, size=_SMALL),
    Shot("31-customer-large", "olga", _customer, size=_LARGE),
    Shot("32-customer-debt", "olga", _debt),
    Shot("33-customer-adjustment", "olga", _adjustment),
    Shot("33-customer-goodwill", "olga", _goodwill),
    Shot("33-customer-adjustments", "olga", _adjustments),
    Shot("33-customer-adjustments-small", "olga", _adjustments, size=_SMALL),
    Shot("33-customer-adjustment-freeze", "olga", _adjustment_freeze),
    Shot("33-customer-transfer", "olga", _balance_transfer),
    Shot("34-customer-new", "olga", _new_account),
    Shot("35-explain", "olga", _explain),
    Shot("40-payment", "sue", _event),
    Shot("40-payment-small", "sue", _event, size=_SMALL),
    Shot("41-payment-cancel", "sue", _cancel_tender),
    Shot("42-payment-transfer", "sue", _transfer),
    Shot("43-payment-unbalanced", "sue", _add_payments),
    Shot("44-payment-copy", "sue", _reprint),
    Shot("45-payment-endorse", "sue", _endorse),
    Shot("50-board", "sue", _board),
    Shot("50-board-small", "sue", _board, size=_SMALL),
    Shot("51-board-force-close", "sue", _force_close),
    Shot("52-board-x-report", "sue", _x_report),
    Shot("53-deposit", "sue", _deposit, size=_LARGE),
    Shot("60-books", "sue", _books),
    Shot("61-z-reports", "sue", _z_reports),
    Shot("62-seals", "sue", _seals),
    Shot("63-journal", "vera", _journal),
    Shot("64-trial-balance", "olga", _trial_balance),
    Shot("65-gl-runs", "olga", _gl_runs),
    Shot("65-gl-runs-small", "olga", _gl_runs, size=_SMALL),
    Shot("66-gl-nothing", "olga", _gl_nothing),
    Shot("67-checks", "olga", _checks),
    Shot("68-calendars", "adam", _calendars),
    Shot("69-codes", "olga", _codes),
    Shot("75-batch-debt", "olga", _batch),
    Shot("75-batch-debt-small", "olga", _batch, size=_SMALL),
    Shot("76-batch-runs", "olga", _batch_runs),
    Shot("70-users", "adam", _users),
    Shot("71-user-new", "adam", _user_form),
)
