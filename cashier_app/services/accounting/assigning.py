"""Which GL account a line goes to: the distribution code's algorithm, on the FT's accounting date (S1 p.73-74)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cashier_app.domain.gl_tables import DistributionCode, GlAccount
from cashier_app.domain.system_events import GlAccountRequest, SystemEvent
from cashier_app.services.kernel.configuration import Configuration


class Assignment(NamedTuple):
    """An account, and what goes with it to the general ledger."""

    gl_account: str
    statistic_code: str
    fund: str
    algorithm: str
    """What decided it, with the date of its parameters."""


def assign(config: Configuration, distribution_code: str, on: date) -> Assignment | None:
    """The account of a distribution code on a date; nothing where none is in force or the code is not set up."""
    code = config.all(DistributionCode).get(distribution_code)
    if code is None:
        return None
    rule = config.rule(code.gl_account_rule or config.installation.gl_account, SystemEvent.GL_ACCOUNT, on)
    account: str = rule.call(GlAccountRequest(on, code.gl_accounts))
    if not account:
        return None
    detail = _detail(code.gl_accounts, on)
    return Assignment(account, detail.statistic_code, detail.fund, rule.label)


def _detail(details: tuple[GlAccount, ...], on: date) -> GlAccount:
    """What is said beside the account: of the latest active detail, whichever account the algorithm made of it."""
    effective = [detail for detail in details if detail.active and detail.effective <= on]
    return max(effective, key=lambda detail: detail.effective, default=GlAccount(effective=on, gl_account=""))
