"""Signing in, coming back to a locked screen, and signing as a second person (R reliability 5.2).

Whoever has a second factor shows a one-time code with the password, once each. Wrong codes count like wrong passwords.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.access_tables import SecondFactor
from cashier_app.domain.errors import refuse, require
from cashier_app.domain.one_time_codes import DIGITS, matching_step
from cashier_app.models.security import User
from cashier_app.services.administration.second_factors import (
    CodeShown,
    EnrolSecondFactor,
    digest_of,
    enrolment_address,
    holds_recovery_code,
    new_recovery_codes,
    recovery_hash,
    secret_of,
    use_up,
)
from cashier_app.services.administration.users import (
    BY_LOGIN,
    SHORTEST_PASSWORD,
    demanded,
    fits,
    groups_of,
    read_actor,
    user_of,
)
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import change
from cashier_app.services.kernel.work import SYSTEM, Actor, Work

if TYPE_CHECKING:
    from cashier_app.services.kernel.door import Approval, Door

MOST_FAILURES = 10
LOCK = timedelta(minutes=30)
UNUSED = timedelta(days=90)
_CHANGE_SIGN_IN = change(User, "failed_sign_ins locked_until last_used")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSignIn:
    """Somebody signed in, or tried to."""

    login: str
    succeeded: bool
    step: int = 0
    """Of the one-time code that was shown: it is used up."""
    recovery: str = ""
    """Hash of the recovery code that was shown: it is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRecorded:
    """How the user stands after it."""

    user_id: int
    failures: int
    locked_until: datetime | None


@handles(RecordSignIn, right="system", branch=True)
def record_sign_in(command: RecordSignIn, work: Work) -> SignInRecorded:
    """Success forgets failures and uses the code up; failures lock for longer and longer (R reliability 5.2)."""
    user = user_of(work.store, command.login)
    use_up(work, CodeShown(user.id, command.step, command.recovery))
    failures = 0 if command.succeeded else user.failed_sign_ins + 1
    locked_until = work.instant + _lock_after(failures) if failures > 2 else None  # noqa: PLR2004  # from the 3rd
    last_used = work.business_date if command.succeeded else user.last_used
    work.store.write(_CHANGE_SIGN_IN, [(failures, locked_until, last_used, user.id)])
    return SignInRecorded(user_id=user.id, failures=failures, locked_until=locked_until)


