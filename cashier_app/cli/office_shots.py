"""Pictures of the back office and the supervisor's places."""

from __future__ import annotations

from typing import Any, Final

from cashier_app.demo.stage import Shot, Stage
from cashier_app.domain.money import Money

SMALL: Final = (1024, 700)
_LARGE: Final = (1920, 1080)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def account_key(stage: Stage, name: str) -> int:
    """The account of a name."""
    from cashier_app.services.queries.search import find  # noqa: PLC0415

    found: list[Any] = []

    async def look() -> None:
        found.extend(await stage.backend.query(find, name))

    stage.run(look())
    return int(found[0].account_id)


def pay(stage: Stage, name: str, amount: str, login: str, *, kind: str = "CASH", paying: str = "") -> Any:
    from cashier_app.services.payments.distribution import PaymentIn  # noqa: PLC0415
    from cashier_app.services.payments.taking import TakePayment, TenderIn  # noqa: PLC0415

    stage.clock.advance(minutes=4)
    account_id = account_key(stage, name)
    reference = "" if kind == "CASH" else "4471"
    return stage.do(
        TakePayment(
            payor_account_id=account_id,
            tenders=(TenderIn(tender_type=kind, amount=usd(amount), reference=reference),),
            payments=(PaymentIn(account_id=account_id, amount=usd(paying)),) if paying else (),
        ),
        login,
    )


def morning(stage: Stage) -> dict[str, Any]:
    """Two drawers at work: payments, a turn-in that waits, an event that does not balance."""
    from cashier_app.services.cashiering.drawer_counts import Counted  # noqa: PLC0415
    from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415
    from cashier_app.services.cashiering.turn_ins import TurnInFunds  # noqa: PLC0415
    from cashier_app.services.payments.cancellation import CancelPayment  # noqa: PLC0415

    made: dict[str, Any] = {}
    for login, source in (("ann", "CASH-A01"), ("ben", "CASH-A02")):
        command = OpenTenderControl(tender_source=source, starting_balance=usd("100.00"))
        made[login] = stage.do(command, login).tender_control_id
    made["jane"] = pay(stage, "Jane Masters", "140.00", "ann", paying="125.35")
    made["check"] = pay(stage, "Leilani", "64.00", "ann", kind="CHEC", paying="51.25")
    made["bakery"] = pay(stage, "Bakery", "1350.00", "ben")
    made["money order"] = pay(stage, "Tea House", "75.00", "ben", kind="MORD")
    made["wrong"] = pay(stage, "Tea House", "20.00", "ben")
    stage.do(CancelPayment(payment_id=made["wrong"].payments[0].payment_id, reason="WRONG"), "sue")
    pieces = (Counted(tender_type="CASH", denomination="$20", pieces=5),)
    stage.do(TurnInFunds(tender_control_id=made["ann"], tender_type="CASH", count=pieces), "ann")
    stage.clock.advance(minutes=12)
    return made


def _account(stage: Stage, name: str = "Jane Masters") -> Any:
    key = account_key(stage, name)
    screen = stage.go("customer")
    screen.open_account(key)
    stage.settle()
    return screen


def _nobody(stage: Stage) -> None:
    stage.go("customer")


def _customer(stage: Stage) -> None:
    morning(stage)
    screen = _account(stage)
    tree = screen.river.tree
    tree.expand(tree.rows.index(0, 0))
    first = tree.rows.index(0, 0)
    for row in range(tree.rows.rowCount(first)):
        tree.expand(tree.rows.index(row, 0, first))


def _dispute(stage: Stage) -> Any:
    """Somebody says that a bill is wrong."""
    screen = _account(stage, "Tea House")
    tree = screen.river.tree
    tree.setCurrentIndex(tree.rows.index(0, 0))
    tree.setFocus()
    stage.settle()
    stage.trigger("customer.dispute")
    return screen.disputing.dispute_sheet


