"""Runs: asked for, watched while they go on, looked up afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from cashier_app.domain.errors import refuse
from cashier_app.server.answers import Answer
from cashier_app.server.asking import Body, SiteOf, User, pieces, read_body
from cashier_app.server.commands import COMMAND_ID, need_command_id
from cashier_app.server.describing import described, note, takes, takes_schema
from cashier_app.server.refusing import SOON, Refused
from cashier_app.server.site import Site
from cashier_app.server.tokens import Identity
from cashier_app.services.batch.jobs import JOBS, Job, is_file_name
from cashier_app.services.batch.run_records import Run, RunStatus, latest_runs, run_of
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.work import Actor

router = APIRouter(tags=["runs"])
note(*(job.parameters for job in JOBS.values()))
_LOOK: Final = 0.3
"""Seconds between two looks at a run that is watched."""
_SIGN_OF_LIFE: Final = 15.0
_FILE_RIGHTS: Final = ("PayInBulk", "ImportReceivables")
RunId = Annotated[str, Path(pattern=COMMAND_ID)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunIn:
    """A run to be started."""

    command_id: str
    """The run's id, of the caller's own making: sent again, it is the same run."""
    kind: str
    """The code of a batch control, or a job: verify, seal-day, pay-in, import-dry-run, run-gl, extract-checks,
    age-debt, monitor-approvals, send-mail, mark-redundant or adjust-in-mass."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """VerifyLedger, SealTheDay, PayFileIn, TryImport, HandOverBooks, HandOverChecks, AgeDebt, MonitorApprovals,
    SendMail, MarkRedundant or AdjustAgreements; what is left out comes from the batch control."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOut:
    """A run as it stands."""

    run_id: str
    kind: str
    batch_code: str
    status: RunStatus
    parameters: Mapping[str, Any]
    user_id: int
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int
    """0 where nobody knows how much there is to do."""
    message: str
    result: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKept:
    """A file that was sent; it is kept for a day."""

    file: str
    """SHA-256, by which a run names it."""
    file_name: str
    size: int


@router.post("/runs", **described(RunOut, 409), **takes(RunIn))
def start(site: SiteOf, user: User, body: Body) -> Answer:
    """Start a run; watch it at `/runs/{id}/events`."""
    with site.admitting(user, *_any_right()) as (door, _actor):
        given = read_body(body, RunIn)
        need_command_id(given.command_id)
        return Answer(_out(site.runs.request(door, given.kind, given.command_id, given.parameters, user.id)))


@router.get("/runs", **described(RunOut, many=True))
def runs(site: SiteOf, user: User, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Answer:
    """The latest runs of those kinds that one may start."""
    with site.looking(user, *_any_right()) as sight:
        kinds = [job.kind for job in JOBS.values() if _may(sight.actor, job)]
        return Answer([_out(run) for run in latest_runs(sight.store, kinds, limit)])


@router.get("/runs/{run_id}", **described(RunOut, 404))
def one_run(site: SiteOf, user: User, run_id: RunId) -> Answer:
    """A run as it stands now."""
    return Answer(_out(_look(site, user, run_id)))


@router.get("/runs/{run_id}/events", **described({"type": "string"}, 404, media_type="text/event-stream"))
async def watch(site: SiteOf, user: User, run_id: RunId) -> StreamingResponse:
    """The run each time something about it changed, as server-sent events, until it is over."""
    first = await run_in_threadpool(_look, site, user, run_id)
    if len(site.watchers) >= site.options.limits.watchers:
        raise Refused(503, "API-008", "Too many watch runs already. Ask for the run itself now and then.", headers=SOON)
    return StreamingResponse(_events(site, user, first), media_type="text/event-stream")


async def _events(site: Site, user: Identity, run: Run) -> AsyncIterator[str]:
    mine = f"{user.token_id} {run.run_id} {id(run)}"
    site.watchers.add(mine)
    told, quiet = "", 0.0
    try:
        while True:
            shown = to_json(_out(run))
            if shown != told:
                told, quiet = shown, 0.0
                yield f"event: run\ndata: {shown}\n\n"
            if run.is_over or site.stopping.is_set() or user.expires <= site.clock.now():
                return
            if quiet >= _SIGN_OF_LIFE:
                quiet = 0.0
                yield ": still here\n\n"
            quiet += _LOOK
            await asyncio.sleep(_LOOK)
            run = await run_in_threadpool(_look, site, user, run.run_id)
    finally:
        site.watchers.discard(mine)


@router.post(
    "/files",
    **described(FileKept, 413),
    **takes_schema({"type": "string", "format": "binary"}, "application/octet-stream"),
)
async def send_file(
    request: Request, site: SiteOf, user: User, name: Annotated[str, Query(min_length=1, max_length=100)]
) -> Answer:
    """Send a file for a run. It is checked when the run reads it."""
    await run_in_threadpool(_may_send, site, user)
    if not is_file_name(name):
        refuse("RUN-003", "A file's name has letters, digits, blanks, . _ and -.", "name")
    digest, size = await site.runs.keep(name, pieces(request, site.options.limits.upload_bytes))
    return Answer(FileKept(file=digest, file_name=name, size=size))


def _may_send(site: Site, user: Identity) -> None:
    with site.admitting(user, *_FILE_RIGHTS):
        pass


def _look(site: Site, user: Identity, run_id: str) -> Run:
    with site.looking(user, *_any_right()) as sight:
        run = run_of(sight.store, run_id)
        if not _may(sight.actor, JOBS[run.kind]):
            refuse("SEC-003", f"You may not look at runs of {run.kind}.")
        return run


def _any_right() -> tuple[str, ...]:
    return tuple(sorted({right for job in JOBS.values() for right in job.rights}))


def _may(actor: Actor, job: Job) -> bool:
    return any(actor.may(right) for right in job.rights)


def _out(run: Run) -> RunOut:
    decode = msgspec.json.decode
    return RunOut(
        run_id=run.run_id,
        kind=run.kind,
        batch_code=run.batch_code,
        status=run.status,
        parameters=decode(run.parameters),
        user_id=run.user_id,
        requested_at=run.requested_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        done=run.done,
        total=run.total,
        message=run.message,
        result=decode(run.result) if run.result else None,
    )
