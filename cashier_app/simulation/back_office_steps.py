"""The back office: adjustments from typing to taking back, approvals, the general ledger, marking what cancels out."""

from __future__ import annotations

from typing import Any

from cashier_app.domain.lifecycles import AdjustmentStatus, ApprovalStatus
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.canceling import CancelAdjustment
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment
from cashier_app.services.adjustments.generating import GenerateAdjustment
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.approvals.deciding import ApproveAdjustment, RejectAdjustment
from cashier_app.services.approvals.submitting import SubmitForApproval
from cashier_app.services.batch.chunks import DoBatchChunk, FinishBatch, PlanBatch
from cashier_app.services.general_ledger.runs import CloseGlRun, StageGlChunk, StartGlRun
from cashier_app.services.to_do.working import ReturnToDo, TakeToDo
from cashier_app.simulation.accountant import APPROVERS, GlRun, Paper, Request, approvers_of
from cashier_app.simulation.office import BACK_OFFICE, GOVERNED, GOVERNED_TRANSFER, dollars
from cashier_app.simulation.steps import Desk, Maker, Step

INCOMPLETE, FREEZABLE = AdjustmentStatus.INCOMPLETE, AdjustmentStatus.FREEZABLE
FROZEN, CANCELED = AdjustmentStatus.FROZEN, AdjustmentStatus.CANCELED


def add_adjustment(desk: Desk) -> Step:
    """Begun, generated or frozen at once; some kinds must be approved first."""
    customer, finish = desk.rng.choice(desk.world.customers), desk.rng.choice(list(AdjustmentFinish))
    kind = desk.rng.choice(("FEE", "CUSTREL", *[GOVERNED] * 4))
    cents = desk.cents(desk.rng.choice((1_000, 20_000, 20_000))) * desk.rng.choice((1, 1, -1))
    command = AddAdjustment(
        sa_id=desk.rng.choice(customer.agreements), adjustment_type=kind, amount=dollars(cents), finish=finish
    )

    def added(result: Any) -> None:
        ids = (result.adjustment_id,)
        _begun(desk, Paper(ids, (customer.account,), (cents,), kind == GOVERNED, INCOMPLETE), finish, result)

    return Step(desk.rng.choice(BACK_OFFICE), command, added)


def move_a_balance(desk: Desk) -> Step:
    """Two halves with one fate."""
    debited, credited = desk.rng.sample(desk.world.customers, 2)
    kind, finish = desk.rng.choice(("XFER", GOVERNED_TRANSFER)), desk.rng.choice(list(AdjustmentFinish))
    cents = desk.cents(desk.rng.choice((1_000, 20_000, 20_000)))
    command = TransferBalance(
        from_sa_id=debited.agreements[0],
        to_sa_id=credited.agreements[0],
        adjustment_type=kind,
        amount=dollars(cents),
        finish=finish,
    )

    def moved(result: Any) -> None:
        ids, accounts = (
            (result.debit_adjustment_id, result.credit_adjustment_id),
            (debited.account, credited.account),
        )
        _begun(desk, Paper(ids, accounts, (cents, -cents), kind == GOVERNED_TRANSFER, INCOMPLETE), finish, result)

    return Step(desk.rng.choice(BACK_OFFICE), command, moved)


def _begun(desk: Desk, paper: Paper, finish: AdjustmentFinish, result: Any) -> None:
    accountant = desk.world.accountant
    accountant.papers.append(paper)
    if finish is AdjustmentFinish.FREEZE and not paper.governed:
        count(desk, paper)
    elif finish is not AdjustmentFinish.ADD:
        paper.status = FREEZABLE
    accountant.touch(paper)
    assert result.status == paper.status, f"an adjustment is {result.status} instead of {paper.status}"


def count(desk: Desk, paper: Paper, status: AdjustmentStatus = FROZEN) -> None:
    """It counts from now on, or no longer."""
    paper.status = status
    for account, cents in zip(paper.accounts, paper.amounts, strict=True):
        desk.world.owes(account, cents if status is FROZEN else -cents)


def one_of(desk: Desk, papers: list[Paper]) -> Paper | None:
    """One at random, which is looked at after the step."""
    paper = desk.one_of(papers)
    if paper is not None:
        desk.world.accountant.touch(paper)
    return paper


def go_on(desk: Desk) -> Step | None:
    """The next step in the life of an adjustment that does not count yet."""
    paper = one_of(desk, desk.world.accountant.those(INCOMPLETE, FREEZABLE))
    if paper is None:
        return None
    user, adjustment_id = desk.rng.choice(BACK_OFFICE), desk.rng.choice(paper.ids)
    if desk.chance(0.1):
        return Step(user, DeleteAdjustment(adjustment_id=adjustment_id), lambda _: _gone(paper))
    if paper.status is INCOMPLETE:
        generate = GenerateAdjustment(adjustment_id=adjustment_id)
        return Step(user, generate, lambda _: setattr(paper, "status", FREEZABLE))
    if paper.governed:
        submit = SubmitForApproval(adjustment_id=adjustment_id)
        return Step(user, submit, lambda result: _submitted(desk, paper, user, result))
    return Step(user, FreezeAdjustment(adjustment_id=adjustment_id), lambda _: count(desk, paper))


