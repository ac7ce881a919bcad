"""A scenario as it was read: what is set up, and the steps in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cashier_app.scenarios.tree import Node
from cashier_app.services.batch.jobs import Job
from cashier_app.services.kernel.commands import Handler

DEFAULT_PASSWORD = "four grey herons at noon"  # noqa: S105  # of users that exist for one scenario
"""Password of users for whom the file gives none."""
SYSTEM_USER = "system"
"""Name of the installation itself in `as:`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningDebt:
    """Something a customer owes before the first step."""

    node: Node
    amount: Node
    since: date | None
    """Arrears date; nothing for a new charge."""
    adjustment_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSpec:
    """An agreement of a customer, by the name the file gives it."""

    name: str
    node: Node
    fields: Mapping[str, Node]
    """Fields of `AgreementIn`."""
    owes: tuple[OpeningDebt, ...]

    @property
    def sa_type(self) -> str:
        """Its SA type."""
        return self.fields["sa_type"].text


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSpec:
    """A customer with one account."""

    name: str
    node: Node
    fields: Mapping[str, Node]
    """Fields of `OpenAccount`."""
    agreements: tuple[AgreementSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSpec:
    """Somebody who signs in."""

    login: str
    node: Node
    full_name: str
    groups: tuple[str, ...]
    drawers: tuple[str, ...]
    own_accounts: tuple[Node, ...]
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is done, or only looked at."""

    place: int
    """1 for the first."""
    node: Node
    when: datetime
    name: str = ""
    user: str = SYSTEM_USER
    workstation: str
    handler: Handler | None = None
    """Of the command; nothing for a step that only expects, restarts or signs in."""
    job: Job | None = None
    """Of a step that runs one; `batch_code` says from which batch control."""
    batch_code: str = ""
    fields: Node | None = None
    """Fields of the command, or parameters of the job."""
    command_id: str | None = None
    approver: str = ""
    approver_password: str = ""
    confirmed: tuple[str, ...] = ()
    preview: bool = False
    restart: bool = False
    sign_in: str = ""
    """Login of who signs in."""
    password: str = ""
    expect: Node | None = None

    @property
    def result(self) -> Any:
        """The shape of what comes of it; nothing where nothing does."""
        return self.handler.result if self.handler else self.job.result if self.job else None

    @property
    def label(self) -> str:
        """How reports call it: `7 pay1 TakePayment`."""
        what = self.handler.name if self.handler else ""
        what = what or (f"run {self.batch_code}" if self.job else "")
        what = what or ("restart" if self.restart else f"sign in {self.sign_in}" if self.sign_in else "")
        return " ".join(str(part) for part in (self.place, self.name, what) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole file."""

    path: str
    text: str
    """The file as it was written: the actual figures are put into it."""
    title: str
    source: str = ""
    about: str = ""
    starts: datetime
    tables: Mapping[str, list[dict[str, Any]]]
    """Control tables, overrides included."""
    tables_line: int
    currency: str
    workstations: tuple[str, ...]
    users: Mapping[str, UserSpec] = field(default_factory=dict)
    customers: Mapping[str, CustomerSpec] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
