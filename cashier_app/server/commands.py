"""Commands: one address for each of the catalogue, with its own schema; the door decides the rest (design D13)."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter

from cashier_app.domain.errors import CashierError, Problem, RuleViolation, refuse
from cashier_app.server.answers import Answer
from cashier_app.server.asking import Body, SiteOf, User, read_body
from cashier_app.server.describing import EXTRA, described, note, takes
from cashier_app.server.schemas import Schema, components, reference
from cashier_app.server.site import Site
from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.administration.users import LONGEST_PASSWORD, SHORTEST_WITH_CODE, hashed, shortest_password
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.commands import Handler, catalogue
from cashier_app.services.kernel.door import Approval, Door, Outcome
from cashier_app.services.kernel.freshness import Seen
from cashier_app.services.kernel.work import Actor, Change

COMMAND_ID: Final = r"^[0-9a-f]{32}$"
NOT_OFFERED: Final = {
    "ImportReceivables": "its rows come from a file",
    "InviteDevice": "its code is made by the server: POST /api/v1/devices",
}
"""Commands beside those of the installation itself that have no address, and why."""
WITH_PASSWORD: Final = frozenset({"CreateUser", "SetPassword"})
"""Their password is hashed here: who sends a hash of their own could choose a weak password behind it."""
ASKS_AGAIN: Final = frozenset({"ChangeUser", "CreateUser", "ResetSecondFactor", "RevokeDevice", "SetPassword"})
"""Whoever sends these shows their own password once more: a token left lying about lets nobody else in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalIn:
    """The second person's own authentication, for this one command (R reliability C4)."""

    login: str
    password: str
    code: str = ""
    """One-time code, where the person has a second factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingSeen:
    """Something that the operator decided about."""

    kind: str
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenIn:
    """What the operator had on the screen: where somebody else changed it since, the command is stale (decision 20)."""

    cursor: str
    """From `/changes`, asked before the things were looked at."""
    things: tuple[ThingSeen, ...]
    own: tuple[int, ...] = ()
    """Journal entries of the operator's own since then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandIn:
    """A command on its way in."""

    command_id: str
    """Random, of the caller's own making: 32 hexadecimal digits. The same id with the same content answers again."""
    command: Mapping[str, Any]
    approval: ApprovalIn | None = None
    confirmed: tuple[str, ...] = ()
    """Codes of warnings that the operator has confirmed."""
    current_password: str = ""
    """The sender's own, where the command asks for it."""
    current_code: str = ""
    """And the one-time code, where the sender has a second factor."""
    seen: SeenIn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewIn:
    """A command to be tried."""

    command: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOut:
    """Something that others should look at again."""

    kind: str
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeOut:
    """What came of a command."""

    result: Any
    warnings: tuple[Problem, ...]
    changes: tuple[ChangeOut, ...]
    repeated: bool
    """True when it had been executed before and this is its first result."""
    journal_id: int


def offered() -> Mapping[str, Handler]:
    """The commands that have an address."""
    return {
        name: handler
        for name, handler in sorted(catalogue().items())
        if handler.right != "system" and name not in NOT_OFFERED
    }


def command_router() -> APIRouter:
    """The addresses of all commands."""
    router = APIRouter(tags=["commands"], prefix="/commands")
    note(Problem, ChangeOut, ApprovalIn, SeenIn)
    for name, handler in offered().items():
        about = (handler.execute.__doc__ or handler.command.__doc__ or "").strip().split("\n")[0]
        outcome = _describe(handler)
        router.add_api_route(
            f"/{name}",
            _executing(handler),
            methods=["POST"],
            operation_id=name,
            summary=f"{name} (right: {handler.right})",
            description=about,
            **described(outcome, 409),
            **takes(f"{name}In"),
        )
        if name in WITH_PASSWORD:
            continue
        router.add_api_route(
            f"/{name}/preview",
            _previewing(handler),
            methods=["POST"],
            operation_id=f"{name}Preview",
            summary=f"What {name} would do; nothing is kept",
            **described(outcome, 409),
            **takes(f"{name}PreviewIn"),
        )
    return router


def _executing(handler: Handler) -> Callable[..., Any]:
    def execute(site: SiteOf, user: User, body: Body) -> Answer:
        try:
            # The right comes first: whoever lacks it is not told what would be accepted.
            with site.admitting(user, handler.right) as (door, actor):
                outcome = _execute(site, door, handler, actor, body)
        except CashierError as refusal:
            site.metrics.commanded(handler.name, refusal.problems[0].code)
            raise
        site.metrics.commanded(handler.name, "repeated" if outcome.repeated else "taken")
        return _answer(outcome)

    return execute


def _execute(site: Site, door: Door, handler: Handler, actor: Actor, body: bytes) -> Outcome:
    given = read_body(body, CommandIn)
    need_command_id(given.command_id)
    command = _read(handler, _hashed(door, handler, given.command, _salt(site, given.command_id)))
    if handler.name in ASKS_AGAIN:
        ask_again(door, actor, given.current_password, given.current_code)
    return door.execute(
        command,
        user_id=actor.id,
        command_id=given.command_id,
        approval=_approval(given.approval),
        confirmed=given.confirmed,
        seen=_seen(given.seen) if given.seen else None,
    )