def _gone(paper: Paper) -> None:
    paper.is_gone = True


def _submitted(desk: Desk, paper: Paper, user: str, result: Any) -> None:
    roles = approvers_of(paper.amounts[0])  # of a transfer the debit decides, which stands first
    assert result.roles == roles, f"{result.roles} approve {paper.amounts[0]} cents instead of {roles}"
    status = ApprovalStatus.IN_PROGRESS if roles else ApprovalStatus.NOT_NEEDED
    paper.request = Request(result.request_id, user, roles, status, 1 if roles else 0)
    if not roles:
        count(desk, paper)


def decide(desk: Desk) -> Step | None:
    """Whoever may approves the level that is asked, or somebody rejects it."""
    submitted = desk.world.accountant.submitted
    begun = [paper for paper in submitted if paper.request and paper.request.settled_by]
    paper = one_of(desk, begun or submitted)
    if paper is None or paper.request is None:
        return None
    request = paper.request
    if desk.chance(0.3):
        reject = RejectAdjustment(request_id=request.id, reason="No.")
        return Step(desk.rng.choice([*BACK_OFFICE, *APPROVERS]), reject, lambda _: _rejected(paper, request))
    user = desk.one_of(may_approve(request))
    if user is None:
        return None
    if request.level > 1 and desk.chance(0.6):  # they still see the level that somebody else has settled meanwhile
        late = ApproveAdjustment(request_id=request.id, level=request.level - 1)
        return Step(user, late, refused=True)
    approve = ApproveAdjustment(request_id=request.id, level=request.level)
    return Step(user, approve, lambda _: _approved(desk, paper, request, user))


def may_approve(request: Request) -> list[str]:
    """Members of the role that is asked who have no other part in it."""
    taken = {request.by, *request.settled_by}
    return [login for login, roles in APPROVERS.items() if request.asked in roles and login not in taken]


def _rejected(paper: Paper, request: Request) -> None:
    request.status = ApprovalStatus.REJECTED
    paper.is_gone = True


def _approved(desk: Desk, paper: Paper, request: Request, user: str) -> None:
    request.settled_by.append(user)
    if request.level < len(request.roles):
        request.level += 1
    else:
        request.status = ApprovalStatus.APPROVED
        count(desk, paper)


def cancel_adjustment(desk: Desk) -> Step | None:
    """A frozen adjustment is taken back, both halves of a transfer."""
    paper = one_of(desk, desk.world.accountant.those(FROZEN))
    if paper is None:
        return None
    command = CancelAdjustment(adjustment_id=desk.rng.choice(paper.ids), reason="MISTAKE")
    return Step(desk.rng.choice(BACK_OFFICE), command, lambda _: count(desk, paper, CANCELED))


def work_on_an_entry(desk: Desk) -> Step | None:
    """Somebody of the role takes what waits, or puts it back."""
    found = desk.one_of(desk.world.accountant.entries)
    if found is None:
        return None
    members = [login for login, roles in APPROVERS.items() if found[1] in roles]
    command = desk.rng.choice((TakeToDo, ReturnToDo))(to_do_id=found[0])
    return Step(desk.rng.choice(members), command)


def run_general_ledger(desk: Desk) -> Step:
    """Start a run, stage its next chunk, or close it."""
    accountant = desk.world.accountant
    run = accountant.run
    if run is None:
        return Step(BACK_OFFICE[0], StartGlRun(), lambda result: _started(desk, result))
    if run.staged < run.chunks:
        stage = StageGlChunk(run_id=run.id, number=run.staged + 1)
        return Step(BACK_OFFICE[0], stage, lambda _: setattr(run, "staged", run.staged + 1))

    def closed(_result: Any) -> None:
        accountant.closed.append(run.id)
        accountant.run = None

    return Step(BACK_OFFICE[0], CloseGlRun(run_id=run.id), closed)


def _started(desk: Desk, result: Any) -> None:
    if result.run_id is not None:
        desk.world.accountant.run = GlRun(result.run_id, result.chunks)


def mark_redundant(desk: Desk) -> Step:
    """Begin a run that marks what cancels out, or go on with it; no balance changes."""
    world = desk.world
    waiting = world.accountant.marking
    world.touched_accounts.update(dict.fromkeys(world.owed))
    if waiting:
        return Step(BACK_OFFICE[0], waiting[0], lambda _: waiting.pop(0))
    run_id = f"{desk.rng.getrandbits(128):032x}"

    def planned(result: Any) -> None:
        waiting.extend(DoBatchChunk(run_id=run_id, number=number) for number in range(1, result.chunks + 1))
        waiting.append(FinishBatch(run_id=run_id))

    return Step(BACK_OFFICE[0], PlanBatch(run_id=run_id, job="REDSAAMT", parameters="{}"), planned)


IN_THE_BACK_OFFICE: tuple[tuple[int, Maker], ...] = (
    (4, add_adjustment),
    (2, move_a_balance),
    (6, go_on),
    (6, decide),
    (2, cancel_adjustment),
    (1, work_on_an_entry),
    (2, run_general_ledger),
    (1, mark_redundant),
)
"""How often each is tried, out of the sum of all."""
