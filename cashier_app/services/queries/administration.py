"""Users, groups, the journal, seals and Z reports, as an administrator or auditor reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cashier_app.services.configuration import Configuration
from cashier_app.services.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user with groups and usual drawers."""

    user_id: int
    login: str
    name: str
    active: bool
    groups: tuple[str, ...]
    tender_sources: tuple[str, ...]
    own_accounts: tuple[int, ...]
    rights: frozenset[str]
    failed_sign_ins: int
    locked_until: datetime | None
    last_used: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group of rights."""

    code: str
    description: str
    rights: tuple[str, ...]
    members: tuple[str, ...]
    """Logins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One executed command."""

    journal_id: int
    node: str
    sequence: int
    command_id: str
    command: str
    user: str
    approver: str
    business_date: date
    executed_at: datetime
    content: str
    """The command as JSON."""
    result: str
    """What the caller was told, as JSON."""
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage:
    """Entries, and where the next page begins."""

    rows: tuple[JournalRow, ...]
    next: tuple[datetime, int] | None
    """Give it as `before`; nothing at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """The state of a chain at a moment."""

    seal_id: int
    kind: str
    node: str
    sequence: int
    hash: str
    totals: str
    """Running count and sum by currency, as JSON."""
    business_date: date
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ZReportRow:
    """A numbered, immutable closing report."""

    report_id: int
    node: str
    number: int
    tender_control_id: int
    tender_source: str
    printed_at: datetime
    hash: str
    previous_hash: str


def users(store: Store, config: Configuration, limit: int = 500) -> tuple[UserRow, ...]:
    """Users by login."""
    raise NotImplementedError


def groups(store: Store, config: Configuration) -> tuple[GroupRow, ...]:
    """Groups of rights by code, with their members."""
    raise NotImplementedError


def journal_entries(
    store: Store,
    before: tuple[datetime, int] | None = None,
    limit: int = 100,
    *,
    business_date: date | None = None,
    command: str | None = None,
) -> JournalPage:
    """A page of the journal, newest first; a day's or a command's entries alone where asked."""
    raise NotImplementedError


def journal_entry(store: Store, journal_id: int) -> JournalRow:
    """One entry of the journal; refuses with JRN-001."""
    raise NotImplementedError


def seals(store: Store, limit: int = 100) -> tuple[SealRow, ...]:
    """Seals, newest first."""
    raise NotImplementedError


def z_reports(store: Store, limit: int = 100, control_id: int | None = None) -> tuple[ZReportRow, ...]:
    """Z reports, newest first; of one drawer where asked."""
    raise NotImplementedError