def _approval(given: ApprovalIn | None) -> Approval | None:
    return Approval(given.login, given.password, given.code) if given else None


def _seen(given: SeenIn) -> Seen:
    things = tuple(Change(thing.kind, thing.key) for thing in given.things)
    return Seen(given.cursor, things, frozenset(given.own))


def _previewing(handler: Handler) -> Callable[..., Any]:
    def preview(site: SiteOf, user: User, body: Body) -> Answer:
        with site.admitting(user, handler.right) as (door, _):
            given = read_body(body, PreviewIn)
            return _answer(door.preview(_read(handler, given.command), user_id=user.id))

    return preview


def _answer(outcome: Outcome) -> Answer:
    return Answer(
        OutcomeOut(
            result=outcome.result,
            warnings=outcome.warnings,
            changes=tuple(ChangeOut(kind=change.kind, key=change.key) for change in sorted(outcome.changes)),
            repeated=outcome.repeated,
            journal_id=outcome.journal_id,
        )
    )


def need_command_id(text: str) -> None:
    """Refuse with API-013 what is no command id."""
    if not re.fullmatch(COMMAND_ID, text):
        refuse("API-013", "A command id is 32 hexadecimal digits, chosen at random.", "command_id")


# -- passwords


def _read(handler: Handler, plain: Mapping[str, Any]) -> Any:
    return from_plain(dict(plain), handler.command, strict=True)


def _hashed(door: Door, handler: Handler, plain: Mapping[str, Any], salt: bytes) -> Mapping[str, Any]:
    """What was sent, with the hash of a password that is in it."""
    if handler.name not in WITH_PASSWORD:
        return plain
    values = dict(plain)
    if "password_hash" in values:
        refuse("CMD-003", "Unknown field password_hash; send the password itself.", "password_hash")
    password, login, groups = values.pop("password", None), values.get("login"), values.get("groups")
    if not isinstance(password, str) or not isinstance(login, str):
        refuse("CMD-003", "Object missing required field `password` or `login`.", "password")
    named = [code for code in groups if isinstance(code, str)] if isinstance(groups, list) else None
    with door.looking(None) as (store, config):
        shortest = shortest_password(store, config, login, named)
    return {**values, "password_hash": hashed(password, login, salt, shortest=shortest)}


def _salt(site: Site, command_id: str) -> bytes:
    """The same for the same command id, so that a command sent again is the same command; unknown to anybody else."""
    return hmac.digest(site.tokens.secret, f"salt {command_id}".encode(), hashlib.sha256)[:16]


def ask_again(door: Door, actor: Actor, password: str, code: str) -> None:
    """Have somebody who is signed in show once more who they are; refuses as signing in does."""
    if not password or len(password + code) > LONGEST_PASSWORD:
        raise RuleViolation([Problem("SEC-020", "Show your own password once more for this.", "current_password")])
    sign_in(door, actor.login, password, code, elsewhere=True)


# -- schemas


def _describe(handler: Handler) -> Schema:
    """Note the shapes of a command and of its outcome; returns the outcome's schema."""
    name = handler.name
    note(handler.result)
    schema = components([handler.command])
    own = schema.pop(name)
    EXTRA.update(schema)
    if name in WITH_PASSWORD:
        own = _with_password(own)
    EXTRA[name] = own
    command = {"$ref": f"#/components/schemas/{name}"}
    EXTRA[f"{name}PreviewIn"] = _object({"command": command}, ["command"])
    properties: Schema = {
        "command_id": {"type": "string", "pattern": COMMAND_ID, "examples": [uuid.UUID(int=7).hex]},
        "command": command,
        "approval": {"anyOf": [reference(ApprovalIn), {"type": "null"}]},
        "confirmed": {"type": "array", "items": {"type": "string"}},
        "current_password": {"type": "string"},
        "current_code": {"type": "string"},
        "seen": {"anyOf": [reference(SeenIn), {"type": "null"}]},
    }
    needed = ["command_id", "command", *(["current_password"] if name in ASKS_AGAIN else [])]
    EXTRA[f"{name}In"] = _object(properties, needed)
    return _object(
        {
            "result": reference(handler.result),
            "warnings": {"type": "array", "items": reference(Problem)},
            "changes": {"type": "array", "items": reference(ChangeOut)},
            "repeated": {"type": "boolean"},
            "journal_id": {"type": "integer"},
        },
        ["result", "warnings", "changes", "repeated", "journal_id"],
    )


def _with_password(schema: Schema) -> Schema:
    properties = dict(schema["properties"])
    del properties["password_hash"]
    properties["password"] = {"type": "string", "minLength": SHORTEST_WITH_CODE, "maxLength": LONGEST_PASSWORD}
    required = ["password" if name == "password_hash" else name for name in schema["required"]]
    return {**schema, "properties": properties, "required": required}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
