"""`cashier init`, `upgrade`, `backup`, `restore`, `config`, `node`: a ledger from its first day on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app.cli import users
from cashier_app.cli.shared import DatabaseOption, JsonOption, NodeOption, open_ledger, refusals, report
from cashier_app.domain.access import EVERYTHING

if TYPE_CHECKING:
    from cashier_app.services.administration.packages import Tables

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup file.", show_default=False)]
_config = typer.Typer(help="Control tables as YAML packages.", no_args_is_help=True)
_node = typer.Typer(help="Workstations of a ledger.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command()(upgrade)
    app.command()(backup)
    app.command()(restore)
    app.add_typer(users.app, name="user")
    app.add_typer(_config, name="config")
    app.add_typer(_node, name="node")


def init(  # noqa: PLR0917  # the command line has as many options
    database: DatabaseOption,
    node: NodeOption,
    package: Annotated[
        str, typer.Option("--package", "-p", help="Control tables: a YAML file, or a package that comes along.")
    ] = "demo-utility",
    admin: Annotated[str, typer.Option("--admin", help="Login of the first administrator.")] = "admin",
    admin_name: Annotated[str, typer.Option("--admin-name", help="Full name of the first administrator.")] = "",
    admin_password_stdin: users.PasswordFromStdin = False,
    as_json: JsonOption = False,
) -> None:
    """Create a ledger: the database, its first workstation, its control tables, its first administrator."""
    from cashier_app.domain.clock import SystemClock  # noqa: PLC0415  # help answers at once
    from cashier_app.services.administration.founding import FirstAdministrator, found_ledger  # noqa: PLC0415
    from cashier_app.services.administration.packages import read_package  # noqa: PLC0415
    from cashier_app.services.administration.users import hashed  # noqa: PLC0415

    with refusals():
        tables = read_package(package)
        password = users.read_password(from_stdin=admin_password_stdin)
        first = FirstAdministrator(login=admin, name=admin_name or admin, password_hash=hashed(password, admin))
        founded = found_ledger(database, node, tables, first, SystemClock())
    text = (
        f"Ledger {database} with workstation {node}, {founded.records} records of control tables and "
        f"administrator {admin}."
    )
    report(founded, as_json=as_json, text=text)


def upgrade(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """Bring a ledger of an earlier version up to this one; an SQLite file is backed up first."""
    from cashier_app.domain.clock import SystemClock  # noqa: PLC0415
    from cashier_app.services.safekeeping.upgrading import upgrade as upgrade_ledger  # noqa: PLC0415

    with refusals():
        made = upgrade_ledger(database, SystemClock())
    text = f"The ledger is of this version. Backup of the former one: {made}." if made else "The ledger is up to date."
    report({"backup": str(made) if made else None}, as_json=as_json, text=text)


def backup(file: File, database: DatabaseOption, as_json: JsonOption = False) -> None:
    """Write a backup while work goes on; it is called one only after it was opened and proven."""
    from cashier_app.services.safekeeping.backup import back_up  # noqa: PLC0415

    with refusals():
        taken = back_up(database, file)
    report(taken, as_json=as_json, text=f"{taken.file}: {taken.size:,} bytes, opened and proven.")


def restore(
    file: File,
    database: DatabaseOption,
    replace: Annotated[
        bool, typer.Option("--replace", help="Keep a ledger that is there aside and take the backup instead.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the ledger as a backup has it. A ledger that is there is never deleted."""
    from cashier_app.domain.clock import SystemClock  # noqa: PLC0415
    from cashier_app.services.safekeeping.backup import restore as restore_ledger  # noqa: PLC0415

    with refusals():
        _keep_what_is_unsent(database)
        done = restore_ledger(database, file, SystemClock(), replace=replace)
    kept = f" The former ledger is {done.kept_aside}." if done.kept_aside else ""
    report(done, as_json=as_json, text=f"{done.database} is as {done.file} has it, and proven.{kept}")


def _keep_what_is_unsent(url: str) -> None:
    """Refuse with BR-005 to put a backup in the place of a branch's ledger that has something to send."""
    from cashier_app.domain.errors import EnvironmentProblem  # noqa: PLC0415
    from cashier_app.services.administration.branch_link import require_nothing_unsent  # noqa: PLC0415
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415

    try:
        opened = Database(url)
    except EnvironmentProblem:
        return  # nothing is there, or nothing that could still be sent
    try:
        require_nothing_unsent(opened, "put a backup in its place")
    finally:
        opened.close()


@_config.command("load")
def load(
    package: Annotated[str, typer.Argument(metavar="FILE", help="A YAML file, or a package that comes along.")],
    database: DatabaseOption,
    node: NodeOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add or replace records of control tables: all of the file, or nothing and every mistake in it."""
    from cashier_app.services.administration.packages import read_package  # noqa: PLC0415
    from cashier_app.services.administration.setup import LoadConfiguration  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals():
        command = LoadConfiguration(tables=_records(read_package(package)))
        with open_ledger(database, node) as door:
            act = door.preview if dry_run else door.execute
            loaded = act(command, user_id=SYSTEM.id).result
    would = "would be " if dry_run else ""
    report(loaded, as_json=as_json, text=f"{loaded.added} records {would}added, {loaded.changed} {would}changed.")


def _records(tables: Tables) -> dict[str, tuple[dict[str, object], ...]]:
    return {name: tuple(records) for name, records in tables.items()}


@_config.command("dump")
def dump(
    database: DatabaseOption,
    node: NodeOption,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; default: the screen.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write all control tables as a package that `config load` takes."""
    from cashier_app.services.administration.packages import package_text  # noqa: PLC0415
    from cashier_app.services.administration.setup import dump as dumped  # noqa: PLC0415
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

    with refusals(), open_ledger(database, node) as door, reading(door.database, access=EVERYTHING) as store:
        tables = dumped(door.current_config(store))
    if as_json:
        report(tables, as_json=True, text="")
    elif out is None:
        sys.stdout.write(package_text(tables))
    else:
        out.write_text(package_text(tables), encoding="utf-8")
        typer.echo(f"{out}: {sum(len(records) for records in tables.values())} records.")


@_node.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Short and stable, such as TILL-2.")],
    database: DatabaseOption,
    as_json: JsonOption = False,
) -> None:
    """Register a workstation: it hands out its own keys and keeps its own chain of commands."""
    from cashier_app.services.administration.nodes import register_workstation  # noqa: PLC0415
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415

    with refusals():
        opened = Database(database)
        try:
            added = register_workstation(opened, name)
        finally:
            opened.close()
    report(added, as_json=as_json, text=f"Workstation {added.name} is number {added.number}.")


@_node.command("list")
def list_nodes(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """List the workstations with the commands each has executed."""
    from cashier_app.services.administration.nodes import workstations  # noqa: PLC0415
    from cashier_app.services.kernel.database import Database  # noqa: PLC0415

    with refusals():
        opened = Database(database)
        try:
            found = workstations(opened)
        finally:
            opened.close()
    lines = [f"{each.number:>4}  {each.name:<20} {each.commands:>10,} commands" for each in found]
    report(found, as_json=as_json, text="\n".join(lines) or "There is none.")
