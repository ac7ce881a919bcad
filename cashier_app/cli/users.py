"""`cashier user`: who may sign in, and what they may do."""

from __future__ import annotations

import contextlib
import getpass
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cashier_app.cli.shared import DatabaseOption, JsonOption, NodeOption, open_ledger, refusals, report
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import refuse

if TYPE_CHECKING:
    from cashier_app.services.kernel.door import Door

PasswordFromStdin = Annotated[
    bool, typer.Option("--admin-password-stdin", "--password-stdin", help="Read the password from standard input.")
]
Login = Annotated[str, typer.Argument(metavar="LOGIN", show_default=False)]
Groups = Annotated[list[str] | None, typer.Option("--group", "-g", help="User group; may be given several times.")]
Drawers = Annotated[list[str] | None, typer.Option("--drawer", help="Tender source usually worked; one per currency.")]
AccessRoles = Annotated[
    list[str] | None,
    typer.Option("--access", help="Data access role: whose customers the user sees; may be given several times."),
]
app = typer.Typer(help="Who may sign in, and what they may do.", no_args_is_help=True)


def read_password(*, from_stdin: bool) -> str:
    """A new password: the first line of standard input, or typed twice without being shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        refuse("CLI-001", "There is nobody to type a password; give it on standard input with --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        refuse("CLI-002", "The two passwords differ; nothing was changed.")
    return password


@app.command("add")
def add(  # noqa: PLR0917  # the command line has as many options
    login: Login,
    database: DatabaseOption,
    node: NodeOption,
    name: Annotated[str, typer.Option("--name", help="Full name; printed on receipts.")] = "",
    group: Groups = None,
    drawer: Drawers = None,
    access: AccessRoles = None,
    password_stdin: PasswordFromStdin = False,
    as_json: JsonOption = False,
) -> None:
    """Let somebody sign in."""
    from cashier_app.services.administration.users import CreateUser  # noqa: PLC0415  # help answers at once

    with _door(database, node) as door:
        command = CreateUser(
            login=login,
            name=name or login,
            password_hash=_hashed(door, read_password(from_stdin=password_stdin), login, group or ()),
            groups=tuple(group or ()),
            tender_sources=tuple(drawer or ()),
            data_access_roles=tuple(access or ()),
        )
        saved = _execute(door, command)
    report(saved, as_json=as_json, text=f"User {saved.login} may sign in.")


@app.command("change")
def change(  # noqa: PLR0917  # the command line has as many options
    login: Login,
    database: DatabaseOption,
    node: NodeOption,
    name: Annotated[str | None, typer.Option("--name", help="Full name.")] = None,
    group: Groups = None,
    drawer: Drawers = None,
    access: AccessRoles = None,
    active: Annotated[bool | None, typer.Option("--active/--disabled", help="Whether the user may sign in.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Change name, groups, usual drawers or data access roles (all of them each), or let nobody sign in any more."""
    from cashier_app.services.administration.users import ChangeUser  # noqa: PLC0415

    with _door(database, node) as door:
        command = ChangeUser(
            login=login,
            name=name,
            active=active,
            groups=None if group is None else tuple(group),
            tender_sources=None if drawer is None else tuple(drawer),
            data_access_roles=None if access is None else tuple(access),
        )
        saved = _execute(door, command)
    report(saved, as_json=as_json, text=f"User {saved.login} is changed.")


@app.command("password")
def password(
    login: Login,
    database: DatabaseOption,
    node: NodeOption,
    password_stdin: PasswordFromStdin = False,
    as_json: JsonOption = False,
) -> None:
    """Set a new password; a lock ends with it."""
    from cashier_app.services.administration.users import SetPassword  # noqa: PLC0415

    with _door(database, node) as door:
        password_hash = _hashed(door, read_password(from_stdin=password_stdin), login)
        command = SetPassword(login=login, password_hash=password_hash)
        saved = _execute(door, command)
    report(saved, as_json=as_json, text=f"User {saved.login} has a new password.")


