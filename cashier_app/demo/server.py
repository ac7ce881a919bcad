"""A server to try: the demo utility on a PostgreSQL that is thrown away, with a certificate of its own."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from cashier_app.demo.demo_users import DEMO_USERS
from cashier_app.demo.utility import prepare
from cashier_app.domain.clock import SystemClock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.interfaces.throwaway_postgresql import PostgresqlMissing, throwaway_postgresql
from cashier_app.server.certificates import self_signed
from cashier_app.server.options import Options
from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM

_NODE = "TILL-1"
_BRANCH = "BRANCH-1"


@contextlib.contextmanager
def demonstration(options: Options, tell: Callable[[str], None]) -> Iterator[Options]:
    """Options of a server on a ledger that exists only as long as the block."""
    try:
        with throwaway_postgresql() as url, tempfile.TemporaryDirectory(prefix="cashier-server-") as folder:
            tell("Making the demonstration utility …")
            prepare(url, node=_NODE)
            certificate, key = self_signed(Path(folder))
            code = _invite(url)
            wanted = replace(
                options, database=url, state=Path(folder), certificate=certificate, key=key, secret_file=None
            )
            for line in _guide(wanted, code):
                tell(line)
            yield wanted
    except PostgresqlMissing as missing:
        raise EnvironmentProblem("SRV-007", f"{missing}.") from missing


def _invite(url: str) -> str:
    code, clock = new_code(), SystemClock()
    database = Database(url)
    try:
        command = InviteDevice(
            name=_BRANCH, access_groups=("*",), code_hash=code_hash(code), expires=clock.now() + timedelta(days=1)
        )
        Door(database, _NODE, clock).execute(command, user_id=SYSTEM.id)
    finally:
        database.close()
    return code


def _guide(options: Options, code: str) -> Iterator[str]:
    where = f"https://{options.host}:{options.port}"
    user = DEMO_USERS[2]
    body = f'{{"login": "{user.login}", "password": "{user.password}"}}'
    curl = f"curl --cacert {options.certificate}"
    yield ""
    yield f"Cashier serves at {where}; Ctrl-C ends it and everything it made."
    yield ""
    yield f"Sign in:     {curl} -H 'Content-Type: application/json' -d '{body}' {where}/api/v1/tokens"
    yield f"Look:        {curl} -H 'Authorization: Bearer TOKEN' '{where}/api/v1/accounts/search?text=oak'"
    yield f"All there is: {curl} {where}/api/v1/openapi.json"
    yield f"Figures:     {curl} {where}/metrics"
    yield f"A branch:    enrol {_BRANCH} with the code {code}"
    yield f"             at {where}, certificate {options.certificate}"
    yield f"A command id: {secrets.token_hex(16)}"
    yield ""
    yield "People: " + ", ".join(f"{each.login} ({each.group.lower()})" for each in DEMO_USERS)
