"""The columns of the general ledger's tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.calendars import Period
from cashier_app.domain.figures import Figure, FigureKind, figure
from cashier_app.domain.gl_tables import DistributionCode, GlAccount
from cashier_app.services.queries.check_requests import CheckRow
from cashier_app.services.queries.gl_runs import GlEntryRow, GlRunRow
from cashier_app.services.queries.transactions import FtFact
from cashier_app.services.queries.trial_balance import TrialBalanceRow
from cashier_app.ui.table_models.rows import Align, Column, amount_column
from cashier_app.ui.views.ledger_words import ft_words, manner
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.words import Tone

WIDE: Final = "-12,345,678.00"
"""As wide as amounts of a whole company are."""


def run_state(status: str) -> tuple[str, Tone]:
    """How a run stands, in words."""
    translate = QCoreApplication.translate
    if status == "CLOSED":
        return translate("gl", "handed over"), "good"
    return translate("gl", "under way"), "attention"


def check_state(status: str) -> tuple[str, Tone]:
    """How a check stands, in words."""
    translate = QCoreApplication.translate
    words: dict[str, tuple[str, Tone]] = {
        "REQUESTED": (translate("gl", "to be cut"), "neutral"),
        "EXTRACTED": (translate("gl", "at accounts payable"), "attention"),
        "HELD": (translate("gl", "held"), "danger"),
        "PAID": (translate("gl", "paid"), "good"),
        "CANCELED": (translate("gl", "canceled"), "neutral"),
    }
    return words.get(status, (status.lower(), "neutral"))


def run_columns() -> list[Column[GlRunRow]]:
    """Runs."""
    translate = QCoreApplication.translate
    return [
        Column[GlRunRow](
            translate("gl", "Run"), lambda row: str(row.number), lambda row: row.number, align=Align.END, sample="123"
        ),
        Column[GlRunRow](
            translate("gl", "Day"),
            lambda row: when.day(row.business_date),
            lambda row: row.business_date,
            stretch=1,
            tooltip=lambda row: run_state(row.status)[0],
        ),
        Column[GlRunRow](
            translate("gl", "Transactions"),
            lambda row: f"{row.ft_count:,}" if row.status == "CLOSED" else run_state(row.status)[0],
            lambda row: row.ft_count,
            align=Align.END,
            sample="Transactions",
            figure=lambda row: figure(FigureKind.GL_RUN, row.run_id, "transactions"),
        ),
    ]


def entry_columns(run_id: Callable[[], int]) -> list[Column[GlEntryRow]]:
    """Lines of the journal entry of a run."""
    translate = QCoreApplication.translate
    return [
        Column[GlEntryRow](
            translate("gl", "Account"), lambda row: row.gl_account, lambda row: row.gl_account, sample="10-1010-00"
        ),
        Column[GlEntryRow](
            translate("gl", "Description"), lambda row: row.description, lambda row: row.description, stretch=1
        ),
        Column[GlEntryRow](
            translate("gl", "Period"),
            lambda row: f"{row.period}/{row.fiscal_year}",
            lambda row: (row.fiscal_year, row.period),
            tooltip=lambda row: row.gl_division,
            sample="12/2026",
        ),
        amount_column(
            translate("gl", "Debit"),
            lambda row: manner(row.currency).grid(row.debit),
            lambda row: row.debit,
            sample=WIDE,
            figure=lambda row: figure(FigureKind.GL_ENTRY, run_id(), row.line, "debit"),
        ),
        amount_column(
            translate("gl", "Credit"),
            lambda row: manner(row.currency).grid(row.credit),
            lambda row: row.credit,
            sample=WIDE,
            figure=lambda row: figure(FigureKind.GL_ENTRY, run_id(), row.line, "credit"),
        ),
    ]


def ft_columns() -> list[Column[FtFact]]:
    """Transactions behind a figure."""
    translate = QCoreApplication.translate
    return [
        Column[FtFact](
            translate("gl", "What"), lambda row: ft_words(row.kind), lambda row: row.kind, sample="Adjustment"
        ),
        Column[FtFact](
            translate("gl", "Agreement"), lambda row: row.sa_description, lambda row: row.sa_description, stretch=1
        ),
        Column[FtFact](
            translate("gl", "Accounting date"),
            lambda row: when.day(row.accounting_date),
            lambda row: row.accounting_date,
            sample="24 Nov 2026",
        ),
        amount_column(
            translate("gl", "Amount"),
            lambda row: manner(row.currency).grid(row.current_amount),
            lambda row: row.current_amount,
            figure=lambda row: figure(FigureKind.TRANSACTION, row.ft_id, "current"),
        ),
    ]


def balance_columns(period: Callable[[], tuple[int, int]]) -> list[Column[TrialBalanceRow]]:
    """The trial balance."""
    translate = QCoreApplication.translate

    def money(title: str, which: str) -> Column[TrialBalanceRow]:
        def value(row: TrialBalanceRow) -> int:
            return int(getattr(row, which))

        def address(row: TrialBalanceRow) -> Figure:
            code = "" if row.gl_account else row.description
            place = (row.currency, row.gl_division, row.gl_account, code, *period())
            return figure(FigureKind.TRIAL_BALANCE, *place, which)

        written = lambda row: manner(row.currency).grid(value(row))  # noqa: E731  # beside its two brothers
        return amount_column(title, written, value, sample=WIDE, figure=address)

    return [
        Column[TrialBalanceRow](
            translate("gl", "Division"), lambda row: row.gl_division, lambda row: row.gl_division, sample="DIVISION"
        ),
        Column[TrialBalanceRow](
            translate("gl", "Account"),
            lambda row: row.gl_account or translate("gl", "no account"),
            lambda row: row.gl_account,
            sample="10-1010-00",
        ),
        Column[TrialBalanceRow](
            translate("gl", "Description"), lambda row: row.description, lambda row: row.description, stretch=1
        ),
        money(translate("gl", "Opening"), "opening"),
        money(translate("gl", "Debit"), "debit"),
        money(translate("gl", "Credit"), "credit"),
        money(translate("gl", "Closing"), "closing"),
        money(translate("gl", "Not sent yet"), "unsent"),
    ]


def check_columns() -> list[Column[CheckRow]]:
    """Check requests."""
    translate = QCoreApplication.translate
    return [
        Column[CheckRow](
            translate("gl", "Cut on"),
            lambda row: when.day(row.cut_date),
            lambda row: row.cut_date,
            sample="24 Nov 2026",
        ),
        Column[CheckRow](translate("gl", "Payee"), lambda row: row.payee, lambda row: row.payee, stretch=2),
        Column[CheckRow](translate("gl", "Account"), lambda row: row.account_number, sample="00100000012"),
        Column[CheckRow](
            translate("gl", "State"),
            lambda row: check_state(row.status)[0],
            lambda row: row.status,
            sample="at accounts payable",
        ),
        Column[CheckRow](translate("gl", "Check"), lambda row: row.document_number, sample="1234567"),
        amount_column(
            translate("gl", "Amount"),
            lambda row: manner(row.currency).grid(row.amount),
            lambda row: row.amount,
            figure=lambda row: figure(FigureKind.CHECK, row.request_id),
        ),
    ]


def period_columns(today: Callable[[], date]) -> list[Column[Period]]:
    """Fiscal periods."""
    translate = QCoreApplication.translate

    def is_open(row: Period) -> str:
        takes = row.open_from <= today() <= row.open_to
        return translate("gl", "open") if takes else translate("gl", "closed")

    def day(title: str, value: Callable[[Period], date]) -> Column[Period]:
        return Column[Period](title, lambda row: when.day(value(row)), value, sample="24 Nov 2026")

    return [
        Column[Period](
            translate("gl", "Period"),
            lambda row: f"{row.number}/{row.year}",
            lambda row: (row.year, row.number),
            sample="12/2026",
        ),
        day(translate("gl", "Begins"), lambda row: row.begin),
        day(translate("gl", "Ends"), lambda row: row.end),
        day(translate("gl", "Open from"), lambda row: row.open_from),
        day(translate("gl", "Open to"), lambda row: row.open_to),
        Column[Period](translate("gl", "Today"), is_open, stretch=1),
    ]


def code_columns() -> list[Column[DistributionCode]]:
    """Distribution codes."""
    translate = QCoreApplication.translate
    return [
        Column[DistributionCode](
            translate("gl", "Code"), lambda row: row.code, lambda row: row.code, sample="A/R-ELEC-RES"
        ),
        Column[DistributionCode](
            translate("gl", "Description"), lambda row: row.description, lambda row: row.description, stretch=1
        ),
        Column[DistributionCode](translate("gl", "Account"), _latest, _latest, sample="10-1010-00"),
    ]


def _latest(code: DistributionCode) -> str:
    latest = max(code.gl_accounts, key=lambda detail: detail.effective, default=None)
    return latest.gl_account if latest else ""


def detail_columns() -> list[Column[GlAccount]]:
    """GL accounts of a code from their dates on."""
    translate = QCoreApplication.translate
    return [
        Column[GlAccount](
            translate("gl", "From"),
            lambda row: when.day(row.effective),
            lambda row: row.effective,
            sample="24 Nov 2026",
        ),
        Column[GlAccount](translate("gl", "Account"), lambda row: row.gl_account, stretch=1),
        Column[GlAccount](translate("gl", "Statistic"), lambda row: row.statistic_code, sample="STATISTIC"),
        Column[GlAccount](translate("gl", "Fund"), lambda row: row.fund, sample="FUND-123"),
        Column[GlAccount](
            translate("gl", "State"),
            lambda row: translate("gl", "active") if row.active else translate("gl", "not used"),
            sample="not used",
        ),
    ]
