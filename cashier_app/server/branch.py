"""What branches ask: to be let in, where their chain stands, to take their commands, what is new (decision 18)."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.concurrency import run_in_threadpool

from cashier_app.domain.errors import refuse, require
from cashier_app.server.answers import Answer
from cashier_app.server.asking import Body, Branch, SiteOf, limit_sign_ins, read_body, whole
from cashier_app.server.describing import described, takes, takes_schema
from cashier_app.server.refusing import SOON, Refused
from cashier_app.server.site import Site
from cashier_app.server.tokens import Identity
from cashier_app.services.branches.device_keys import Purpose, is_signed
from cashier_app.services.branches.devices import DeviceEnrolled, DeviceFacts, EnrolDevice, code_hash
from cashier_app.services.branches.service import BranchService, Caller
from cashier_app.services.kernel.work import SYSTEM

router = APIRouter(tags=["branches"], prefix="/branch")
WORTH_PACKING: Final = 2048
"""Bytes from which an answer is packed for whoever takes gzip: the directory crosses thin lines."""
_ARRAYS: Final = {"type": "array", "description": "Values in the order of services/branches."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """An invitation taken up."""

    code: str
    """As the office told it."""
    public_key: str
    """Ed25519, base64."""
    signature: str
    """Of the public key's text for the purpose `cashier enrolment`: it proves that the secret half is at hand."""


@router.post("/enrol", dependencies=[Depends(limit_sign_ins)], **described(DeviceEnrolled, 429), **takes(Enrolment))
def enrol(site: SiteOf, body: Body) -> Answer:
    """Take up an invitation with a key of one's own. The same code with the same key answers again."""
    given = read_body(body, Enrolment)
    if not is_signed(given.public_key, Purpose.ENROLMENT, given.public_key.encode(), given.signature):
        raise _unsigned("The enrolment is not signed with the key that it names.")
    hashed = code_hash(given.code)
    command = EnrolDevice(code_hash=hashed, public_key=given.public_key)
    command_id = hashlib.sha256(f"enrol {hashed} {given.public_key}".encode()).hexdigest()[:32]
    with site.doors.lend() as door:
        return Answer(door.execute(command, user_id=SYSTEM.id, command_id=command_id).result)


@router.get("/state", **described(_ARRAYS))
def state(site: SiteOf, branch: Branch) -> Answer:
    """Up to where the server has the branch's commands."""
    with site.admitting_device(branch) as (door, device):
        return Answer(BranchService(door).chain_state(_caller(device)))


@router.post(
    "/deliveries",
    **described(_ARRAYS, 409),
    **takes_schema({"type": "string", "format": "binary"}, "application/octet-stream"),
)
async def deliver(
    request: Request,
    site: SiteOf,
    branch: Branch,
    x_signature: Annotated[str, Header(max_length=200, description="Of the body, for the purpose `cashier delivery`.")],
) -> Any:
    """Take over a run of the branch's commands, each once however often it arrives."""
    with _one_at_a_time(site, branch):
        raw = await whole(request, site.options.limits.delivery_bytes, "application/octet-stream")
        packed = request.headers.get("content-encoding", "") == "gzip"
        return await run_in_threadpool(_take, site, branch, raw, x_signature, packed=packed)


@contextlib.contextmanager
def _one_at_a_time(site: Site, branch: Identity) -> Iterator[None]:
    """API-008 (503) while a delivery of the branch is under way: however often it sends, one lies in memory."""
    if branch.id in site.delivering:
        raise Refused(503, "API-008", "A delivery of this branch is under way. Send the same again.", headers=SOON)
    site.delivering.add(branch.id)
    try:
        yield
    finally:
        site.delivering.discard(branch.id)


def _take(site: Site, branch: Identity, raw: bytes, signature: str, *, packed: bool) -> Answer:
    with site.admitting_device(branch) as (door, device):
        # Before a byte of it is read: a token that was stolen is not enough to write.
        if not is_signed(device.public_key, Purpose.DELIVERY, raw, signature):
            raise _unsigned("The delivery is not signed with the device's key.")
        body = _unpacked(raw, site.options.limits.delivery_bytes) if packed else raw
        return Answer(BranchService(door).deliver(_caller(device), body))


def _unpacked(packed: bytes, most: int) -> bytes:
    """What was packed, and no more than the bound of what would have been taken unpacked."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacking.decompress(packed, most)
    except zlib.error:
        refuse("SYNC-004", "This is no delivery: its gzip cannot be unpacked.")
    if unpacking.unconsumed_tail:
        raise Refused(413, "API-006", f"The body is larger than {most:,} bytes once it is unpacked.")
    require(unpacking.eof, "SYNC-004", "This is no delivery: its gzip has no end.")
    return body


@router.get("/changes", **described(_ARRAYS))
def news(
    request: Request, site: SiteOf, branch: Branch, after: Annotated[str, Query(max_length=20_000)] = ""
) -> Answer:
    """What is new for the branch after a cursor; without one, where to begin."""
    with site.admitting_device(branch) as (door, device):
        return _packed(request, Answer(BranchService(door).news(_caller(device), after)))


@router.get("/directory", **described(_ARRAYS))
def directory(
    request: Request, site: SiteOf, branch: Branch, after: Annotated[int, Query(ge=0, lt=2**63)] = 0
) -> Answer:
    """The next accounts of the branch's directory after a key."""
    with site.admitting_device(branch) as (door, device):
        return _packed(request, Answer(BranchService(door).directory(_caller(device), after)))


def _packed(request: Request, answer: Answer) -> Answer:
    """The answer in gzip for whoever takes it, where it is worth it."""
    body = bytes(answer.body)
    if len(body) >= WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        answer.body = gzip.compress(body, compresslevel=1, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


def _caller(device: DeviceFacts) -> Caller:
    return Caller(device.node_id, frozenset(device.access_groups))


def _unsigned(sentence: str) -> Refused:
    return Refused(403, "API-014", sentence, "signature")
