"""Liabilities that become payable only when the customer pays (S1 p.123-131; R billing 16).

A bill posts them to a holding code; what pays the bill moves them from there to the real one. Amounts held are credits
and stand here as positive numbers; everything is in minor units of the agreement's currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from cashier_app.domain.money import rounded_quotient, split
from cashier_app.domain.system_events import GlLineDraft, Holding, HoldingFacts, HoldingLine


class Held(NamedTuple):
    """What is still held on a code, of one age."""

    code: str
    arrears_date: date
    amount: int


def still_held(lines: Iterable[HoldingLine]) -> tuple[tuple[Held, ...], dict[str, int]]:
    """What is held by code and age, oldest first; and the codes that are overdrawn, with by how much.

    What was taken out before reduces each code's oldest first. A code that owes more than it holds, as after a bill
    that was canceled once it was paid, holds nothing that a payment could release (S1 p.124, 127).
    """
    by_code: dict[str, list[HoldingLine]] = {}
    for line in lines:
        by_code.setdefault(line.code, []).append(line)
    pieces: list[Held] = []
    overdrawn: dict[str, int] = {}
    for code, found in by_code.items():
        total = sum(line.held for line in found)
        if total < 0:
            overdrawn[code] = -total
        elif total > 0:
            pieces += _left(code, found)
    pieces.sort(key=lambda piece: (piece.arrears_date, piece.code))
    return tuple(pieces), overdrawn


def _left(code: str, lines: Sequence[HoldingLine]) -> Iterable[Held]:
    taken = -sum(line.held for line in lines if line.held < 0)
    put_in = sorted((line for line in lines if line.held > 0), key=lambda line: line.arrears_date)
    for on, group in groupby(put_in, key=lambda line: line.arrears_date):
        amount = sum(line.held for line in group)
        gone = min(taken, amount)
        taken -= gone
        if amount > gone:
            yield Held(code, on, amount - gone)


def released_in_proportion(pieces: Sequence[Held], receivable: int, paid: int) -> dict[str, int]:
    """How much of each code a payment releases: the share of the receivable that it pays (S1 p.127)."""
    share = _share(receivable, paid)
    if share is None:
        return {}
    held: dict[str, int] = {}
    for piece in pieces:
        held[piece.code] = held.get(piece.code, 0) + piece.amount
    released = {code: rounded_quotient(amount * share[0], share[1]) for code, amount in held.items()}
    return {code: amount for code, amount in released.items() if amount}


def released_by_priority(
    pieces: Sequence[Held], holdings: Mapping[str, Holding], receivable: int, paid: int
) -> dict[str, int]:
    """The same sum in another order: oldest debt first, inside an age by priority, equal priorities in proportion."""
    share = _share(receivable, paid)
    if share is None:
        return {}
    left = rounded_quotient(sum(piece.amount for piece in pieces) * share[0], share[1])
    released: dict[str, int] = {}

    def rank(piece: Held) -> tuple[date, int]:
        return piece.arrears_date, holdings[piece.code].priority

    for _, group in groupby(sorted(pieces, key=rank), key=rank):
        equals = list(group)
        held = sum(piece.amount for piece in equals)
        parts = split(min(left, held), [piece.amount for piece in equals])
        for piece, part in zip(equals, parts, strict=True):
            if part:
                released[piece.code] = released.get(piece.code, 0) + part
        left -= sum(parts)
        if not left:
            break
    return released


def taken_back(overdrawn: Mapping[str, int], credit: int, refunded: int) -> dict[str, int]:
    """How much a refund takes back out of the real codes: the share of the credit balance that it pays out."""
    share = _share(credit, refunded)
    if share is None:
        return {}
    back = {code: rounded_quotient(amount * share[0], share[1]) for code, amount in overdrawn.items()}
    return {code: amount for code, amount in back.items() if amount}


def _share(whole: int, part: int) -> tuple[int, int] | None:
    """Part of a whole, at most all of it; nothing where there is none."""
    if whole <= 0 or part <= 0:
        return None
    return min(part, whole), whole


def transfer_lines(moved: Mapping[str, int], holdings: Mapping[str, Holding], sign: int = 1) -> tuple[GlLineDraft, ...]:
    """From holding to real code, a pair per code; with a sign of -1 back again."""
    return tuple(
        line
        for code, amount in sorted(moved.items())
        for line in (GlLineDraft(code, sign * amount), GlLineDraft(holdings[code].real_code, -sign * amount))
    )


def released(facts: HoldingFacts, relieved: int, *, by_priority: bool) -> dict[str, int]:
    """How much of each code is no longer held where so much of the receivable is relieved."""
    pieces, _ = still_held(facts.lines)
    if by_priority:
        return released_by_priority(pieces, facts.codes, facts.receivable, relieved)
    return released_in_proportion(pieces, facts.receivable, relieved)


def payment_transfers(facts: HoldingFacts, paid: int, *, by_priority: bool) -> tuple[GlLineDraft, ...]:
    """The lines by which a payment, or a credit that acts like one, moves what it pays from holding to real codes."""
    return transfer_lines(released(facts, paid, by_priority=by_priority), facts.codes)


def written_down(facts: HoldingFacts, amount: int, loss_code: str, *, by_priority: bool) -> tuple[GlLineDraft, ...]:
    """Against a receivable that is given up: what was held for others was never theirs, the rest is the loss."""
    never_owed = released(facts, amount, by_priority=by_priority)
    loss = amount - sum(never_owed.values())
    lines = [GlLineDraft(code, held) for code, held in sorted(never_owed.items())]
    return (*lines, GlLineDraft(loss_code, loss)) if loss else tuple(lines)


def refund_transfers(facts: HoldingFacts, refunded: int) -> tuple[GlLineDraft, ...]:
    """The lines by which a refund takes back from real codes what holding codes are overdrawn by."""
    _, overdrawn = still_held(facts.lines)
    return transfer_lines(taken_back(overdrawn, -facts.receivable, refunded), facts.codes, -1)