def _lock_after(failures: int) -> timedelta:
    return LOCK if failures >= MOST_FAILURES else timedelta(seconds=2 ** (failures - 2))


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has shown who they are."""

    actor: Actor
    shown: CodeShown
    """With which one-time code, which is not used up yet."""


def sign_in(door: Door, login: str, password: str, code: str = "", *, elsewhere: bool = False) -> Actor:
    """Check password and code and return who it is; `elsewhere` is anywhere but at a workstation.

    Refuses with SEC-020 (wrong password), SEC-021 (locked), SEC-050 (a code is needed), SEC-051 (wrong or used),
    SEC-052 (a second factor must be set up first). Both outcomes are journaled.
    """
    known = _authenticate(door, login, password, code, elsewhere=elsewhere)
    _record(door, known)
    return known.actor


def come_back(door: Door, login: str, password: str) -> Actor:
    """Check the password of somebody who signed in and left the screen locked: the session had both factors."""
    actor = _read(door, _with_password(door, login, password).id)
    door.execute(RecordSignIn(login=login, succeeded=True), user_id=SYSTEM.id)
    return actor


def approver(door: Door, approval: Approval) -> Known:
    """The second person of a command, by their own password and, where they have a second factor, code."""
    return _authenticate(door, approval.login, approval.password, approval.code)


def has_second_factor(door: Door, login: str) -> bool:
    """Whether somebody shows one-time codes already."""
    with reading(door.database, access=EVERYTHING) as store:
        user = store.first(BY_LOGIN, login=login.strip())
    return bool(user and user.second_factor)


def enrolment_of(door: Door, login: str, secret: str) -> str:
    """What the QR code of a second factor says to an authenticator app; refuses with BR-001 at a branch."""
    with reading(door.database, access=EVERYTHING) as store:
        config = door.current_config(store)
    require(not config.is_branch, "BR-001", "A second factor is set up at the server, at a workstation of the office.")
    name = config.installation.name
    return enrolment_address(secret, login, f"Cashier {name}".strip())


def enrol(  # noqa: PLR0917  # what a person shows
    door: Door, login: str, password: str, secret: str, code: str, before: str = ""
) -> tuple[Actor, tuple[str, ...]]:
    """Set up a second factor and sign in with it; returns who it is and the recovery codes, which are told once.

    `code` is the first one of the secret, `before` one of the second factor that there was. Refuses like `sign_in`, and
    with SEC-053 where the first code does not belong to the secret.
    """
    user = _with_password(door, login, password)
    shown = _code_shown(door, user, before) if user.second_factor else CodeShown(user.id)
    step = matching_step(secret, code.replace(" ", ""), door.clock.now())
    if step is None:
        refuse("SEC-053", "The app shows another code. Type the one it shows now; its clock must be right.", "code")
    _record(door, Known(_read(door, user.id), shown))
    codes = new_recovery_codes()
    hashes = tuple(recovery_hash(each) for each in codes)
    command = EnrolSecondFactor(login=user.login, digest=digest_of(secret), step=step, recovery_hashes=hashes)
    door.execute(command, user_id=SYSTEM.id, attachment=secret)
    return _read(door, user.id), codes


def _record(door: Door, known: Known) -> None:
    shown = known.shown
    command = RecordSignIn(login=known.actor.login, succeeded=True, step=shown.step, recovery=shown.recovery)
    door.execute(command, user_id=SYSTEM.id)


def _authenticate(door: Door, login: str, password: str, code: str, *, elsewhere: bool = False) -> Known:
    user = _with_password(door, login, password)
    if user.second_factor:
        shown = _code_shown(door, user, code)
    else:
        shown = CodeShown(user.id)
        _need_none(door, user.id, password, elsewhere=elsewhere)
    return Known(_read(door, user.id), shown)


def _with_password(door: Door, login: str, password: str) -> Any:
    """The user of the login, whose password it is; wrong ones are counted."""
    with reading(door.database, access=EVERYTHING) as store:
        user = store.first(BY_LOGIN, login=login.strip())
    wrong = ("SEC-020", "Login or password is wrong. Try again, or ask an administrator to set a new one.", "password")
    if user is None:
        # As slow as for somebody who exists, so that nobody learns from the clock which logins do.
        fits("", password)
        refuse(*wrong)
    now = door.clock.now()
    if user.locked_until is not None and user.locked_until > now:
        minutes = max(1, round((user.locked_until - now).total_seconds() / 60))
        refuse(
            "SEC-021", f"Too many wrong passwords. Wait {minutes} min, or ask a supervisor to set a new one.", "login"
        )
    if not fits(user.password_hash, password):
        _count_failure(door, user.login)
        refuse(*wrong)
    require(user.active, "SEC-002", f"User {user.login} is disabled. Ask an administrator.", "login")
    _refuse_unused(user, door.clock.business_date())
    return user


def _count_failure(door: Door, login: str) -> None:
    door.execute(RecordSignIn(login=login, succeeded=False), user_id=SYSTEM.id)


def _code_shown(door: Door, user: Any, code: str) -> CodeShown:
    """The step or recovery code that is to be used up."""
    typed = code.replace(" ", "")
    require(typed, "SEC-050", "Type the code that your authenticator app shows, or a recovery code.", "code")
    with reading(door.database, access=EVERYTHING) as store:
        if len(typed) <= DIGITS:
            step = matching_step(secret_of(store, user.id), typed, door.clock.now())
            shown = CodeShown(user.id, step=step or 0)
            good = step is not None and step > user.last_step
        else:
            shown = CodeShown(user.id, recovery=recovery_hash(typed))
            good = holds_recovery_code(store, user.id, shown.recovery)
    if not good:
        _count_failure(door, user.login)
        refuse(
            "SEC-051",
            "This code is wrong or was used already. Wait for the next one; at a branch recovery codes are not known.",
            "code",
        )
    return shown


def _need_none(door: Door, user_id: int, password: str, *, elsewhere: bool) -> None:
    """Refuse with SEC-052 whoever has no second factor and may not sign in without one."""
    with reading(door.database, access=EVERYTHING) as store:
        wanted = demanded(door.current_config(store), groups_of(store, user_id))
    due = wanted is SecondFactor.ALWAYS or (elsewhere and wanted is SecondFactor.ELSEWHERE)
    if due or len(password) < SHORTEST_PASSWORD:
        refuse(
            "SEC-052",
            "You need a second factor. Set it up at a workstation of the office, with your telephone.",
            "login",
        )


def _refuse_unused(user: Any, today: date) -> None:
    if user.last_used is not None and today - user.last_used > UNUSED:
        refuse("SEC-022", f"User {user.login} was not used for {UNUSED.days} days. Ask an administrator.", "login")


def _read(door: Door, user_id: int) -> Actor:
    with reading(door.database, access=EVERYTHING) as store:
        return read_actor(store, door.current_config(store), user_id)
