"""Pictures of a branch: joining a server, the line in sight, money taken without it, what the office made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from cashier_app.demo.stage import Shot, Stage
from cashier_app.domain.errors import Problem, RuleViolation
from cashier_app.domain.money import Money

_FINGERPRINT: Final = ":".join(("4B", "C1", "9E", "07", "A2", "5F", "D0", "33") * 4)


# -- joining


def _join_form(stage: Stage) -> None:
    from cashier_app.ui.views.assistant import BRANCH, Assistant  # noqa: PLC0415

    assistant = Assistant()
    stage.window.show_instead(assistant)
    assistant.show_missing("~/.local/share/cashier/cashier.db")
    assistant.choose(BRANCH)
    assistant.join.server.setText("cashier.example:8443")
    assistant.join.code.setText("K7QPA-9MZXC-HR4TD-W2NEB")


def _assistant(stage: Stage) -> Any:
    from cashier_app.ui.views.assistant import Assistant  # noqa: PLC0415

    _join_form(stage)
    found = stage.window.findChild(Assistant)
    assert found is not None, "it is shown"
    return found


def _certificate(stage: Stage) -> None:
    _assistant(stage).join.ask_about(_FINGERPRINT)


def _directory(stage: Stage) -> None:
    line = stage.backend.line
    assert line is not None, "the window is a branch's"
    fetching = replace(line.state.link, directory_after=12_000)
    _assistant(stage).show_joined(replace(line.state, link=fetching, accounts=12_000))


# -- at the counter


def _cut(stage: Stage) -> None:
    assert stage.town is not None, "the window is a branch's"
    stage.town.line.up = False


def _mend(stage: Stage) -> None:
    assert stage.town is not None, "the window is a branch's"
    assert stage.backend.line is not None, "the window is a branch's"
    stage.town.line.up = True
    stage.backend.line.try_now()
    stage.settle()


def _open_drawer(stage: Stage) -> None:
    from cashier_app.demo.branch_town import DRAWER  # noqa: PLC0415
    from cashier_app.services.cashiering.deposit_controls import OpenDepositControl  # noqa: PLC0415
    from cashier_app.services.cashiering.tender_controls import OpenTenderControl  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    stage.backend.door.execute(OpenDepositControl(), user_id=SYSTEM.id)
    floating = OpenTenderControl(tender_source=DRAWER, starting_balance=Money.of("100.00", "USD"))
    stage.run(stage.backend.execute(floating))
    stage.settle()


def _connected(stage: Stage) -> None:
    _open_drawer(stage)
    stage.find("Jane Masters")


def _offline(stage: Stage) -> None:
    """Half an hour without the line."""
    _open_drawer(stage)
    _cut(stage)
    for minutes, (name, paid) in ((11, ("Leilani", "60")), (12, ("Bakery", "120")), (13, ("Tea House", "200"))):
        stage.clock.advance(minutes=minutes)
        stage.find(name)
        stage.type(paid)
        stage.press("Return")
        stage.press("Return")
    _look(stage)


def _look(stage: Stage) -> None:
    assert stage.backend.line is not None, "the window is a branch's"
    stage.run(stage.backend.line.refresh())
    stage.settle()


def _offline_customer(stage: Stage) -> None:
    _offline(stage)
    stage.find("Leilani")


def _panel(stage: Stage) -> None:
    _offline(stage)
    stage.trigger("line.show")


def _panel_connected(stage: Stage) -> None:
    _open_drawer(stage)
    stage.trigger("line.show")


def _alarm(stage: Stage) -> None:
    _offline(stage)
    assert stage.town is not None, "the window is a branch's"
    sentence = (
        "Command 3 of this workstation is not the one that the server has. Nothing more is sent; an administrator "
        "compares both journals."
    )
    stage.town.line.refusal = RuleViolation((Problem("SYNC-003", sentence),))
    _mend(stage)
    stage.trigger("line.show")


def _recorded(stage: Stage) -> None:
    _offline(stage)
    stage.press("F8")


def _booked(stage: Stage) -> None:
    _offline(stage)
    _mend(stage)
    stage.press("F8")


def _suspense(stage: Stage) -> None:
    from cashier_app.services.queries.accounts import account_at_a_glance  # noqa: PLC0415
    from cashier_app.services.queries.search import find  # noqa: PLC0415

    _offline(stage)
    assert stage.town is not None, "the window is a branch's"
    with stage.backend.door.looking(stage.backend.user.id if stage.backend.user else None) as (store, config):
        tea_house = find(store, config, "Tea House")[0]
        account = account_at_a_glance(store, config, tea_house.account_id, stage.clock.business_date())
    _close_agreements(stage, [row.sa_id for row in account.agreements])
    _mend(stage)
    stage.press("F8")


def _close_agreements(stage: Stage, sa_ids: list[int]) -> None:
    """The customer left while the line was down. Ending an agreement takes days; this is a picture."""
    assert stage.town is not None, "the window is a branch's"
    cursor = stage.town.server.database.connection.cursor()
    for sa_id in sa_ids:
        cursor.execute("UPDATE service_agreement SET status = 'CLOSED' WHERE id = ?", (sa_id,))


def _leaving(stage: Stage) -> None:
    from cashier_app.ui.leaving import is_sure_to_leave  # noqa: PLC0415

    _offline(stage)
    assert stage.window.shell is not None, "somebody is signed in"
    assert stage.backend.line is not None, "the window is a branch's"
    stage.run(is_sure_to_leave(stage.window.shell, stage.backend.line.state.link.unsent))


def _account(stage: Stage) -> None:
    _open_drawer(stage)
    stage.go("customer")
    stage.find("Jane Masters")


SHOTS: Final = (
    Shot("80-branch-join", "", _join_form, at_branch=True),
    Shot("81-branch-certificate", "", _certificate, at_branch=True),
    Shot("82-branch-directory", "", _directory, at_branch=True),
    Shot("83-branch-connected", "bea", _connected, at_branch=True),
    Shot("84-branch-offline", "bea", _offline, at_branch=True),
    Shot("85-branch-offline-customer", "bea", _offline_customer, at_branch=True),
    Shot("86-branch-line", "bea", _panel, at_branch=True),
    Shot("87-branch-line-connected", "bea", _panel_connected, at_branch=True),
    Shot("88-branch-alarm", "bea", _alarm, at_branch=True),
    Shot("89-branch-recorded", "bea", _recorded, at_branch=True),
    Shot("90-branch-booked", "bea", _booked, at_branch=True),
    Shot("91-branch-suspense", "bea", _suspense, at_branch=True),
    Shot("92-branch-leaving", "bea", _leaving, at_branch=True),
    Shot("93-branch-account", "bea", _account, at_branch=True),
    Shot("84-branch-offline-small", "bea", _offline, size=(1024, 700), at_branch=True),
    Shot("86-branch-line-small", "bea", _panel, size=(1024, 700), at_branch=True),
)
