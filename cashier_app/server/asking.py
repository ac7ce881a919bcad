"""What endpoints take from a request: the site, who asks, the body within its bounds."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_type_hints

import msgspec
from fastapi import Depends, Request, Security
from fastapi.params import Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cashier_app.domain.errors import Problem, raise_all
from cashier_app.server.refusing import Refused
from cashier_app.server.site import Site
from cashier_app.server.tokens import Identity, Kind, unsigned
from cashier_app.services.kernel.codec import from_plain

T = TypeVar("T")
_log = logging.getLogger("cashier.server")

_person: Final = HTTPBearer(scheme_name="person", bearerFormat="JWT", auto_error=False)
_device: Final = HTTPBearer(scheme_name="device", bearerFormat="JWT", auto_error=False)
_UNSENT: Final = re.compile(r"([0-9]{1,9}) ([0-9]{1,9})")
"""What a branch tells of itself in `X-Unsent`: commands that wait, and seconds that the oldest has waited."""


async def site_of(request: Request) -> Site:
    """The server that was asked."""
    site: Site = request.state.site
    return site


async def _user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_person)]
) -> Identity:
    return _identified(request, credentials, Kind.USER)


async def _branch(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_device)]
) -> Identity:
    who = _identified(request, credentials, Kind.DEVICE)
    if told := _UNSENT.fullmatch(request.headers.get("x-unsent", "")):
        request.state.site.unsent[who.id] = (int(told[1]), int(told[2]))
    return who


def _identified(request: Request, credentials: HTTPAuthorizationCredentials | None, kind: Kind) -> Identity:
    site: Site = request.state.site
    if credentials is None:
        raise unsigned()
    who = site.tokens.read(credentials.credentials)
    request.state.who = who.subject
    site.identities.take(who.subject)
    if who.kind is not kind:
        raise Refused(403, "API-002", f"This is for a {kind}, not for a {who.kind}.")
    return who


async def known_parameters(request: Request) -> None:
    """Refuse a parameter that nobody asks for, or that is there twice: nothing is left out in silence."""
    wanted = _parameters_of(request.scope["endpoint"])
    given = Counter(name for name, _ in request.query_params.multi_items())
    unknown = f"Unknown parameter; parameters are: {', '.join(wanted) or 'none'}."
    problems = [Problem("API-005", unknown, name) for name in given if name not in wanted]
    problems += [
        Problem("API-005", "This parameter may be given once.", name)
        for name, times in given.items()
        if times > 1 and not wanted.get(name, True)
    ]
    raise_all(problems)


@cache
def _parameters_of(endpoint: Callable[..., Any]) -> Mapping[str, bool]:
    """The parameters that an endpoint asks for in its address, and whether each may be given several times."""
    hints = get_type_hints(endpoint, include_extras=True)
    return {
        name: "list" in str(hint)
        for name, hint in hints.items()
        if any(isinstance(each, Query) for each in getattr(hint, "__metadata__", ()))
    }


async def limit_sign_ins(request: Request) -> None:
    """So many attempts to get in from one address, and no more."""
    site: Site = request.state.site
    site.sign_ins.take(address_of(request))


async def limit_device_tokens(request: Request) -> None:
    """So many challenges and answers from one address, which may be that of a whole branch office."""
    site: Site = request.state.site
    site.device_tokens.take(address_of(request))


def note_event(request: Request, event: str, who: str) -> None:
    """A line in the log about who got in, and from where (ASVS 16.3.1)."""
    _log.info("%s", json.dumps({"event": event, "who": who, "from": address_of(request)}))


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy, whom the proxy forwards."""
    return request.client.host if request.client else "nowhere"


SiteOf = Annotated[Site, Depends(site_of)]
User = Annotated[Identity, Depends(_user)]
Branch = Annotated[Identity, Depends(_branch)]


async def pieces(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body in pieces.

    Raises:
        Refused: API-006 (413) for more than the bound, API-010 (408) where the next piece takes too long.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most:
        raise _too_large(most)
    seconds = request.state.site.options.limits.body_seconds
    stream = aiter(request.stream())
    size = 0
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), seconds)
        except StopAsyncIteration:
            return
        except TimeoutError:
            close = {"Connection": "close"}
            raise Refused(408, "API-010", f"The body took more than {seconds:g} s.", headers=close) from None
        size += len(piece)
        if size > most:
            raise _too_large(most)
        yield piece


def _too_large(most: int) -> Refused:
    return Refused(413, "API-006", f"The body is larger than {most:,} bytes.", headers={"Connection": "close"})


async def _command_body(request: Request) -> bytes:
    return await whole(request, request.state.site.options.limits.command_bytes)


async def whole(request: Request, most: int, media_type: str = "application/json") -> bytes:
    """The whole body, in memory; API-011 (415) for another media type."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise Refused(415, "API-011", f"The body must be {media_type}.", headers={"Accept": media_type})
    return b"".join([piece async for piece in pieces(request, most)])


Body = Annotated[bytes, Depends(_command_body)]


def read_body(body: bytes, wanted: type[T]) -> T:
    """A body as one of our shapes.

    Raises:
        Refused: API-012 (400) for what is no JSON.
        RuleViolation: CMD-003 with the place and what would be accepted.
    """
    try:
        plain: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "API-012", "The body is no JSON in UTF-8.") from None
    if _holds_too_long_a_number(plain):
        raise Refused(422, "API-005", "A number is longer than 64 bits; no key of ours is.")
    return from_plain(plain, wanted, strict=True)


def _holds_too_long_a_number(plain: Any) -> bool:
    if isinstance(plain, dict):
        return any(_holds_too_long_a_number(each) for each in plain.values())
    if isinstance(plain, list):
        return any(_holds_too_long_a_number(each) for each in plain)
    return isinstance(plain, int) and not -(2**63) <= plain < 2**63
