"""Tokens of at most fifteen minutes for people and devices, and the challenge that a device signs (R reliability T9).

Signed with the server's secret (HS256, nothing else is accepted). What a token says is who; what they may do is asked
of the database each time.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import jwt

from cashier_app.server.options import TOKEN_LIFE
from cashier_app.server.refusing import Refused

_ALGORITHM: Final = "HS256"
_API: Final = "cashier-api"
_CHALLENGE: Final = "cashier-challenge"
_CLAIMS: Final = ["iss", "aud", "sub", "iat", "exp", "jti"]
_CHALLENGE_LIFE: Final = timedelta(minutes=1)
_KEY: Final = re.compile(r"[1-9][0-9]{0,17}")
_UNSIGNED: Final = {"WWW-Authenticate": 'Bearer realm="cashier"'}


class Kind(StrEnum):
    """Who asks."""

    USER = "user"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token says is asking."""

    kind: Kind
    id: int
    mark: str
    """Of the password or key with which the token was got: it ends with them."""
    token_id: str
    expires: datetime

    @property
    def subject(self) -> str:
        """In one word, for the log and for counting."""
        return f"{self.kind}:{self.id}"


class Tokens:
    """Issues and reads tokens of one ledger."""

    def __init__(self, secret: bytes, ledger: str, now: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self.secret = secret
        self._now = now
        self._lock = threading.Lock()
        self._ended: dict[str, datetime] = {}
        """Tokens whose holder signed out, and challenges that were used, until they would have ended anyway."""

    def issue(self, kind: Kind, key: int, mark: str) -> tuple[str, datetime]:
        """A token, and when it ends."""
        return self._encode(f"{kind}:{key}", _API, TOKEN_LIFE, mark=mark)

    def read(self, token: str) -> Identity:
        """Who the token speaks for; 401 with API-001 for one that is forged, old, ended or not ours."""
        claims = self._decode(token, _API)
        kind, _, key = claims["sub"].partition(":")
        if kind not in tuple(Kind) or not _KEY.fullmatch(key) or not isinstance(claims.get("mark"), str):
            raise unsigned()
        return Identity(Kind(kind), int(key), claims["mark"], claims["jti"], _at(claims["exp"]))

    def end(self, identity: Identity) -> None:
        """Accept this token no more."""
        self._use_up(identity.token_id, identity.expires)

    def challenge(self, device_id: int) -> str:
        """What a device is to sign within a minute, once. Its clock plays no part (R reliability P16)."""
        return self._encode(f"{Kind.DEVICE}:{device_id}", _CHALLENGE, _CHALLENGE_LIFE)[0]

    def take_challenge(self, challenge: str, device_id: int) -> None:
        """Use a challenge up; 401 with API-001 for one that is not for this device, old or used."""
        claims = self._decode(challenge, _CHALLENGE)
        if claims["sub"] != f"{Kind.DEVICE}:{device_id}":
            raise unsigned()
        if not self._use_up(claims["jti"], _at(claims["exp"])):
            raise unsigned()

    def _encode(self, subject: str, audience: str, life: timedelta, **more: str) -> tuple[str, datetime]:
        now = self._now().replace(microsecond=0)
        expires = now + life
        claims = {
            "iss": self.ledger,
            "aud": audience,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int(expires.timestamp()),
            "jti": secrets.token_urlsafe(16),
            **more,
        }
        return jwt.encode(claims, self.secret, _ALGORITHM), expires

    def _decode(self, token: str, audience: str) -> dict[str, Any]:
        # The hour is asked of the server's own clock, which tests can set.
        options: Any = {"require": _CLAIMS, "verify_exp": False, "verify_iat": False, "strict_aud": True}
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self.secret, [_ALGORITHM], options, audience=audience, issuer=self.ledger
            )
            ended = _at(claims["exp"]) <= self._now() or claims["jti"] in self._ended
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            raise unsigned() from None
        if ended:
            raise unsigned()
        return claims

    def _use_up(self, token_id: str, until: datetime) -> bool:
        """Note that it has ended; whether it had not before. Requests come in several threads."""
        now = self._now()
        with self._lock:
            is_first = token_id not in self._ended
            self._ended = {token: ends for token, ends in self._ended.items() if ends > now} | {token_id: until}
        return is_first


def unsigned() -> Refused:
    """What is told to whoever shows no token that is good now; not which of its faults it has."""
    return Refused(
        401,
        "API-001",
        "A valid token is needed: people get one at /api/v1/tokens, devices at /api/v1/tokens/device.",
        headers=_UNSIGNED,
    )


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
