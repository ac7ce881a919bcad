"""Pays a whole file in: checks it, then chunk after chunk, and again from where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.configuration import TenderSource, TenderType
from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.domain.money import Money
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.store import batches
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.uploads.bulk_payments import (
    CHUNK,
    BulkPaid,
    BulkState,
    FinishBulkPayments,
    PayInBulk,
    StartBulkPayments,
)
from cashier_app.services.uploads.remittance_file import RemittanceFile, RemittanceTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class PayInReport:
    """What became of a file."""

    file_name: str
    tender_source: str
    payments: int
    amount: Money
    in_suspense: int
    in_error: int
    chunks: int
    chunks_repeated: int
    """Chunks that an earlier run had finished."""
    tender_control_id: int
    deposit_control_id: int
    balanced: bool
    """False while some payments wait to be placed by hand."""
    notes: tuple[str, ...] = ()


def _untold(_done: int, _of: int) -> None:
    """Nobody wants to know."""


def pay_in(
    door: Door,
    path: Path,
    source: str,
    *,
    tender_type: str = "CHEC",
    user_id: int = SYSTEM.id,
    progress: Callable[[int, int], None] = _untold,
) -> PayInReport:
    """Pay a file in, exactly once however often it is called; memory does not grow with the file.

    `progress` is told after each chunk how many payments of how many are done.

    Raises:
        RuleViolation: with every problem of the file and its line; nothing has changed then.
    """
    with reading(door.database, access=EVERYTHING) as store:
        config = door.current_config(store)
    currency = config.get(TenderSource, source, "tender_source").currency
    allowed = frozenset(code for code, each in config.all(TenderType).items() if not each.generate_auto_pay)
    file = RemittanceFile(path, currency, tender_type)
    totals = file.totals(allowed, door.clock.business_date())
    state = _start(door, file, source, totals, user_id)
    paid: list[BulkPaid] = []
    repeated = 0
    done = 0
    if state.status is not ControlStatus.BALANCED:
        for number, rows in enumerate(batches(file.rows(), CHUNK), start=1):
            command = PayInBulk(tender_control_id=state.tender_control_id, chunk=number, rows=tuple(rows))
            outcome = door.execute(command, user_id=user_id, command_id=chunk_id(file.digest, source, number))
            paid.append(outcome.result)
            repeated += outcome.repeated
            done += len(rows)
            progress(done, totals.count)
    notes = _finish(door, state, currency, totals, user_id)
    return PayInReport(
        file_name=path.name,
        tender_source=source,
        payments=totals.count,
        amount=Money(totals.amount, currency),
        in_suspense=sum(chunk.in_suspense for chunk in paid),
        in_error=sum(chunk.in_error for chunk in paid),
        chunks=len(paid),
        chunks_repeated=repeated,
        tender_control_id=state.tender_control_id,
        deposit_control_id=state.deposit_control_id,
        balanced=not notes,
        notes=notes,
    )


def chunk_id(digest: str, source: str, number: int) -> str:
    """The command id of a chunk: the same whenever and wherever the file is paid in."""
    return hashlib.sha256(f"{source} {digest} {number}".encode()).hexdigest()[:32]


def _start(door: Door, file: RemittanceFile, source: str, totals: RemittanceTotals, user_id: int) -> BulkState:
    command = StartBulkPayments(
        tender_source=source,
        file_name=file.file.path.name,
        digest=file.digest,
        count=totals.count,
        amount=Money(totals.amount, file.currency),
    )
    state: BulkState = door.execute(command, user_id=user_id).result
    return state


def _finish(door: Door, state: BulkState, currency: str, totals: RemittanceTotals, user_id: int) -> tuple[str, ...]:
    if state.status is ControlStatus.BALANCED:
        return ()
    sums = {code: Money(amount, currency) for code, amount in totals.by_tender_type.items()}
    try:
        door.execute(FinishBulkPayments(tender_control_id=state.tender_control_id, totals=sums), user_id=user_id)
    except RuleViolation as refusal:
        if refusal.codes != ("BLK-011",):
            raise
        return tuple(str(problem) for problem in refusal.problems)
    return ()
