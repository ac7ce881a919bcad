"""Pictures of approvals, the general ledger and batch."""

from __future__ import annotations

from typing import Any, Final

from cashier_app.cli.office_shots import SMALL, account_key, morning, pay, usd
from cashier_app.demo.stage import Shot, Stage


def _governed(stage: Stage) -> None:
    """Fees must be approved: by Sue, and large ones by Adam after her."""
    from dataclasses import replace  # noqa: PLC0415

    from cashier_app.domain.adjustment_types import AdjustmentType  # noqa: PLC0415
    from cashier_app.services.administration.users import ChangeUser  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415
    from cashier_app.ui.view_models.setting_up import stored  # noqa: PLC0415

    async def govern() -> None:
        fee = await stage.backend.query(lambda _store, config: config.get(AdjustmentType, "FEE"))
        stage.do(stored(adjustment_type=[replace(fee, approval_profile="FEES")]), "adam")

    stage.run(govern())
    for login, role in (("sue", "ADJ-LEVEL-1"), ("adam", "ADJ-LEVEL-2")):
        stage.backend.door.execute(ChangeUser(login=login, to_do_roles=(role,)), user_id=SYSTEM.id)


def _submitted(stage: Stage, name: str, amount: str, comment: str) -> Any:
    from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish  # noqa: PLC0415
    from cashier_app.services.approvals.submitting import SubmitForApproval  # noqa: PLC0415
    from cashier_app.services.queries.accounts import account_at_a_glance  # noqa: PLC0415

    agreements: list[Any] = []

    async def look() -> None:
        glance = await stage.backend.query(account_at_a_glance, account_key(stage, name), stage.backend.business_date)
        agreements.extend(glance.agreements)

    stage.run(look())
    add = AddAdjustment(
        sa_id=agreements[0].sa_id,
        adjustment_type="FEE",
        amount=usd(amount),
        comment=comment,
        finish=AdjustmentFinish.GENERATE,
    )
    return stage.do(SubmitForApproval(adjustment_id=stage.do(add, "olga").adjustment_id), "olga")


def _waiting(stage: Stage) -> Any:
    """Fees to approve that were asked for on different days, and a branch that cannot deliver."""
    _governed(stage)
    _submitted(stage, "Tea House", "40.00", "Second visit on the same day")
    stage.clock.advance(days=3)
    _submitted(stage, "Bakery", "25.00", "Meter could not be read")
    stage.clock.advance(days=1)
    _submitted(stage, "Jane Masters", "150.00", "Line cut and laid again; agreed on the phone")
    _submitted(stage, "Leilani", "60.00", "Seal of the meter was broken")
    stage.clock.advance(hours=2)
    screen = stage.go("to_do")
    first = screen.tree.rows.index(0, 0)
    screen.tree.setCurrentIndex(screen.tree.rows.index(2, 0, first))
    stage.settle()
    return screen


def _to_do(stage: Stage) -> None:
    _waiting(stage)


def _to_do_approve(stage: Stage) -> None:
    _waiting(stage)
    stage.trigger("todo.approve")


def _to_do_reject(stage: Stage) -> None:
    screen = _waiting(stage)
    stage.trigger("todo.reject")
    screen.reject_sheet.wanted.emit()


def _ledger_of(stage: Stage, page: str) -> Any:
    """The general ledger after a run, a payment later."""
    from cashier_app.services.general_ledger.running import run_gl  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    morning(stage)
    run_gl(stage.backend.door, user_id=SYSTEM.id)
    pay(stage, "Jane Masters", "20.00", "ann")
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

    morning(stage)

    def refund(name: str, address: str, amount: str) -> None:
        where = (AgreementIn(sa_type="ELEC", address=address),)
        account = OpenAccount(name=name, customer_class="RES", agreements=where, mailing_address=f"{address}\nOakfield")
        (sa_id,) = stage.do(account, "olga").agreements
        for kind, sign in (("CONVERSION", "-"), ("REFUNDAP", "")):
            stage.do(AddAdjustment(sa_id=sa_id, adjustment_type=kind, amount=usd(sign + amount)), "olga")

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


def _decided(stage: Stage) -> None:
    """What was approved and rejected, from the same place."""
    from cashier_app.services.approvals.deciding import ApproveAdjustment, RejectAdjustment  # noqa: PLC0415

    _governed(stage)
    for name, amount in (("Tea House", "40.00"), ("Bakery", "25.00"), ("Leilani", "60.00")):
        asked = _submitted(stage, name, amount, "Second visit on the same day")
        stage.clock.advance(hours=3)
        stage.do(ApproveAdjustment(request_id=asked.request_id, level=1), "sue")
    wrong = _submitted(stage, "Jane Masters", "35.00", "Meter could not be read")
    stage.do(RejectAdjustment(request_id=wrong.request_id, reason="It was read on the next day"), "sue")
    stage.go("to_do").tabs.show_page("decided")


def _profiles(stage: Stage) -> None:
    _governed(stage)
    stage.go("setup")


def _profile_form(stage: Stage) -> None:
    """A band that was moved, and leaves a gap."""
    _governed(stage)
    screen = stage.go("setup")
    stage.trigger("setup.profile")
    screen.sheet.bands.rows[2].low.set_value(2000)
    screen.sheet.wanted.emit()


def _account_from(stage: Stage) -> None:
    screen = stage.go("ledger")
    stage.trigger("ledger.account")
    screen.codes.sheet.day.setText("2027-01-01")
    screen.codes.sheet.account.setText("10-1290")


def _codes(stage: Stage) -> None:
    stage.go("ledger").tabs.show_page("codes")


def _batch(stage: Stage) -> None:
    morning(stage)
    stage.go("batch")


def _batch_runs(stage: Stage) -> None:
    morning(stage)
    screen = stage.go("batch")
    stage.trigger("batch.start")
    screen.start_sheet.job.choose("REDSAAMT")
    screen.start_sheet.wanted.emit()


def _batch_start(stage: Stage) -> None:
    screen = stage.go("batch")
    stage.trigger("batch.start")
    screen.start_sheet.job.choose("ADJMASS")
    screen.start_sheet.wanted.emit()


SHOTS: Final[tuple[Shot, ...]] = (
    Shot("46-to-do", "sue", _to_do),
    Shot("46-to-do-small", "sue", _to_do, size=SMALL),
    Shot("47-to-do-approve", "sue", _to_do_approve),
    Shot("47-to-do-reject", "sue", _to_do_reject),
    Shot("48-decided", "sue", _decided),
    Shot("72-approval-profiles", "adam", _profiles),
    Shot("72-approval-profiles-small", "adam", _profiles, size=SMALL),
    Shot("73-approval-profile-form", "adam", _profile_form, size=(1366, 1000)),
    Shot("69-code-account", "adam", _account_from),
    Shot("64-trial-balance", "olga", _trial_balance),
    Shot("65-gl-runs", "olga", _gl_runs),
    Shot("65-gl-runs-small", "olga", _gl_runs, size=SMALL),
    Shot("66-gl-nothing", "olga", _gl_nothing),
    Shot("67-checks", "olga", _checks),
    Shot("68-calendars", "adam", _calendars),
    Shot("69-codes", "olga", _codes),
    Shot("75-batch-debt", "olga", _batch),
    Shot("75-batch-debt-small", "olga", _batch, size=SMALL),
    Shot("76-batch-runs", "olga", _batch_runs),
    Shot("76-batch-start", "olga", _batch_start),
    Shot("76-batch-start-small", "olga", _batch_start, size=SMALL),
)
