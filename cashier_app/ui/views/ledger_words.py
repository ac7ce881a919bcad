"""The ledger in rows and words: financial transactions with their GL lines, states, amounts."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from cashier_app.domain.aging import AgedDebt as AgedByDay
from cashier_app.domain.figures import NO_FIGURE, FigureKind, figure
from cashier_app.services.queries.accounts import DebtKind, DebtPiece
from cashier_app.services.queries.to_do import ToDoRow
from cashier_app.services.queries.transactions import FtFact, GlLineFact
from cashier_app.ui.table_models.tree import Branch
from cashier_app.ui.view_models.amounts import AmountFormat
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.bars import AgedDebt
from cashier_app.ui.widgets.words import Tone


@lru_cache(maxsize=32)
def manner(currency: str) -> AmountFormat:
    """How amounts of a currency are written."""
    return AmountFormat.of_currency(currency)


def aged(debt: AgedByDay) -> AgedDebt:
    """Aged debt as the bar shows it."""
    return AgedDebt(
        debt.new_charge + debt.future,
        debt.days_0_30,
        debt.days_31_60,
        debt.days_61_90,
        debt.older,
        debt.disputed,
    )


def status_words(status: str) -> tuple[str, Tone]:
    """The state of a payment, tender, drawer or event in words, with its tone."""
    translate = QCoreApplication.translate
    words: dict[str, tuple[str, Tone]] = {
        "INCOMPLETE": (translate("ledger", "incomplete"), "attention"),
        "ERROR": (translate("ledger", "error"), "danger"),
        "FREEZABLE": (translate("ledger", "to be frozen"), "attention"),
        "FROZEN": (translate("ledger", "frozen"), "good"),
        "RECORDED": (translate("ledger", "recorded"), "neutral"),
        "BOOKED": (translate("ledger", "booked at the office"), "good"),
        "SUSPENDED": (translate("ledger", "in suspense at the office"), "attention"),
        "CANCELED": (translate("ledger", "canceled"), "neutral"),
        "VALID": (translate("ledger", "valid"), "good"),
        "OPEN": (translate("ledger", "open"), "good"),
        "BALANCING": (translate("ledger", "balancing"), "attention"),
        "BALANCED": (translate("ledger", "balanced"), "neutral"),
        "UNBALANCED": (translate("ledger", "unbalanced"), "danger"),
        "UNFROZEN": (translate("ledger", "not frozen"), "attention"),
        "PENDING": (translate("ledger", "waiting"), "attention"),
        "RECEIVED": (translate("ledger", "received"), "good"),
        "VOIDED": (translate("ledger", "voided"), "neutral"),
        "ACTIVE": (translate("ledger", "active"), "good"),
        "STOPPED": (translate("ledger", "stopped"), "neutral"),
        "PENDING_STOP": (translate("ledger", "stops soon"), "attention"),
        "PENDING_START": (translate("ledger", "starts soon"), "neutral"),
        "REACTIVATED": (translate("ledger", "active again"), "good"),
        "CLOSED": (translate("ledger", "closed"), "neutral"),
    }
    return words.get(status, (status.lower().replace("_", " "), "neutral"))


def item_words(row: ToDoRow) -> str:
    """What somebody must look into, with whose it is and what kind of thing."""
    translate = QCoreApplication.translate
    kinds = {
        "SUSPENSE": translate("ledger", "In suspense: {text}"),
        "SYNC_ALARM": translate("ledger", "A branch cannot deliver. {text}"),
    }
    text = kinds.get(row.to_do_type, "{text}").format(text=row.text)
    return f"{row.name}: {text}" if row.name else text


def item_advice(row: ToDoRow) -> str:
    """What to do about something that leads to no event and no account."""
    if row.to_do_type == "SYNC_ALARM":
        return QCoreApplication.translate(
            "ledger", "An administrator compares both journals with cashier verify, before the branch goes on."
        )
    return row.text


def ft_words(kind: str) -> str:
    """What a kind of financial transaction is called."""
    translate = QCoreApplication.translate
    words = {
        "BS": translate("ledger", "Bill segment"),
        "BX": translate("ledger", "Bill segment canceled"),
        "PS": translate("ledger", "Payment"),
        "PX": translate("ledger", "Payment canceled"),
        "AD": translate("ledger", "Adjustment"),
        "AX": translate("ledger", "Adjustment canceled"),
    }
    return words.get(kind, kind)


def age_words(piece: DebtPiece) -> str:
    """How old a piece of debt is, to the day."""
    translate = QCoreApplication.translate
    if piece.kind is DebtKind.NEW_CHARGE:
        return translate("ledger", "New, not billed yet")
    if piece.kind is DebtKind.DISPUTED:
        return translate("ledger", "Disputed, does not age")
    if piece.kind is DebtKind.FUTURE:
        return translate("ledger", "Due in {days} days").format(days=piece.days)
    if piece.kind is DebtKind.OLDEST:
        return translate("ledger", "{days} days and older").format(days=piece.days)
    return translate("ledger", "{days} days old").format(days=piece.days)


def gl_words(line: GlLineFact) -> str:
    """A GL line without its amount."""
    account = line.gl_account or QCoreApplication.translate("ledger", "no account")
    return " · ".join(part for part in (account, line.description or line.distribution_code) if part)


def side(amount: int, currency: str) -> str:
    """An amount on its side of the books: `Dr 84.10`, `Cr 84.10`."""
    translate = QCoreApplication.translate
    name = translate("ledger", "Dr") if amount >= 0 else translate("ledger", "Cr")
    return f"{name} {manner(currency).text(abs(amount))}"


def gl_branches(
    lines: Iterable[GlLineFact], currency: str, cells: int, amount_at: int, ft_id: int | None = None
) -> tuple[Branch, ...]:
    """The GL lines as rows of `cells` cells, the amount in one of them, the account in the second.

    Those of a frozen transaction can be explained.
    """
    made = []
    for place, line in enumerate(lines):
        texts = [""] * cells
        texts[1] = gl_words(line)
        texts[amount_at] = side(line.amount, currency)
        address = NO_FIGURE if ft_id is None else figure(FigureKind.GL_LINE, ft_id, place)
        figures = (*[NO_FIGURE] * amount_at, address)
        made.append(Branch(tuple(texts), role="muted", tips=tuple(texts), figures=figures))
    return tuple(made)


def ft_branch(ft: FtFact, cells: int, amount_at: int, known_day: date | None = None) -> Branch:
    """A financial transaction as a row with its GL lines below; its day only where it is not the one known."""
    texts = [""] * cells
    texts[0] = "" if ft.accounting_date == known_day else when.day(ft.accounting_date)
    texts[1] = f"{ft_words(ft.kind)} · {ft.sa_description or ft.sa_type}"
    texts[amount_at] = manner(ft.currency).text(ft.current_amount)
    by = QCoreApplication.translate("ledger", "{user} · {command} · {rule}").format(
        user=who(ft.user, ft.approver), command=ft.command, rule=ft.algorithm
    )
    return Branch(
        tuple(texts),
        key=("ft", ft.ft_id),
        below=gl_branches(ft.lines, ft.currency, cells, amount_at, ft.ft_id),
        tips=(when.day(ft.accounting_date), by),
        figures=(*[NO_FIGURE] * amount_at, figure(FigureKind.TRANSACTION, ft.ft_id, "current")),
    )


def who(user: str, approver: str = "") -> str:
    """Who did it, and who consented."""
    if not approver:
        return user
    return QCoreApplication.translate("ledger", "{user} with {approver}").format(user=user, approver=approver)


def in_fours(text: str) -> str:
    """A hash as people compare it, able to break into lines."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
