"""Check requests on their way to accounts payable: extracted when their cut date has come, each once (R batch 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, func, select

from cashier_app.domain.errors import refuse
from cashier_app.domain.gl_tables import FileLayout, FileUse
from cashier_app.domain.lifecycles import CheckStatus
from cashier_app.domain.money import Money
from cashier_app.models.check_request import ApRun, CheckRequest
from cashier_app.services.general_ledger.layouts import CSV, Section, write_file
from cashier_app.services.kernel.codec import from_json, to_json
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

_COLUMNS = (
    CheckRequest.id,
    CheckRequest.adjustment_id,
    CheckRequest.request_type,
    CheckRequest.amount,
    CheckRequest.currency,
    CheckRequest.payee,
    CheckRequest.address,
    CheckRequest.payment_method,
    CheckRequest.tax_category,
    CheckRequest.cut_date,
)
_DUE = Statement(
    select(*_COLUMNS)
    .where(CheckRequest.status == CheckStatus.REQUESTED.value, CheckRequest.cut_date <= bindparam("business_date"))
    .order_by(CheckRequest.currency, CheckRequest.id)
)
_OF_RUN = Statement(
    select(*_COLUMNS)
    .where(CheckRequest.ap_run_id == bindparam("run_id"))
    .order_by(CheckRequest.currency, CheckRequest.id)
)
_LAST_NUMBER = Statement(select(func.max(ApRun.number)))
_RUN = Statement(
    select(
        *(ApRun.id, ApRun.number, ApRun.batch_code, ApRun.business_date, ApRun.started_at),
        *(ApRun.request_count, ApRun.layout, ApRun.digest),
    ).where(ApRun.number == bindparam("number"))
)
_INSERT = insertion(
    ApRun, "id number batch_code business_date started_at started_by request_count layout byte_count digest"
)
_EXTRACT = change(CheckRequest, "status ap_run_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractChecks:
    """Hand over every check request whose cut date has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksExtracted:
    """The run and its totals; without a number there was nothing to hand over."""

    number: int | None
    requests: int
    totals: tuple[Money, ...]
    """By currency."""


@dataclass(frozen=True, slots=True)
class _Run:
    """As far as its file needs it."""

    id: int
    number: int
    batch_code: str
    business_date: Any
    started_at: Any


@handles(ExtractChecks, right="RunAp")
def extract_checks(_command: ExtractChecks, work: Work) -> ChecksExtracted:
    """One run with everything due; its file can be made again from its number at any time."""
    store = work.store
    due = store.all(_DUE, business_date=work.business_date)
    if not due:
        return ChecksExtracted(number=None, requests=0, totals=())
    number = (store.value(_LAST_NUMBER) or 0) + 1
    run = _Run(work.new_id(), number, work.config.installation.ap_batch_code, work.business_date, work.instant)
    code = work.config.installation.ap_file_layout
    layout = work.config.get(FileLayout, code) if code else None
    content = write_file(layout, FileUse.ACCOUNTS_PAYABLE, list(_sections(run, due)))
    digest = hashlib.sha256(content).hexdigest()
    row = (
        *(run.id, number, run.batch_code, run.business_date, run.started_at, work.user.id),
        *(len(due), to_json(layout), len(content), digest),
    )
    store.write(_INSERT, [row])
    store.write(_EXTRACT, [(CheckStatus.EXTRACTED.value, run.id, request.id) for request in due])
    work.changed("check_request", *(request.id for request in due))
    return ChecksExtracted(number=number, requests=len(due), totals=tuple(_totals(due)))


def file_of(store: Store, number: int) -> tuple[str, bytes]:
    """The file of a run, the same bytes every time, with its name.

    Raises:
        RuleViolation: CHK-005 for a number that is no run; CHK-006 where it would not be the same any more.
    """
    run = store.one(_RUN, ("CHK-005", f"There is no accounts payable run {number}."), number=number)
    layout: FileLayout | None = from_json(run.layout, FileLayout | None)  # type: ignore[arg-type]
    content = write_file(layout, FileUse.ACCOUNTS_PAYABLE, list(_sections(run, store.all(_OF_RUN, run_id=run.id))))
    if hashlib.sha256(content).hexdigest() != run.digest:
        refuse("CHK-006", f"The file of run {number} is not what was sent. Run `cashier verify`.")
    name, extension = (layout.code, layout.extension) if layout else (CSV, "csv")
    return f"{run.batch_code}-{number:06d}-{name}.{extension}", content


def _totals(requests: Sequence[Any]) -> Iterator[Money]:
    for currency, group in groupby(requests, key=lambda request: request.currency):
        yield Money(sum(request.amount for request in group), currency)


def _sections(run: Any, requests: Sequence[Any]) -> Iterator[Section]:
    for currency, group in groupby(requests, key=lambda request: request.currency):
        details = tuple(_detail(run, request) for request in group)
        facts = {
            "run_number": run.number,
            "run_moment": run.started_at,
            "business_date": run.business_date,
            "batch_code": run.batch_code,
            "currency": currency,
            "detail_count": len(details),
            "total": Money(sum(detail["amount"].minor for detail in details), currency),
        }
        yield Section(facts, details)


def _detail(run: Any, request: Any) -> Mapping[str, Any]:
    return {
        "run_number": run.number,
        "request_id": request.id,
        "adjustment_id": request.adjustment_id,
        "payee": request.payee,
        "address": request.address,
        "amount": Money(request.amount, request.currency),
        "currency": request.currency,
        "cut_date": request.cut_date,
        "payment_method": request.payment_method,
        "tax_category": request.tax_category,
        "request_type": request.request_type,
    }
