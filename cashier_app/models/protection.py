"""Triggers with which the database itself refuses to change history (design D3, R reliability D8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CHANGEABLE_ON_FROZEN_FT = (
    "bill_id",
    "arrears_date",
    "new_charge",
    "redundant",
    "match_event_id",
    "gl_status",
)
"""The only columns of a frozen FT that may still change (R billing 2.2)."""

_FT_COLUMNS = (
    "id",
    "kind",
    "source_id",
    "reverses_ft_id",
    "sa_id",
    "currency",
    "cis_division",
    "gl_division",
    "current_amount",
    "payoff_amount",
    "accounting_date",
    "frozen_at",
    "frozen_by",
    "correction",
    "show_on_bill",
    "not_in_arrears",
    "gl_date",
    "journal_id",
    "algorithm",
)

_FT_IS_FROZEN = "EXISTS (SELECT 1 FROM financial_transaction f WHERE f.id = OLD.ft_id AND f.frozen_at IS NOT NULL)"
_TAKEN = "status IN ('RECORDED', 'FROZEN', 'CANCELED')"
_PAYMENT_IS_FINAL = (
    "EXISTS (SELECT 1 FROM payment p WHERE p.id = OLD.payment_id AND p.status IN ('FROZEN', 'CANCELED'))"
)
_IS_FINAL = "OLD.status IN ('FROZEN', 'CANCELED')"
_ADJUSTMENT_IS_FINAL = (
    "EXISTS (SELECT 1 FROM adjustment a WHERE a.id = OLD.adjustment_id AND a.status IN ('FROZEN', 'CANCELED'))"
)
_EVENT_IS_FINAL = f"EXISTS (SELECT 1 FROM payment p WHERE p.event_id = OLD.event_id AND p.{_TAKEN})"  # noqa: S608  # constants


@dataclass(frozen=True)
class Protection:
    """What is refused on a table, and when."""

    table: str
    columns: tuple[str, ...] = ()
    """Columns whose UPDATE is refused; empty for every column."""
    when: str = ""
    """SQL over OLD; empty for always."""
    delete: bool = True


PROTECTIONS = (
    Protection("financial_transaction", tuple(_FT_COLUMNS), "OLD.frozen_at IS NOT NULL"),
    Protection("gl_line", ("ft_id", "line", "distribution_code", "amount", "statistic_quantity"), _FT_IS_FROZEN),
    Protection("payment", ("id", "event_id", "account_id", "amount", "currency"), f"OLD.{_TAKEN}"),
    Protection("payment_segment", (), _PAYMENT_IS_FINAL),
    Protection("tender", ("id", "event_id", "tender_type", "amount", "tender_control_id"), _EVENT_IS_FINAL),
    Protection(
        "adjustment", ("id", "sa_id", "adjustment_type", "amount", "currency"), "OLD.status IN ('FROZEN', 'CANCELED')"
    ),
    Protection("adjustment_line", (), _ADJUSTMENT_IS_FINAL),
    Protection("adjustment_characteristic", (), _ADJUSTMENT_IS_FINAL),
    # What somebody was asked to approve, and who did, stays as it was.
    Protection(
        "approval_request",
        ("id", "adjustment_id", "adjustment_type", "sa_id", "amount", "currency", "requested_by", "requested_at"),
    ),
    Protection("approval_level", (), "OLD.outcome <> ''"),
    Protection("match_event", ("id", "account_id", "created_on", "created_in")),
    # What was sent stays as it was sent: a staged line, a closed run, which run took a waiting FT.
    Protection("gl_run", (), "OLD.status = 'CLOSED'"),
    Protection("gl_chunk", (), "OLD.status = 'STAGED'"),
    Protection("batch_plan", (), "OLD.status = 'FINISHED'"),
    Protection("batch_chunk", (), "OLD.status = 'DONE'"),
    Protection("gl_held", (), "OLD.sent_run_id IS NOT NULL"),
    Protection(
        "check_request",
        ("id", "adjustment_id", "account_id", "amount", "currency", "payee", "address", "cut_date"),
    ),
    Protection("payment_event", ("id", "receipt_number", "currency"), "OLD.receipt_number IS NOT NULL"),
    # A branch holds copies of the server's, which forgets some when it is restored from a backup.
    Protection("credit_rating_entry", (), "NOT EXISTS (SELECT 1 FROM branch_link)"),
    *(
        Protection(table)
        for table in (
            "journal",
            "journal_part",
            "journal_shape",
            "seal",
            "drawer_report",
            "drawer_count",
            "drawer_count_line",
            "tender_control_count",
            "receipt_print",
            "receipt_print_failure",
            "drawer_opening",
            "control_note",
            "import_run",
            "approval_note",
            "to_do_note",
            "gl_staged",
            "gl_entry",
            "gl_file",
            "ap_run",
            "check_response",
            "batch_error",
        )
    ),
)


def triggers(dialect: str) -> Iterator[str]:
    """The statements that create all triggers on `sqlite` or `postgresql`."""
    if dialect == "postgresql":
        yield _POSTGRESQL_FUNCTION
    for protection in PROTECTIONS:
        yield from (_sqlite if dialect == "sqlite" else _postgresql)(protection)


_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'LEDGER-001: % is history and cannot be changed or deleted', TG_TABLE_NAME USING ERRCODE = '23514';
END $$
"""


def _verbs(protection: Protection) -> Iterator[tuple[str, str]]:
    yield "update", "UPDATE OF " + ", ".join(protection.columns) if protection.columns else "UPDATE"
    if protection.delete:
        yield "delete", "DELETE"


def _sqlite(protection: Protection) -> Iterator[str]:
    when = f"WHEN {protection.when} " if protection.when else ""
    for name, verb in _verbs(protection):
        yield (
            f"CREATE TRIGGER protect_{protection.table}_{name} BEFORE {verb} ON {protection.table} {when}"
            f"BEGIN SELECT RAISE(ABORT, 'LEDGER-001: {protection.table} is history "
            f"and cannot be changed or deleted'); END"
        )


def _postgresql(protection: Protection) -> Iterator[str]:
    # A WHEN clause may not hold a subquery: such conditions go to a function of their own.
    needs_function = "SELECT" in protection.when
    function = "refuse_change"
    if needs_function:
        function = f"protect_{protection.table}"
        yield (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {protection.when} THEN RAISE EXCEPTION "
            f"'LEDGER-001: {protection.table} is history and cannot be changed or deleted' USING ERRCODE = '23514'; "
            "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
    when = f"WHEN ({protection.when}) " if protection.when and not needs_function else ""
    for name, verb in _verbs(protection):
        yield (
            f"CREATE TRIGGER protect_{protection.table}_{name} BEFORE {verb} ON {protection.table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION {function}()"
        )
    yield (
        f"CREATE TRIGGER protect_{protection.table}_truncate BEFORE TRUNCATE ON {protection.table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
