"""PostgreSQL's own programs at work for backups: dump, restore into a scratch database, exchange databases."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from cashier_app.domain.errors import EnvironmentProblem


def dump(address: URL, file: Path) -> None:
    """Write the database to a file in custom format, from one consistent snapshot."""
    _run("pg_dump", address, ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}"])


@contextlib.contextmanager
def scratch_database(address: URL, file: Path, *, keep: bool = False) -> Iterator[str]:
    """The address of a new database on the same server into which a dump was restored.

    It is dropped afterwards; with `keep` only when something went wrong.
    """
    name = f"cashier_scratch_{uuid.uuid4().hex[:12]}"
    scratch = address.set(database=name)
    with _server(address) as connection:
        try:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except _errors().InsufficientPrivilege as problem:
            raise EnvironmentProblem(
                "BAK-005",
                "A backup is proven in a database of its own, and this user may create none. Grant CREATEDB.",
            ) from problem
    succeeded = False
    try:
        _run("pg_restore", scratch, ["--no-owner", "--no-privileges", "--exit-on-error", str(file)])
        yield scratch.render_as_string(hide_password=False)
        succeeded = True
    finally:
        if not (keep and succeeded):
            with _server(address) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def exchange(address: URL, fresh: URL, aside: str) -> str:
    """Give the fresh database the name of the former one, which is kept under the name `aside`: both, or neither.

    Raises:
        EnvironmentProblem: DB-BUSY while somebody is connected to the former one.
    """
    with _server(address) as connection:
        try:
            with connection.transaction():
                connection.execute(f'ALTER DATABASE "{address.database}" RENAME TO "{aside}"')
                connection.execute(f'ALTER DATABASE "{fresh.database}" RENAME TO "{address.database}"')
        except _errors().ObjectInUse as problem:
            raise EnvironmentProblem("DB-BUSY", "Somebody works in the ledger; close the programs first.") from problem
    return aside


def _errors() -> Any:
    from psycopg import errors  # noqa: PLC0415  # only where PostgreSQL is used

    return errors


@contextlib.contextmanager
def _server(address: URL) -> Iterator[Any]:
    import psycopg  # noqa: PLC0415  # only where PostgreSQL is used

    other = "postgres" if address.database != "postgres" else "template1"
    plain = address.set(drivername="postgresql", database=other)
    try:
        connection = psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
    except psycopg.OperationalError as problem:
        raise EnvironmentProblem("DB-AWAY", "The database server does not answer; try again.") from problem
    with connection:
        yield connection


def _run(program: str, address: URL, arguments: Sequence[str]) -> None:
    plain = address.set(drivername="postgresql", password=None)
    environment = dict(os.environ)
    if address.password:
        # Not on the command line, where every user of the machine could read it.
        environment["PGPASSWORD"] = str(address.password)
    command = [_found(program), f"--dbname={plain.render_as_string()}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise EnvironmentProblem("BAK-006", f"{program} stopped: {said[0] if said else done.returncode}")


def _found(program: str) -> str:
    """The program of the newest release on this machine; refuses with BAK-003 where there is none."""
    places = [
        shutil.which(program),
        *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{program}")), reverse=True),
    ]
    for place in places:
        if place and Path(place).exists():
            return place
    raise EnvironmentProblem(
        "BAK-003", f"PostgreSQL's program {program} is not on this machine; install its client programs."
    )
