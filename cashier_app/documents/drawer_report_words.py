"""What a drawer's report says in words and figures, before it is laid out: the same on page, roll and printer."""

from collections.abc import Callable
from dataclasses import dataclass

from cashier_app.documents.drawer_report import DrawerReportData, DrawerReportKind, TenderTypeLine
from cashier_app.documents.text import MINUS, amount_text, grid_text

BLIND_NOTE = "Counted blind: what is expected is not shown before the count is saved."
HIDDEN = "not shown"
EMPTY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One step from the starting float to the difference: what it is called, what it is for one tender type."""

    title: str
    amount: Callable[[TenderTypeLine], int | None]
    is_hidden_when_blind: bool = False
    is_sum: bool = False
    is_variance: bool = False


def _negated(amount: int | None) -> int | None:
    return None if amount is None else -amount


_FLOAT = Measure(title="Starting float", amount=lambda line: line.starting_float)
_TAKEN = Measure(title="Taken", amount=lambda line: line.taken, is_hidden_when_blind=True)
_CASH_BACK = Measure(title="Cash back", amount=lambda line: _negated(line.cash_back), is_hidden_when_blind=True)
_TURNED_IN = Measure(title="Turned in", amount=lambda line: -line.turned_in)
_PAID_IN = Measure(title="Paid in", amount=lambda line: line.paid_in)
_PAID_OUT = Measure(title="Paid out", amount=lambda line: -line.paid_out)
_OVER_UNDER = Measure(title="Over / under booked", amount=lambda line: line.over_under)
_EXPECTED = Measure(title="Expected", amount=lambda line: line.expected, is_hidden_when_blind=True, is_sum=True)
_COUNTED = Measure(title="Counted", amount=lambda line: line.counted)
_VARIANCE = Measure(
    title="Over / short", amount=lambda line: line.variance, is_hidden_when_blind=True, is_sum=True, is_variance=True
)
_STEPS = (_FLOAT, _TAKEN, _CASH_BACK, _TURNED_IN, _PAID_IN, _PAID_OUT, _OVER_UNDER)
_RESULTS = (_EXPECTED, _COUNTED, _VARIANCE)


def measures(data: DrawerReportData) -> tuple[Measure, ...]:
    """Return the steps that any tender type of this report has, then the three results."""
    used = tuple(step for step in _STEPS if any(step.amount(line) for line in data.lines) or step in (_FLOAT, _TAKEN))
    return used + _RESULTS


def measure_text(data: DrawerReportData, line: TenderTypeLine, measure: Measure) -> str:
    """Return one figure; what would give the expected amount away is never written for a blind line (C3)."""
    if line.expected is None and measure.is_hidden_when_blind:
        return HIDDEN
    amount = measure.amount(line)
    if measure in _RESULTS:
        return EMPTY if amount is None else amount_text(amount, data.currency, data.locale)
    return grid_text(amount, data.currency, data.locale)


def measure_total(data: DrawerReportData, measure: Measure) -> str:
    """Return the sum over all tender types; empty where one of them is hidden or not yet known."""
    if data.is_blind and measure.is_hidden_when_blind:
        return EMPTY
    amounts = [measure.amount(line) for line in data.lines]
    known = [amount for amount in amounts if amount is not None]
    if not known or (measure in _RESULTS and len(known) < len(amounts)):
        return EMPTY
    total = sum(known)
    return (amount_text if measure in _RESULTS else grid_text)(total, data.currency, data.locale)


def verdict(data: DrawerReportData) -> str:
    """Return the one sentence the reader looks for first. Figures that do not add up are said before all else."""
    unexplained = [line.tender_type for line in data.lines if line.unexplained]
    if unexplained:
        return f"The figures of {', '.join(unexplained)} do not add up to what is expected. Have the records verified."
    if data.is_blind:
        return BLIND_NOTE
    if any(line.variance is None for line in data.lines):
        return "Not counted yet."
    booked = _difference_words(data, [(line.tender_type, line.over_under) for line in data.lines])
    open_now = _difference_words(data, [(line.tender_type, line.variance or 0) for line in data.lines])
    if open_now:
        return f"{open_now}. Not booked."
    return f"In balance. {booked}, booked to over/under." if booked else "In balance."


def _difference_words(data: DrawerReportData, differences: list[tuple[str, int]]) -> str:
    return ", ".join(
        f"{tender_type} {'over' if amount > 0 else 'short'} {amount_text(abs(amount), data.currency, data.locale)}"
        for tender_type, amount in differences
        if amount
    )


def report_title(data: DrawerReportData) -> str:
    """Return the title, with the number of a Z report."""
    return data.kind.value if data.seal is None else f"{data.kind.value} {data.seal.z_number:06d}"


def report_facts(data: DrawerReportData) -> tuple[tuple[str, str], ...]:
    """Return labels and values that say whose drawer it is and from when to when."""
    closed = data.closed_at or ("still open" if data.kind is not DrawerReportKind.Z else "")
    return (
        ("Drawer", data.drawer),
        ("Tender control", data.tender_control),
        ("Owner", data.owner),
        ("State", data.state),
        ("Business date", data.business_date),
        ("Opened", data.opened_at),
        ("Closed", closed),
        ("Workstation", data.workstation),
    )


def nothing_note(data: DrawerReportData) -> str:
    """Return a sentence naming what did not happen, so that an empty list is not taken for a missing one."""
    lists = (
        ("checks", data.checks),
        ("turn-ins", data.turn_ins),
        ("money paid in or out", data.paid_in_out),
        ("no-sale openings", data.no_sales),
        ("cancellations", data.cancellations),
    )
    absent = [name for name, rows in lists if not rows]
    return f"None in this drawer: {', '.join(absent)}." if absent else ""


def hash_text(value: str) -> str:
    """Return a hash in groups of eight, so that two prints can be compared by eye; a dash where there is none."""
    return " ".join(value[start : start + 8] for start in range(0, len(value), 8)) or "first of its chain"


def signed(amount: int, data: DrawerReportData) -> str:
    """Return an amount with its sign, also where it is positive."""
    text = amount_text(abs(amount), data.currency, data.locale)
    return f"{MINUS if amount < 0 else '+'}{text}"
