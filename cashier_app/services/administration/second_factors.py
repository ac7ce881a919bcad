"""The second factor: one-time codes of an authenticator app, set up, used once, reset (R reliability 5.2, decision 26).

The secret travels beside its command and lies in a table of its own: no journal, query or export holds it. What the
journal keeps is its digest, so that `cashier verify` notices another one.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import bindparam, delete, insert, select

from cashier_app.domain.errors import refuse, require
from cashier_app.domain.one_time_codes import SECRET_BYTES
from cashier_app.models.security import RecoveryCode, SecondFactorSecret, User
from cashier_app.services.administration.users import UserSaved, user_of
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.statements import Statement, change, deletion, insertion
from cashier_app.services.kernel.store import Store
from cashier_app.services.kernel.work import SYSTEM, Work

RECOVERY_CODES = 10
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 24
"""Of a written code: 120 random bits, so that a plain hash is enough (ASVS 6.5.2)."""

_SECRET = Statement(select(SecondFactorSecret.secret).where(SecondFactorSecret.user_id == bindparam("user_id")))
_LAST_STEP = Statement(select(User.last_step).where(User.id == bindparam("user_id")).with_for_update())
_CODES = Statement(select(RecoveryCode.code_hash).where(RecoveryCode.user_id == bindparam("user_id")))
_FORGET = Statement(delete(SecondFactorSecret).where(SecondFactorSecret.user_id == bindparam("user_id")))
_KEEP = Statement(insert(SecondFactorSecret).values(user_id=bindparam("user_id"), secret=bindparam("secret")))
_SET = change(User, "second_factor last_step")
_USE_STEP = change(User, "last_step")
_ADD_CODE = insertion(RecoveryCode, "user_id code_hash")
_DELETE_CODE = deletion(RecoveryCode, "user_id code_hash")


def new_secret() -> str:
    """A secret for an authenticator app, as it is typed: 32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def enrolment_address(secret: str, login: str, issuer: str) -> str:
    """What the QR code says to an authenticator app."""
    facts = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{login}')}?{facts}"


def digest_of(secret: str) -> str:
    """By which the journal knows a secret."""
    return hashlib.sha256(f"cashier second factor {secret}".encode()).hexdigest()


def written_code() -> str:
    """A code that people read out and type, such as `ABCDEF-GHJKLM-NPQRST-UVWXYZ`; no letter looks like another."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[place : place + 6] for place in range(0, _LENGTH, 6))


def new_recovery_codes() -> tuple[str, ...]:
    """Codes for the day when the telephone is lost, as they are written down."""
    return tuple(written_code() for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """The hash of a recovery code, however it is typed."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"cashier recovery {plain}".encode()).hexdigest()


def secret_of(store: Store, user_id: int) -> str:
    """What the codes of a user are made from; empty where there is none."""
    return str(store.value(_SECRET, user_id=user_id) or "")


def holds_recovery_code(store: Store, user_id: int, code_hash: str) -> bool:
    """Whether this recovery code is still to be used."""
    return any(row.code_hash == code_hash for row in store.all(_CODES, user_id=user_id))


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The code that somebody has shown and that is still to be used up, in the transaction for which it was shown."""

    user_id: int
    step: int = 0
    recovery: str = ""
    """Hash of a recovery code; empty where it was none."""


def use_up(work: Work, shown: CodeShown) -> None:
    """Let this code count for this command and for no other; refuses with SEC-051 one that was used already."""
    user_id = shown.user_id
    if shown.step:
        last = work.store.value(_LAST_STEP, user_id=user_id)
        require(shown.step > (last or 0), "SEC-051", "This code was used already. Wait for the next one.", "code")
        work.store.write(_USE_STEP, [(shown.step, user_id)])
    if shown.recovery:
        if not holds_recovery_code(work.store, user_id, shown.recovery):
            refuse("SEC-051", "This recovery code was used already. Take the next on your list.", "code")
        work.store.write(_DELETE_CODE, [(user_id, shown.recovery)])


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolSecondFactor:
    """Somebody who has shown the password and a first code signs in with both from now on.

    The secret itself travels beside the command.
    """

    login: str
    digest: str
    """Of the secret."""
    step: int
    """Of the first code: it is used up."""
    recovery_hashes: tuple[str, ...] = ()


@handles(EnrolSecondFactor, right="system")
def enrol_second_factor(command: EnrolSecondFactor, work: Work) -> UserSaved:
    """Replaces a second factor that there was, recovery codes included."""
    user = user_of(work.store, command.login)
    secret = work.attachment
    if not isinstance(secret, str) or digest_of(secret) != command.digest:
        refuse("SEC-053", "The secret that belongs to this command is missing. Begin again.", "code")
    _clear(work, user.id)
    work.store.write(_SET, [(command.digest, command.step, user.id)])
    work.store.apply(_KEEP, [{"user_id": user.id, "secret": secret}])
    work.store.write(_ADD_CODE, [(user.id, code) for code in _distinct(command.recovery_hashes)])
    work.changed("user", user.id)
    return UserSaved(user_id=user.id, login=user.login)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetSecondFactor:
    """The telephone is lost, and the recovery codes too: the user sets up a new second factor, or has none."""

    login: str


@handles(ResetSecondFactor, right="MaintainUsers")
def reset_second_factor(command: ResetSecondFactor, work: Work) -> UserSaved:
    """Two administrators make sure who it is (ASVS 6.4.4); alone it is done only on the ledger's own machine."""
    user = user_of(work.store, command.login)
    require(user.second_factor, "SEC-054", f"User {user.login} has no second factor.", "login")
    if work.user.id != SYSTEM.id:
        work.need_second_person("MaintainUsers", f"reset the second factor of {user.login}")
    _clear(work, user.id)
    work.store.write(_SET, [("", user.last_step, user.id)])
    work.changed("user", user.id)
    return UserSaved(user_id=user.id, login=user.login)


def _clear(work: Work, user_id: int) -> None:
    work.store.apply(_FORGET, [{"user_id": user_id}])
    held = [(user_id, row.code_hash) for row in work.store.all(_CODES, user_id=user_id)]
    work.store.write(_DELETE_CODE, sorted(held))


def _distinct(values: Iterable[str]) -> list[Any]:
    return sorted(set(values))
