"""The general ledger's papers: trial balance and journal entries of runs, as PDF, XLSX and CSV (row C6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Final

from cashier_app.documents.csv_out import csv_bytes
from cashier_app.documents.text import date_text
from cashier_app.documents.trial_balance import (
    AccountLine,
    AccountSection,
    AccountsReportData,
    accounts_workbook,
    render_accounts_report,
)
from cashier_app.domain.errors import require
from cashier_app.domain.money import decimal_text
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.papers.words import Reader, letterhead
from cashier_app.services.queries.gl_runs import GlEntryRow, GlRunFacts
from cashier_app.services.queries.trial_balance import TrialBalance, TrialBalanceRow

FORMS: Final = (".pdf", ".xlsx", ".csv")
"""What reports of accounts are written as."""


def trial_balance_data(config: Configuration, found: TrialBalance, reader: Reader) -> AccountsReportData:
    """A trial balance as it prints."""
    period = f"period {found.period} of {found.fiscal_year}"
    unsent = any(row.unsent for row in found.rows)
    notes = ("Some of it has not gone to the general ledger yet; the next run takes it there.",) if unsent else ()
    return AccountsReportData(
        letterhead=letterhead(config),
        imprint=reader.imprint(f"TB {found.fiscal_year}-{found.period:02d}"),
        title="Trial balance",
        period=period,
        sections=tuple(
            AccountSection(
                title=f"Division {division}",
                currency=currency,
                lines=tuple(
                    AccountLine(
                        gl_account=row.gl_account,
                        description=row.description,
                        opening=row.opening,
                        debit=row.debit,
                        credit=row.credit,
                    )
                    for row in rows
                ),
            )
            for (currency, division), rows in _grouped(found.rows, lambda row: (row.currency, row.gl_division))
        ),
        notes=notes,
        locale=reader.locale,
    )


def _grouped(
    rows: Iterable[TrialBalanceRow], key: Callable[[TrialBalanceRow], tuple[str, str]]
) -> Iterable[tuple[tuple[str, str], list[TrialBalanceRow]]]:
    return [(found, list(group)) for found, group in groupby(rows, key=key)]


def trial_balance_file(config: Configuration, found: TrialBalance, form: str, reader: Reader) -> bytes:
    """A trial balance as `.pdf`, `.xlsx` or `.csv`; refuses another form with GL-012."""
    if form.lower() == ".csv":
        titles = ["year", "period", "currency", "division", "account", "description"]
        titles += ["opening", "debit", "credit", "closing"]
        return csv_bytes(titles, (_csv_row(found, row) for row in found.rows))
    return _drawn(trial_balance_data(config, found, reader), form)


def _csv_row(found: TrialBalance, row: TrialBalanceRow) -> tuple[str | int, ...]:
    amounts = (row.opening, row.debit, row.credit, row.closing)
    return (
        *(found.fiscal_year, found.period, row.currency, row.gl_division, row.gl_account, row.description),
        *(decimal_text(amount, row.currency) for amount in amounts),
    )


def _drawn(data: AccountsReportData, form: str) -> bytes:
    require(form.lower() in FORMS, "GL-012", f"{form!r} is no form of this report; it comes as {', '.join(FORMS)}.")
    return render_accounts_report(data) if form.lower() == ".pdf" else accounts_workbook(data)


def run_data(config: Configuration, facts: GlRunFacts, reader: Reader) -> AccountsReportData:
    """The journal entry of a run as it prints."""
    run = facts.run

    def key(entry: GlEntryRow) -> tuple[str, str, int, int]:
        return (entry.currency, entry.gl_division, entry.fiscal_year, entry.period)

    return AccountsReportData(
        letterhead=letterhead(config),
        imprint=reader.imprint(f"GL RUN {run.number}"),
        title="General ledger run",
        period=f"number {run.number}",
        facts=(
            ("Business date", date_text(run.business_date, reader.locale)),
            ("Started", reader.moment(run.started_at)),
            ("Started by", run.user),
            ("Transactions", f"{run.ft_count:,}"),
            ("GL lines", f"{run.line_count:,}"),
            ("Left for later", f"{run.held_count:,}" if run.held_count else ""),
        ),
        has_balances=False,
        sections=tuple(
            AccountSection(
                title=f"Division {division}, period {period} of {year}",
                currency=currency,
                lines=tuple(_entry_line(entry) for entry in entries),
            )
            for (currency, division, year, period), entries in groupby(facts.entries, key=key)
        ),
        notes=tuple(f"File {file.layout}: {file.byte_count:,} bytes, SHA-256 {file.digest}" for file in facts.files),
        locale=reader.locale,
    )


def _entry_line(entry: GlEntryRow) -> AccountLine:
    return AccountLine(
        gl_account=entry.gl_account,
        description=entry.description,
        opening=0,
        debit=entry.debit,
        credit=entry.credit,
        note=f"{entry.quantity:,} {entry.statistic_code}".strip() if entry.quantity else "",
    )


def run_file(config: Configuration, facts: GlRunFacts, form: str, reader: Reader) -> bytes:
    """The journal entry of a run as `.pdf` or `.xlsx`; refuses another form with GL-012."""
    return _drawn(run_data(config, facts, reader), form)
