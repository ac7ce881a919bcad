"""The sums under the books: of a day by its codes, of a division by its accounts; credits equal debits in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from cashier_app.domain.figures import Figure, FigureKind, figure
from cashier_app.services.explaining.explanation import Asked, Explanation, Part, Reason, page_of
from cashier_app.services.queries.ledger import TrialTotal, trial_totals
from cashier_app.services.queries.trial_balance import trial_balance

SIDES: Final = {"debit": "Debits", "credit": "Credits", "lines": "Lines"}
_OTHER: Final = {"debit": "credit", "credit": "debit"}


def whole_day(asked: Asked, day: date, currency: str, which: str) -> Explanation:
    """Debits, credits or lines of a day, by distribution code."""

    def amount(row: TrialTotal) -> int:
        return int(row.count if which == "lines" else getattr(row, which))

    def address(side: str, code: str = "") -> Figure:
        return figure(FigureKind.DAY_TOTAL, day, currency, code, side)

    rows = [row for row in trial_totals(asked.store, asked.config, day) if row.currency == currency and amount(row)]
    page = page_of(
        asked,
        rows,
        amount,
        lambda row: Part(
            words=f"{row.gl_account} {row.description or row.distribution_code}".lstrip(),
            amount=amount(row),
            figure=address(which, row.distribution_code),
        ),
    )
    reasons = [Reason(words=f"All frozen transactions with the accounting date {day}."), *_equal(which, address)]
    unit = "" if which == "lines" else currency
    total = sum(map(amount, rows))
    return asked.answer(f"{SIDES[which]} on {day}", total, unit, page.parts, reasons, rest=page.rest, next=page.next)


def whole_division(  # noqa: PLR0917  # as the address has it
    asked: Asked, currency: str, division: str, year: int, period: int, which: str
) -> Explanation:
    """A column of the trial balance, by the accounts of one division."""

    def address(name: str, account: str = "", code: str = "") -> Figure:
        return figure(FigureKind.TRIAL_BALANCE, currency, division, account, code, year, period, name)

    balance = trial_balance(asked.store, asked.config, year, period, division)
    rows = [row for row in balance.rows if row.currency == currency and getattr(row, which)]
    page = page_of(
        asked,
        rows,
        lambda row: int(getattr(row, which)),
        lambda row: Part(
            words=f"{row.gl_account or 'No account yet:'} {row.description}".rstrip(),
            amount=getattr(row, which),
            figure=address(which, row.gl_account, "" if row.gl_account else row.description),
        ),
    )
    reasons = [Reason(words=f"All accounts of division {division}."), *_equal(which, address)]
    if which not in _OTHER:
        reasons.append(Reason(words="Balances of a division add up to nothing, as the lines of each transaction do."))
    total = sum(getattr(row, which) for row in rows)
    name = "Not handed over yet" if which == "unsent" else SIDES.get(which, which.capitalize())
    title = f"{name}, division {division}, {period}/{year}"
    return asked.answer(title, total, currency, page.parts, reasons, rest=page.rest, next=page.next)


def _equal(which: str, address: Callable[[str], Figure]) -> Iterator[Reason]:
    if which in _OTHER:
        other = _OTHER[which]
        words = f"The lines of each transaction add up to nothing, so these equal the {SIDES[other].lower()}."
        yield Reason(words=words, figure=address(other))
