"""After each step: does the database say what operators were told and hands hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.cashiering import drawer_statements as drawer_queries
from cashier_app.services.kernel.reading import reading
from cashier_app.services.verifying import verify
from cashier_app.services.verifying.verifier import verify_after_accident
from cashier_app.simulation.back_office_checks import check_papers
from cashier_app.simulation.violations import Violation, require
from cashier_app.simulation.workstation import Workstation
from cashier_app.simulation.world import Drawer, Told, Visit, World

_TOTALS = "SELECT tender_type, amount_expected FROM tender_control_total WHERE tender_control_id = ?"
_STATUS = "SELECT status FROM tender_control WHERE id = ?"
_EVENT = "SELECT unbalanced_by, receipt_number FROM payment_event WHERE id = ?"
_OWED = "SELECT coalesce(sum(current_balance), 0) FROM service_agreement WHERE account_id = ?"
_JOURNAL = "SELECT command_id, result FROM journal ORDER BY id LIMIT -1 OFFSET ?"
_SEQUENCE = "SELECT sequence FROM node WHERE name = ?"
_ONCE_MORE = 5
"""Entries that are verified again though they were all right before the last restart."""


def check_touched(office: Workstation, world: World) -> None:
    """Drawers, events and accounts of the last step, and that nothing was written behind anybody's back."""
    check_papers(office, world.accountant)
    check_things(office, world, world.touched_drawers, world.touched_visits)
    for account in world.touched_accounts:
        owed = office.rows(_OWED, (account,))[0][0]
        require(owed == world.owed[account], "I2", f"account {account} owes {owed}, on paper {world.owed[account]}")
    world.touched_drawers.clear()
    world.touched_visits.clear()
    world.touched_accounts.clear()


def check_things(office: Workstation, world: World, drawers: Mapping[int, Drawer], visits: Mapping[int, Visit]) -> None:
    """A machine has drawers and events as hands have them."""
    for drawer in drawers.values():
        _check_drawer(office, drawer)
    for visit in visits.values():
        if visit in world.visits:
            _check_visit(office, visit)


def _check_drawer(office: Workstation, drawer: Drawer) -> None:
    booked = {code: amount for code, amount in office.rows(_TOTALS, (drawer.id,)) if amount}
    require(
        booked == drawer.expected,
        "I7",
        f"drawer {drawer.source} is booked with {booked}; hands put in {drawer.expected}",
    )
    status = office.rows(_STATUS, (drawer.id,))[0][0]
    require(
        status == drawer.status, "I15", f"drawer {drawer.source} is {status}, the operator was told {drawer.status}"
    )


def _check_visit(office: Workstation, visit: Visit) -> None:
    rows = office.rows(_EVENT, (visit.id,))
    require(bool(rows), "lost", f"event {visit.id} is gone")
    unbalanced_by, receipt = rows[0]
    require(
        unbalanced_by == visit.unbalanced_by,
        "I5",
        f"event {visit.id} is unbalanced by {unbalanced_by}; what was handed over says {visit.unbalanced_by}",
    )
    require(receipt == visit.receipt, "I10", f"event {visit.id} has receipt {receipt}; printed was {visit.receipt}")


def check_blindness(office: Workstation, drawer: Drawer, not_blind: str) -> None:
    """The owner of a blind drawer is not shown what it should hold before it was counted (R reliability C3)."""
    with reading(office.door.database, access=EVERYTHING) as store:
        config = office.door.current_config(store)
        statement = drawer_queries.drawer_statement(store, config, drawer.id, may_see_expected=False)
    if drawer.owner == not_blind or statement.counts:
        return  # this one is not blind; and what was counted may be compared
    shown = [line.expected for line in statement.tender_types if line.expected is not None]
    require(not shown and statement.like_cash is None, "C3", f"drawer {drawer.source} shows {shown} before its count")


def check_told(office: Workstation, world: World, delivered: int) -> None:
    """Every acknowledged command is in the journal once, with the result that was told; and no other is."""
    compare(office.rows(_JOURNAL, (delivered,)), world.told)


def compare(found: Sequence[tuple[str, str]], told: Sequence[Told]) -> None:
    """Command ids and results of a journal are those that operators were told, each once."""
    present = dict(found)
    lost = [each for each in told if each.command_id not in present]
    require(not lost, "lost", f"{len(lost)} acknowledged commands are gone, the first a {_name(lost)}")
    require(
        len(found) == len(told),
        "doubled",
        f"the journal has {len(found)} commands, operators were told of {len(told)}",
    )
    for each in told:
        require(present[each.command_id] == each.result, "lost", f"the result of {each.name} is another now")


def _name(lost: list[Told]) -> str:
    return lost[0].name if lost else ""


def check_number_of_commands(office: Workstation, world: World, delivered: int) -> None:
    """The cheap form of `check_told`, after each step."""
    sequence = office.rows(_SEQUENCE, (office.node,))[0][0]
    wanted = delivered + len(world.told)
    require(sequence >= wanted, "lost", f"the journal ends at {sequence} instead of {wanted}")
    require(sequence <= wanted, "doubled", f"the journal ends at {sequence} instead of {wanted}")


def check_ledger(office: Workstation, recent: int | None = None) -> None:
    """`cashier verify`, integrity of the file included; after a restart of what came since it was verified last."""
    if recent is None:
        verdict = verify(office.door.database)
    else:
        verdict = verify_after_accident(office.door.database, recent + _ONCE_MORE)
    if not verdict.ok:
        raise Violation(verdict.problems[0].code, str(verdict.problems[0]))