@app.command("unlock")
def unlock(login: Login, database: DatabaseOption, node: NodeOption, as_json: JsonOption = False) -> None:
    """End the lock after wrong passwords, or after 90 days of absence; the password stays."""
    from cashier_app.services.administration.signing_in import RecordSignIn  # noqa: PLC0415

    with _door(database, node) as door:
        saved = _execute(door, RecordSignIn(login=login, succeeded=True))
    report(saved, as_json=as_json, text=f"User {login} may sign in again.")


@app.command("second-factor")
def second_factor(
    login: Login,
    database: DatabaseOption,
    node: NodeOption,
    reset: Annotated[bool, typer.Option("--reset", help="Forget it: telephone and recovery codes are lost.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Set up a user's one-time codes here, with their telephone and password, or reset them."""
    from cashier_app.services.administration.second_factors import ResetSecondFactor  # noqa: PLC0415

    with _door(database, node) as door:
        if reset:
            saved = _execute(door, ResetSecondFactor(login=login))
            report(saved, as_json=as_json, text=f"User {saved.login} has no second factor any more.")
            return
        codes = _enrolled(door, login)
    text = "\n".join(["Recovery codes, each good once; they are not told again:", *codes])
    report({"login": login, "recovery_codes": codes}, as_json=as_json, text=text)


def _enrolled(door: Door, login: str) -> tuple[str, ...]:
    """Show the secret and ask for what proves that it arrived; answers come from the terminal or standard input."""
    from cashier_app.services.administration.second_factors import new_secret  # noqa: PLC0415
    from cashier_app.services.administration.signing_in import enrol, enrolment_of  # noqa: PLC0415

    secret = new_secret()
    typer.echo(
        f"Type this into the authenticator app: {secret}\nor give it {enrolment_of(door, login, secret)}", err=True
    )
    password = _asked(f"Password of {login}: ", hidden=True)
    code, before = _asked("Code that the app shows: "), _asked("Code of the former app (empty if there is none): ")
    return enrol(door, login, password, secret, code, before)[1]


def _asked(words: str, *, hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass(words) if hidden else input(words)


@app.command("list")
def list_users(database: DatabaseOption, node: NodeOption, as_json: JsonOption = False) -> None:
    """List users with groups, usual drawers, data access roles, and what keeps them out."""
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415
    from cashier_app.services.queries.administration import users  # noqa: PLC0415

    with _door(database, node) as door, reading(door.database, access=EVERYTHING) as store:
        found = users(store, door.current_config(store))
    lines = []
    for user in found:
        state = "" if user.active else "disabled"
        if user.locked_until and user.locked_until > door.clock.now():
            state = f"locked until {user.locked_until:%Y-%m-%d %H:%M} UTC"
        state = " ".join(filter(None, (state, "second factor" if user.has_second_factor else "")))
        drawers, groups = ",".join(user.tender_sources) or "-", ",".join(user.groups) or "-"
        roles = ",".join(user.data_access_roles) or "-"
        lines.append(f"{user.login:<16} {user.name:<24} {groups:<24} {drawers:<12} {roles:<12} {state}".rstrip())
    report(found, as_json=as_json, text="\n".join(lines) or "There is none.")


@contextlib.contextmanager
def _door(database: str, node: str) -> Iterator[Door]:
    with refusals(), open_ledger(database, node) as door:
        yield door


def _hashed(door: Door, password: str, login: str, groups: Sequence[str] | None = None) -> str:
    from cashier_app.services.administration.users import hashed, shortest_password  # noqa: PLC0415

    with door.looking(None) as (store, config):
        shortest = shortest_password(store, config, login, groups)
    return hashed(password, login, shortest=shortest)


def _execute(door: Door, command: Any) -> Any:
    """As the installation itself: who reaches the ledger's own files administers it."""
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    return door.execute(command, user_id=SYSTEM.id).result
