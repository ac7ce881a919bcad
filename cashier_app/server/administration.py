"""Devices of branches, seen from the office (R reliability T8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter

from cashier_app.domain.errors import refuse
from cashier_app.server.answers import Answer
from cashier_app.server.asking import Body, SiteOf, User, read_body
from cashier_app.server.commands import ask_again, need_command_id
from cashier_app.server.describing import described, takes
from cashier_app.server.site import Site
from cashier_app.services.branches.devices import INVITATION, DeviceRow, InviteDevice, code_hash, devices, new_code
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import Actor

router = APIRouter(tags=["devices"])
MAINTAIN: Final = "MaintainDevices"


@router.get("/devices", **described(DeviceRow, many=True))
def device_list(site: SiteOf, user: User) -> Answer:
    """The branch workstations that are known, and when each was last heard."""
    with site.looking(user, MAINTAIN) as sight:
        return Answer(devices(sight.store))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom to invite."""

    command_id: str
    name: str
    """Of the workstation, such as BRANCH-7."""
    access_groups: tuple[str, ...]
    """Whose accounts it may hold; `*` for all."""
    current_password: str
    """The sender's own, once more."""
    current_code: str = ""
    """And the one-time code, where the sender has a second factor."""
    hours: int = INVITATION // timedelta(hours=1)
    """How long the code is good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A device that may enrol with a code, which is told here and nowhere else."""

    device_id: int
    node_id: int
    code: str
    expires: datetime


@router.post("/devices", **described(Invited, 409), **takes(Invitation))
def invite(site: SiteOf, user: User, body: Body) -> Answer:
    """Invite a branch workstation. A lost answer is not told again: invite once more, which makes a new code."""
    with site.admitting(user, MAINTAIN) as (door, actor):
        return Answer(_invite(site, door, actor, read_body(body, Invitation)))


def _invite(site: Site, door: Door, actor: Actor, given: Invitation) -> Invited:
    need_command_id(given.command_id)
    if not 0 < given.hours <= 24 * 7:
        refuse("DEV-006", "An invitation ends within 7 days.", "hours")
    code = new_code()
    command = InviteDevice(
        name=given.name,
        access_groups=given.access_groups,
        code_hash=code_hash(code),
        expires=site.clock.now() + timedelta(hours=given.hours),
    )
    ask_again(door, actor, given.current_password, given.current_code)
    result = door.execute(command, user_id=actor.id, command_id=given.command_id).result
    return Invited(device_id=result.device_id, node_id=result.node_id, code=code, expires=result.expires)
