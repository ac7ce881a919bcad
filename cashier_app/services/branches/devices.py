"""Devices: the branch workstations that a server lets in, by invitation, and shuts out again (R reliability T8, T9)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, select

from cashier_app.domain.access import EVERY_GROUP
from cashier_app.domain.access_tables import AccessGroup
from cashier_app.domain.errors import refuse, require
from cashier_app.models.configuration import ConfigurationState
from cashier_app.models.journal import Node
from cashier_app.models.sync import Delivery, Device
from cashier_app.services.administration.nodes import LONGEST_NAME
from cashier_app.services.administration.second_factors import written_code
from cashier_app.services.administration.setup import new_node, raise_version
from cashier_app.services.branches.device_keys import is_public_key
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import Work

LONGEST_INVITATION = timedelta(days=7)
INVITATION = timedelta(days=1)
"""How long a code is good for, unless said otherwise."""

_HASH = re.compile(r"[0-9a-f]{64}")


class DeviceStatus(StrEnum):
    """How a device stands."""

    INVITED = "INVITED"
    """Its code has not been used yet."""
    ENROLLED = "ENROLLED"
    """It may send and fetch."""
    REVOKED = "REVOKED"
    """It may not any more, and never again under this name."""


_COLUMNS = (
    Device.id,
    Device.name,
    Device.node_id,
    Device.status,
    Device.access_groups,
    Device.public_key,
    Device.code_expires,
    Device.created_at,
)
_BY_ID = Statement(select(*_COLUMNS).where(Device.id == bindparam("device_id")))
_BY_NAME = Statement(select(*_COLUMNS).where(Device.name == bindparam("name")))
_BY_CODE = Statement(select(*_COLUMNS).where(Device.code_hash == bindparam("code_hash")))
_ALL = Statement(
    select(*_COLUMNS, func.max(Delivery.received_at).label("heard_at"), Node.sequence)
    .join(Node, Node.id == Device.node_id)
    .join(Delivery, Delivery.node_id == Device.node_id, isouter=True)
    .group_by(*_COLUMNS, Node.sequence)
    .order_by(Device.name)
)
_LEDGER = Statement(select(ConfigurationState.ledger))
_INSERT = insertion(Device, "id name node_id status access_groups code_hash code_expires created_at created_by")
_INVITE_AGAIN = change(Device, "access_groups code_hash code_expires")
_ENROL = change(Device, "status public_key code_hash code_expires")
_REVOKE = change(Device, "status code_hash code_expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """A device as the server knows it."""

    device_id: int
    name: str
    """Also that of its node."""
    node_id: int
    status: DeviceStatus
    access_groups: tuple[str, ...]
    """Whose accounts it may hold; `*` for all."""
    public_key: str
    invited_at: datetime
    code_expires: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device in the list."""

    device_id: int
    name: str
    node_id: int
    status: DeviceStatus
    access_groups: tuple[str, ...]
    invited_at: datetime
    code_expires: datetime | None
    heard_at: datetime | None
    """When its last delivery arrived; nothing before the first."""
    commands: int
    """How many of its commands have arrived."""


def new_code() -> str:
    """A code for an invitation, as it is read out: 120 random bits."""
    return written_code()


def code_hash(code: str) -> str:
    """By which the server knows a code again, however it was typed."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(f"cashier invitation {plain}".encode()).hexdigest()


# -- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteDevice:
    """Let a branch workstation enrol with a one-time code; again for a code that was lost."""

    name: str
    """Of the workstation, such as BRANCH-7."""
    access_groups: tuple[str, ...]
    """Whose accounts it may hold; `*` for all."""
    code_hash: str
    """From `code_hash`: the code itself never enters a command."""
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInvited:
    """A device that may enrol."""

    device_id: int
    node_id: int
    name: str
    expires: datetime


@handles(InviteDevice, right="MaintainDevices")
def invite_device(command: InviteDevice, work: Work) -> DeviceInvited:
    """Note the device with a node of its own, whose chain begins with the first command it sends."""
    name = command.name.strip()
    require(
        name and name.isprintable() and len(name) <= LONGEST_NAME,
        "NODE-002",
        f"A workstation's name has 1 to {LONGEST_NAME} characters, such as BRANCH-7.",
        "name",
    )
    groups = _groups_text(work, command.access_groups)
    require(_HASH.fullmatch(command.code_hash), "DEV-003", "The code must come as its hash.", "code_hash")
    require(
        command.expires.tzinfo is not None and timedelta(0) < command.expires - work.instant <= LONGEST_INVITATION,
        "DEV-006",
        f"An invitation ends within {LONGEST_INVITATION.days} days.",
        "expires",
    )
    known = work.store.first(_BY_NAME, name=name)
    if known is None:
        device_id, node_id = _new_device(work, name, groups, command)
    else:
        device_id, node_id = known.id, known.node_id
        require(
            known.status == DeviceStatus.INVITED,
            "DEV-002",
            f"Device {name} is {known.status.lower()} already; invite another one under a name of its own.",
            "name",
        )
        work.store.write(_INVITE_AGAIN, [(groups, command.code_hash, command.expires, device_id)])
    _changed(work, device_id)
    return DeviceInvited(device_id=device_id, node_id=node_id, name=name, expires=command.expires)


def _new_device(work: Work, name: str, groups: str, command: InviteDevice) -> tuple[int, int]:
    device_id, node_id = work.new_id(), new_node(work.store, name)
    work.store.write(
        _INSERT,
        [
            (
                device_id,
                name,
                node_id,
                DeviceStatus.INVITED.value,
                groups,
                command.code_hash,
                command.expires,
                work.instant,
                work.user.id,
            )
        ],
    )
    return device_id, node_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolDevice:
    """Take an invitation up with a key."""

    code_hash: str
    public_key: str
    """Ed25519, base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEnrolled:
    """A device that may send and fetch."""

    device_id: int
    node_id: int
    name: str
    access_groups: tuple[str, ...]
    ledger: str
    """By which the device knows this server's ledger again."""


