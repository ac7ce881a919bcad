"""Who is asking: tokens for people and for devices (R reliability 5.2, T9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request

from cashier_app.domain.errors import RuleViolation, refuse
from cashier_app.server.answers import Answer
from cashier_app.server.asking import Body, SiteOf, User, limit_device_tokens, limit_sign_ins, note_event, read_body
from cashier_app.server.describing import described, takes
from cashier_app.server.refusing import document
from cashier_app.server.site import Site
from cashier_app.server.tokens import Kind, unsigned
from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.administration.users import LONGEST_PASSWORD
from cashier_app.services.branches.device_keys import Purpose, is_signed
from cashier_app.services.branches.devices import DeviceFacts
from cashier_app.services.queries.sign_in import mark_of

router = APIRouter(tags=["tokens"])
LONGEST_LOGIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A person's login and password, and a one-time code where there is a second factor."""

    login: str
    password: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """To be sent as `Authorization: Bearer …`."""

    token: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Myself:
    """Who is signed in."""

    user_id: int
    login: str
    name: str
    rights: tuple[str, ...]
    tender_sources: tuple[str, ...]
    access_groups: tuple[str, ...]
    """Whose accounts are seen, beside those of no group."""


@router.post("/tokens", dependencies=[Depends(limit_sign_ins)], **described(Token, 401, 429), **takes(SignIn))
def get_token(request: Request, site: SiteOf, body: Body) -> Any:
    """Sign in. Success and failure are journaled; failures lock for longer and longer."""
    given = read_body(body, SignIn)
    try:
        _need_a_login(given)
        with site.doors.lend() as door:
            actor = sign_in(door, given.login, given.password, given.code, elsewhere=True)
            token, expires = site.token_for(door, actor.id)
    except RuleViolation as refusal:
        if not refusal.codes[0].startswith("SEC-"):
            raise
        return document(401, refusal.problems, headers={"WWW-Authenticate": 'Bearer realm="cashier"'})
    note_event(request, "signed in", f"{Kind.USER}:{actor.id}")
    return Answer(Token(token=token, expires=expires))


def _need_a_login(given: SignIn) -> None:
    """What nobody can be called is not even looked up."""
    too_long = len(given.login) > LONGEST_LOGIN or len(given.password + given.code) > LONGEST_PASSWORD
    if too_long or not given.login.isprintable():
        refuse(
            "SEC-020", "Login or password is wrong. Try again, or ask an administrator to set a new one.", "password"
        )


@router.delete("/tokens", status_code=204, **described(None))
async def end_token(request: Request, site: SiteOf, user: User) -> None:
    """Sign out: this token is accepted no more."""
    site.tokens.end(user)
    note_event(request, "signed out", user.subject)


@router.get("/me", **described(Myself))
def myself(site: SiteOf, user: User) -> Answer:
    """Who is signed in, with which rights."""
    with site.looking(user) as sight:
        actor = sight.actor
        return Answer(
            Myself(
                user_id=actor.id,
                login=actor.login,
                name=actor.name,
                rights=tuple(sorted(actor.rights)),
                tender_sources=tuple(sorted(actor.tender_sources)),
                access_groups=tuple(sorted(actor.access_groups)),
            )
        )


# -- devices


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeFor:
    """Which device asks."""

    device_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """To be signed with the device's key, for the purpose `cashier token`, within a minute."""

    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedChallenge:
    """A challenge with the device's signature, base64."""

    device_id: int
    challenge: str
    signature: str


@router.post(
    "/tokens/device/challenge",
    dependencies=[Depends(limit_device_tokens)],
    **described(Challenge, 429),
    **takes(ChallengeFor),
)
def get_challenge(site: SiteOf, body: Body) -> Answer:
    """Something to sign. It is given for any number, so that nobody learns here which devices there are."""
    return Answer(Challenge(challenge=site.tokens.challenge(read_body(body, ChallengeFor).device_id)))


@router.post(
    "/tokens/device",
    dependencies=[Depends(limit_device_tokens)],
    **described(Token, 401, 429),
    **takes(SignedChallenge),
)
def get_device_token(request: Request, site: SiteOf, body: Body) -> Answer:
    """A token for a device that is enrolled and holds its key."""
    given = read_body(body, SignedChallenge)
    site.tokens.take_challenge(given.challenge, given.device_id)
    device = _enrolled(site, given.device_id)
    if not is_signed(device.public_key, Purpose.TOKEN, given.challenge.encode(), given.signature):
        raise unsigned()
    token, expires = site.tokens.issue(Kind.DEVICE, device.device_id, mark_of(device.public_key))
    note_event(request, "signed in", f"{Kind.DEVICE}:{device.device_id}")
    return Answer(Token(token=token, expires=expires))


def _enrolled(site: Site, device_id: int) -> DeviceFacts:
    """The same answer for a device that is unknown, revoked or not enrolled."""
    with site.doors.lend() as door:
        try:
            return site.device(door, device_id)
        except RuleViolation:
            raise unsigned() from None
