"""Addresses of figures: whoever shows one says what it is, of what, and which part; `services.explaining` knows why.

An address is a short text such as `agreement:1099511627790:current`, so that a screen, the command line and the server
name a figure alike.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, NewType

from cashier_app.domain.errors import refuse

Figure = NewType("Figure", str)
"""The address of a figure."""

NO_FIGURE = Figure("")
LONGEST = 400
"""More characters than any address has."""


class FigureKind(StrEnum):
    """What a figure is. The parameters of its explainer say of what, and which part."""

    ACCOUNT = "account"
    """Balance of an account."""
    BALANCE_THEN = "balance-then"
    """What the current balance of an account came to with a transaction."""
    AGREEMENT = "agreement"
    """Balance of an agreement, the utility's own included."""
    HOLDING = "holding"
    """What an agreement holds on a code until the customer pays."""
    TRANSACTION = "ft"
    """What a financial transaction does to a balance."""
    GL_LINE = "gl-line"
    """One side of a transaction's journal entry."""
    EVENT = "event"
    PAYMENT = "payment"
    SEGMENT = "segment"
    """What a payment gives to one agreement."""
    SHARE = "share"
    """What a payment that is only previewed would give to one agreement."""
    TENDER = "tender"
    DEBT = "debt"
    """A bucket of aged debt."""
    DEBT_PIECE = "debt-piece"
    """Debt of one age, to the day."""
    CREDIT = "credit"
    """Credit rating or cash-only score."""
    DRAWER = "drawer"
    DEPOSIT = "deposit"
    TURN_IN = "turn-in"
    SLIP = "slip"
    Z_REPORT = "z-report"
    """What a Z report said."""
    SEAL = "seal"
    """The grand total in a seal."""
    ADJUSTMENT = "adjustment"
    APPROVAL = "approval"
    """The amount that somebody is asked to approve."""
    CHECK = "check"
    """A check request."""
    DAY_TOTAL = "day-total"
    """Of the books of a day."""
    TRIAL_BALANCE = "trial-balance"
    """A cell of the trial balance."""
    GL_RUN = "gl-run"
    """A control total of a run to the general ledger."""
    GL_ENTRY = "gl-entry"
    """A line of a run's journal entry."""
    GL_SOURCE = "gl-source"
    """What a line of a run took from one code on one day."""
    COMPANY_DEBT = "company-debt"
    BATCH_RUN = "batch-run"
    """What a run of a batch job came to."""
    TO_DO = "to-do"
    """How much waits for the viewer."""
    APPROVAL_AGE = "approval-age"
    """How many requests have waited so long."""
    UNSENT = "unsent"
    """How many commands of a branch its server is not known to have."""
    RECORDED_HERE = "recorded-here"
    """What an account has paid at a branch that its balance does not know of yet."""
    BOOKED = "booked"
    """What the server made of a branch's payment, or of one share of it."""
    COMMAND = "command"
    """Who did what, when, where, with whose approval: an entry of the journal."""
    RULE = "rule"
    """An algorithm with its parameters from a date on."""
    CONTROL = "control"
    """A record of a control table, as it was when a command ran."""


class ReadFigure(NamedTuple):
    """An address taken apart."""

    kind: FigureKind
    keys: tuple[str, ...]


def figure(kind: FigureKind, *keys: object) -> Figure:
    """The address of a figure."""
    return Figure(":".join((kind.value, *(str(key).replace("%", "%25").replace(":", "%3A") for key in keys))))


def read_figure(text: str) -> ReadFigure:
    """An address taken apart; refuses with EXP-001 what is none."""
    name, *keys = text.split(":")
    if len(text) > LONGEST or name not in set(FigureKind):
        refuse("EXP-001", f"There is no figure {text[:60]!r}. Kinds are: {', '.join(FigureKind)}.", "figure")
    return ReadFigure(FigureKind(name), tuple(key.replace("%3A", ":").replace("%25", "%") for key in keys))
