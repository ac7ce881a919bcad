"""Entries are completed by the command that resolves what they are about, whichever that is (R batch 15).

Whoever adds an entry says what it is about; whoever resolves such a thing says so. The entry then names the command.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, exists, or_, select

from cashier_app.domain.configuration import SaType
from cashier_app.domain.lifecycles import PaymentStatus, ToDoStatus
from cashier_app.models.payment import Payment, PaymentEvent
from cashier_app.models.to_do import ToDo
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work
from cashier_app.services.to_do.entries import complete_entries

_RUN = "run "
_ABOUT = Statement(
    select(ToDo.id, ToDo.subject)
    .where(
        among(ToDo.subject, "subjects"),
        ToDo.to_do_type == bindparam("to_do_type"),
        ToDo.status != ToDoStatus.COMPLETE.value,
    )
    .order_by(ToDo.id)
)
_WAITS = Statement(
    select(ToDo.id).where(ToDo.subject == bindparam("subject"), ToDo.status != ToDoStatus.COMPLETE.value)
)
_OF_EVENTS = Statement(
    select(ToDo.id, ToDo.event_id)
    .where(
        among(ToDo.event_id, "event_ids"),
        or_(ToDo.to_do_type == "UPLOAD_ERROR", ToDo.to_do_type == "SUSPENSE"),
        ToDo.status != ToDoStatus.COMPLETE.value,
    )
    .order_by(ToDo.id)
)
_PLACED = Statement(
    select(PaymentEvent.id)
    .where(
        among(PaymentEvent.id, "event_ids"),
        PaymentEvent.unbalanced_by == 0,
        ~exists(
            select(1).where(
                Payment.event_id == PaymentEvent.id,
                Payment.status != PaymentStatus.CANCELED.value,
                or_(Payment.status != PaymentStatus.FROZEN.value, Payment.distributed_by == "SUSPENSE"),
            )
        ),
    )
    .order_by(PaymentEvent.id)
)


def about_account(account_id: int) -> str:
    """What is about a customer."""
    return f"account {account_id}"


def about_node(node_id: int) -> str:
    """What is about a workstation."""
    return f"node {node_id}"


def about_run(run_id: str) -> str:
    """What is about a batch run as a whole."""
    return f"{_RUN}{run_id}"


def run_in(subject: str) -> str:
    """The run that an entry is about; empty where it is about something else."""
    return subject.removeprefix(_RUN) if subject.startswith(_RUN) else ""


def about_unit(batch_code: str, unit: int) -> str:
    """What is about a unit that a batch job could not do."""
    return f"unit {batch_code} {unit}"


ABOUT_MAIL = "mail"
"""What is about the mail server."""


def waits(store: Store, subject: str) -> bool:
    """Whether something waits about this."""
    return store.first(_WAITS, subject=subject) is not None


def told(work: Work, to_do_type: str, subjects: Iterable[str]) -> frozenset[str]:
    """About which of these things an entry waits already."""
    found = work.store.all(_ABOUT, to_do_type=to_do_type, subjects=sorted(set(subjects)))
    return frozenset(row.subject for row in found)


def resolve(work: Work, to_do_type: str, subjects: Iterable[str]) -> None:
    """Complete what waits about these things."""
    found = work.store.all(_ABOUT, to_do_type=to_do_type, subjects=sorted(set(subjects)))
    complete_entries(work, [row.id for row in found])


def resolve_oldest(work: Work, to_do_type: str, subjects: Iterable[str]) -> None:
    """Complete the oldest of what waits, one for each time that a thing is named."""
    wanted = list(subjects)
    done = []
    for row in work.store.all(_ABOUT, to_do_type=to_do_type, subjects=sorted(set(wanted))):
        if row.subject in wanted:
            wanted.remove(row.subject)
            done.append(row.id)
    complete_entries(work, done)


class Charge(NamedTuple):
    """A customer who was charged something."""

    adjustment_type: str
    account_id: int


def resolve_charges(work: Work, charges: Iterable[Charge]) -> None:
    """Complete what waits about returned checks: for each fee or cash back that is charged now, the oldest."""
    fees = {kind.nsf_adjustment_type for kind in work.config.all(SaType).values()} - {""}
    types = {"NSF-FEE": fees, "NSF-CASH-BACK": {work.config.installation.cash_back_adjustment_type} - {""}}
    found = list(charges)
    for to_do_type, adjustment_types in types.items():
        charged = [about_account(each.account_id) for each in found if each.adjustment_type in adjustment_types]
        if charged:
            resolve_oldest(work, to_do_type, charged)


def resolve_events(work: Work, event_ids: Iterable[int]) -> None:
    """Complete what waits about payment events whose money is placed now: with customers, or given back."""
    found = work.store.all(_OF_EVENTS, event_ids=sorted(set(event_ids)))
    if found:
        placed = {row.id for row in work.store.all(_PLACED, event_ids=sorted({row.event_id for row in found}))}
        complete_entries(work, [row.id for row in found if row.event_id in placed])