def _disputed(stage: Stage) -> None:
    sheet = _dispute(stage)
    sheet.reason.setText("The meter was exchanged that week")
    stage.press("Return", sheet.reason)


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
    stage.do(AddAdjustment(sa_id=electric, adjustment_type="CUSTREL", amount=usd("-15.00")), "olga")
    move = TransferBalance(from_sa_id=other, to_sa_id=electric, adjustment_type="XFER", amount=usd("10.00"))
    stage.do(move, "olga")
    call = AddAdjustment(
        sa_id=electric, adjustment_type="SERVICE", amount=usd("50.00"), finish=AdjustmentFinish.GENERATE
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
    morning(stage)
    screen = _account(stage)
    screen.facts.agreements.setFocus()
    stage.trigger("figure.explain")
    stage.settle()
    stage.press("Return")


def _explain_further(stage: Stage) -> None:
    _explain(stage)
    stage.press("Return")


def _explain_which(stage: Stage) -> None:
    morning(stage)
    _account(stage)
    assert stage.window.shell is not None, "somebody is signed in"
    stage.window.shell.scan.setFocus()
    stage.trigger("figure.explain")


def _event_of(stage: Stage, name: str) -> Any:
    made = morning(stage)
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
    morning(stage)
    stage.go("board")


def _force_close(stage: Stage) -> None:
    morning(stage)
    stage.go("board")
    stage.trigger("board.force_close")


def _x_report(stage: Stage) -> None:
    morning(stage)
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


def _office(stage: Stage) -> None:
    _account(stage)
    stage.trigger("customer.office")


def _books(stage: Stage) -> None:
    morning(stage)
    stage.go("books")


def _z_reports(stage: Stage) -> None:
    stage.go("books").tabs.show_page("reports")


def _seals(stage: Stage) -> None:
    morning(stage)
    stage.go("books")
    stage.trigger("books.seal")


def _journal(stage: Stage) -> None:
    morning(stage)
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


def _second_factor(stage: Stage) -> None:
    stage.trigger("session.second_factor")


SHOTS: Final[tuple[Shot, ...]] = (
    Shot("30-customer-nobody", "olga", _nobody),
    Shot("31-customer", "olga", _customer),
    Shot("31-customer-small", "olga", _customer, size=SMALL),
    Shot("31-customer-large", "olga", _customer, size=_LARGE),
    Shot("32-customer-debt", "olga", _debt),
    Shot("33-customer-adjustment", "olga", _adjustment),
    Shot("33-customer-goodwill", "olga", _goodwill),
    Shot("33-customer-adjustments", "olga", _adjustments),
    Shot("33-customer-adjustments-small", "olga", _adjustments, size=SMALL),
    Shot("33-customer-adjustment-freeze", "olga", _adjustment_freeze),
    Shot("33-customer-transfer", "olga", _balance_transfer),
    Shot("34-customer-new", "olga", _new_account),
    Shot("34-customer-office", "olga", _office),
    Shot("34-customer-dispute", "olga", _dispute),
    Shot("34-customer-disputed", "olga", _disputed),
    Shot("35-explain", "olga", _explain),
    Shot("36-explain-further", "olga", _explain_further),
    Shot("36-explain-which", "olga", _explain_which, size=SMALL),
    Shot("40-payment", "sue", _event),
    Shot("40-payment-small", "sue", _event, size=SMALL),
    Shot("41-payment-cancel", "sue", _cancel_tender),
    Shot("42-payment-transfer", "sue", _transfer),
    Shot("43-payment-unbalanced", "sue", _add_payments),
    Shot("44-payment-copy", "sue", _reprint),
    Shot("45-payment-endorse", "sue", _endorse),
    Shot("50-board", "sue", _board),
    Shot("50-board-small", "sue", _board, size=SMALL),
    Shot("51-board-force-close", "sue", _force_close),
    Shot("52-board-x-report", "sue", _x_report),
    Shot("53-deposit", "sue", _deposit, size=_LARGE),
    Shot("60-books", "sue", _books),
    Shot("61-z-reports", "sue", _z_reports),
    Shot("62-seals", "sue", _seals),
    Shot("63-journal", "vera", _journal),
    Shot("70-users", "adam", _users),
    Shot("71-user-new", "adam", _user_form),
    Shot("74-second-factor", "adam", _second_factor),
)
