"""What the back office must not be able to do, whoever tries: each of these accepted is a violation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment
from cashier_app.services.adjustments.generating import GenerateAdjustment
from cashier_app.services.approvals.deciding import ApproveAdjustment, RejectAdjustment
from cashier_app.services.general_ledger.runs import CloseGlRun, StageGlChunk, StartGlRun
from cashier_app.simulation.accountant import APPROVERS, Paper, Request
from cashier_app.simulation.back_office_steps import CANCELED, FREEZABLE, FROZEN, one_of
from cashier_app.simulation.office import BACK_OFFICE
from cashier_app.simulation.steps import Desk, Maker, Step


def approve_ones_own(desk: Desk) -> Step | None:
    """Nobody approves what they have submitted themselves."""
    return _asked(desk, lambda paper: paper.request is not None and paper.request.by in APPROVERS, lambda r: r.by)


def approve_another_level(desk: Desk) -> Step | None:
    """Each level needs a person of its own."""
    return _asked(
        desk, lambda paper: paper.request is not None and bool(paper.request.settled_by), lambda r: r.settled_by[0]
    )


def approve_without_the_role(desk: Desk) -> Step | None:
    """Only members of the role that is asked."""
    outsider = {"ADJ-CREDIT": "oscar", "ADJ-LEVEL-1": "stan", "ADJ-LEVEL-2": "sue"}
    return _asked(desk, lambda _: True, lambda request: outsider[request.asked])


def _asked(desk: Desk, fits: Callable[[Paper], bool], who: Callable[[Request], str]) -> Step | None:
    paper = one_of(desk, [paper for paper in desk.world.accountant.submitted if fits(paper)])
    if paper is None or paper.request is None:
        return None
    command = ApproveAdjustment(request_id=paper.request.id, level=paper.request.level)
    return Step(who(paper.request), command, refused=True)


def decide_once_more(desk: Desk) -> Step | None:
    """What was decided is decided."""
    decided = [p for p in desk.world.accountant.papers if p.request and not p.request.is_open]
    paper = one_of(desk, decided)
    if paper is None or paper.request is None:
        return None
    again = desk.rng.choice(
        (
            ApproveAdjustment(request_id=paper.request.id, level=max(paper.request.level, 1)),
            RejectAdjustment(request_id=paper.request.id, reason="Too late."),
        )
    )
    return Step(desk.rng.choice(list(APPROVERS)), again, refused=True)


def change_what_waits(desk: Desk) -> Step | None:
    """Once submitted it is neither changed nor deleted nor frozen by hand."""
    paper = one_of(desk, desk.world.accountant.submitted)
    return None if paper is None else _on(desk, paper, (DeleteAdjustment, GenerateAdjustment, FreezeAdjustment))


def freeze_without_approval(desk: Desk) -> Step | None:
    """Its type wants somebody to approve it."""
    paper = one_of(desk, [paper for paper in desk.world.accountant.those(FREEZABLE) if paper.governed])
    return None if paper is None else _on(desk, paper, (FreezeAdjustment,))


def change_what_is_final(desk: Desk) -> Step | None:
    """Frozen, canceled and deleted adjustments are neither deleted nor generated nor frozen again."""
    accountant = desk.world.accountant
    paper = one_of(desk, [p for p in accountant.papers if p.is_gone or p.status in {FROZEN, CANCELED}])
    return None if paper is None else _on(desk, paper, (DeleteAdjustment, GenerateAdjustment, FreezeAdjustment))


def _on(desk: Desk, paper: Paper, commands: tuple[Any, ...]) -> Step:
    command = desk.rng.choice(commands)(adjustment_id=desk.rng.choice(paper.ids))
    return Step(desk.rng.choice(BACK_OFFICE), command, refused=True)


def upset_the_general_ledger(desk: Desk) -> Step | None:
    """No second run beside one that is open, no chunk twice, no end before the last chunk."""
    run = desk.world.accountant.run
    if run is None:
        return None
    nonsense: list[Any] = [StartGlRun()]
    if run.staged:
        nonsense.append(StageGlChunk(run_id=run.id, number=run.staged))
    if run.staged < run.chunks:
        nonsense.append(CloseGlRun(run_id=run.id))
    return Step(BACK_OFFICE[0], desk.rng.choice(nonsense), refused=True)


BACK_OFFICE_NONSENSE: tuple[tuple[int, Maker], ...] = (
    (1, approve_ones_own),
    (1, approve_another_level),
    (1, approve_without_the_role),
    (1, decide_once_more),
    (3, change_what_waits),
    (1, freeze_without_approval),
    (1, change_what_is_final),
    (1, upset_the_general_ledger),
)