@handles(EnrolDevice, right="system")
def enrol_device(command: EnrolDevice, work: Work) -> DeviceEnrolled:
    """The code is used up; from now on the device is known by its key."""
    require(is_public_key(command.public_key), "DEV-005", "An Ed25519 key is needed: 32 bytes as base64.", "public_key")
    device = work.store.first(_BY_CODE, code_hash=command.code_hash) if command.code_hash else None
    if device is None or device.code_expires is None or device.code_expires <= work.instant:
        refuse(
            "DEV-003",
            "This code is wrong, was used, or is too old. Ask for a new one: `cashier device invite`.",
            "code",
        )
    work.store.write(_ENROL, [(DeviceStatus.ENROLLED.value, command.public_key, "", None, device.id)])
    _changed(work, device.id)
    return DeviceEnrolled(
        device_id=device.id,
        node_id=device.node_id,
        name=device.name,
        access_groups=groups_of(device.access_groups),
        ledger=str(work.store.value(_LEDGER)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDevice:
    """Shut a device out, at once: stolen, replaced or given up."""

    device_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRevoked:
    """A device that may not do anything any more."""

    device_id: int
    name: str


@handles(RevokeDevice, right="MaintainDevices")
def revoke_device(command: RevokeDevice, work: Work) -> DeviceRevoked:
    """What it sent stays; what it did not send can be entered only from its own database."""
    device = device_of(work.store, command.device_id)
    require(command.reason.strip(), "DEV-007", "Say why: stolen, replaced, given up.", "reason")
    require(
        device.status is not DeviceStatus.REVOKED, "DEV-004", f"Device {device.name} was revoked before.", "device_id"
    )
    work.store.write(_REVOKE, [(DeviceStatus.REVOKED.value, "", None, device.device_id)])
    _changed(work, device.device_id)
    return DeviceRevoked(device_id=device.device_id, name=device.name)


def _changed(work: Work, device_id: int) -> None:
    raise_version(work)
    work.changed("device", device_id)


# -- reading


def device_of(store: Store, device_id: int) -> DeviceFacts:
    """A device; refuses with DEV-001."""
    return _facts(store.one(_BY_ID, ("DEV-001", "There is no such device."), device_id=device_id))


def enrolled_device(store: Store, device_id: int) -> DeviceFacts:
    """A device that may send and fetch now; refuses with DEV-001 or DEV-004."""
    device = device_of(store, device_id)
    need_enrolled(device.name, device.status)
    return device


def need_enrolled(name: str, status: str) -> None:
    """Refuse with DEV-004 a device that was revoked, or does not know its key yet."""
    require(status == DeviceStatus.ENROLLED, "DEV-004", f"Device {name} may not do anything: it is {status.lower()}.")


def device_by_name(store: Store, name: str) -> DeviceFacts:
    """A device by its name; refuses with DEV-001."""
    return _facts(store.one(_BY_NAME, ("DEV-001", f"There is no device {name!r}."), name=name.strip()))


def devices(store: Store) -> tuple[DeviceRow, ...]:
    """All devices, by name."""
    return tuple(
        DeviceRow(
            device_id=row.id,
            name=row.name,
            node_id=row.node_id,
            status=DeviceStatus(row.status),
            access_groups=groups_of(row.access_groups),
            invited_at=row.created_at,
            code_expires=row.code_expires,
            heard_at=row.heard_at,
            commands=row.sequence,
        )
        for row in store.all(_ALL)
    )


def _facts(row: Any) -> DeviceFacts:
    return DeviceFacts(
        device_id=row.id,
        name=row.name,
        node_id=row.node_id,
        status=DeviceStatus(row.status),
        access_groups=groups_of(row.access_groups),
        public_key=row.public_key,
        invited_at=row.created_at,
        code_expires=row.code_expires,
    )


def groups_of(text: str) -> tuple[str, ...]:
    """The codes of a device's access groups."""
    return tuple(text.split())


def _groups_text(work: Work, groups: Iterable[str]) -> str:
    codes = sorted(set(groups))
    require(
        codes, "DEV-008", "Name the access groups whose accounts the device may hold, or * for all.", "access_groups"
    )
    for code in codes:
        if code != EVERY_GROUP:
            work.config.get(AccessGroup, code, "access_groups")
    return " ".join(codes)
