"""Check requests and answers of accounts payable as lists (rows C6, D1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select

from cashier_app.models.check_request import ApRun, CheckRequest, CheckResponse
from cashier_app.models.customer import Account
from cashier_app.services.customers.names import user_names
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.guarded import guarded
from cashier_app.services.kernel.statements import Statement
from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check request in a list."""

    request_id: int
    adjustment_id: int
    account_id: int
    account_number: str
    payee: str
    address: str
    amount: int
    currency: str
    cut_date: date
    status: str
    """`lifecycles.CheckStatus`."""
    payment_method: str
    run_number: int | None
    document_number: str
    document_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApRunRow:
    """A handing-over of check requests."""

    number: int
    business_date: date
    started_at: datetime
    user: str
    request_count: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckExceptionRow:
    """An answer that did not fit."""

    file_name: str
    line: int
    content: str
    problem: str


_CHECKS = guarded(
    select(
        *(CheckRequest.id.label("request_id"), CheckRequest.adjustment_id, CheckRequest.account_id),
        *(Account.number.label("account_number"), CheckRequest.payee, CheckRequest.address, CheckRequest.amount),
        *(CheckRequest.currency, CheckRequest.cut_date, CheckRequest.status, CheckRequest.payment_method),
        *(ApRun.number.label("run_number"), CheckRequest.document_number, CheckRequest.document_date),
    )
    .join(Account, Account.id == CheckRequest.account_id)
    .join(ApRun, ApRun.id == CheckRequest.ap_run_id, isouter=True)
    .where(
        or_(CheckRequest.status == bindparam("status"), bindparam("status") == ""),
        CheckRequest.id < bindparam("before"),
    )
    .order_by(CheckRequest.id.desc())
    .limit(bindparam("most")),
    CheckRequest.account_id,
)
_RUNS = Statement(
    select(ApRun.number, ApRun.business_date, ApRun.started_at, ApRun.started_by, ApRun.request_count, ApRun.digest)
    .order_by(ApRun.number.desc())
    .limit(bindparam("most"))
)
_EXCEPTIONS = Statement(
    select(CheckResponse.file_name, CheckResponse.line, CheckResponse.content, CheckResponse.problem)
    .where(CheckResponse.outcome == "EXCEPTION")
    .order_by(CheckResponse.id.desc())
    .limit(bindparam("most"))
)


def check_requests(
    store: Store, _config: Configuration, status: str = "", *, before: int | None = None, limit: int = 1_000
) -> tuple[CheckRow, ...]:
    """Check requests, the newest first; of one state where it is given; a page of those before one."""
    last = 2**63 - 1 if before is None else before
    return tuple(CheckRow(**row._asdict()) for row in store.all(_CHECKS, status=status, before=last, most=limit))


def ap_runs(store: Store, _config: Configuration, limit: int = 200) -> tuple[ApRunRow, ...]:
    """Runs to accounts payable, the latest first."""
    names = user_names(store)
    return tuple(
        ApRunRow(
            number=row.number,
            business_date=row.business_date,
            started_at=row.started_at,
            user=names.get(row.started_by, ""),
            request_count=row.request_count,
            digest=row.digest,
        )
        for row in store.all(_RUNS, most=limit)
    )


def check_exceptions(store: Store, _config: Configuration, limit: int = 200) -> tuple[CheckExceptionRow, ...]:
    """Answers of accounts payable that did not fit, the latest first."""
    return tuple(CheckExceptionRow(**row._asdict()) for row in store.all(_EXCEPTIONS, most=limit))
