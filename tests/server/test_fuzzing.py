"""Whatever a program may send, right or wrong: answered as the description says, refused without a trace (P8, P14).

`CASHIER_FUZZ=1000 pytest tests/server/test_fuzzing.py` sends so many requests to each endpoint instead of a few.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import PositiveDataAcceptanceConfig
from schemathesis.generation import GenerationMode

from cashier_app.server.app import addresses, create_app
from cashier_app.server.commands import ASKS_AGAIN
from cashier_app.server.options import Options
from cashier_app.server.serving import server_for
from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.branches.devices import EnrolDevice, InviteDevice, code_hash
from tests.builders import PASSWORD, Ledger, a_ledger
from tests.checkers import Watch, check
from tests.server.office import UNHURRIED
from tests.server.test_branch_endpoints import DeviceKey
from tests.services.offices import OF_ALL, two_offices

MANY = int(os.environ.get("CASHIER_FUZZ", "2"))
"""Requests of each kind, good and bad, to each endpoint."""
GROUPS = ("tokens", "looking", "drawers", "papers", "devices", "runs", "branches", "watching", "a", "b", "c", "d")
"""Tags of the description; its commands in four parts."""
JOURNALED_REFUSALS = {*ASKS_AGAIN, "POST /api/v1/devices", "POST /api/v1/tokens"}
"""Where a wrong password is what the ledger remembers of a refusal."""
GUESSED_ADDRESS = {"POST /api/v1/files"}


class Served:
    """A server on the loopback, with somebody who may do everything and a branch."""

    def __init__(self, ledger: Ledger, state: Path) -> None:
        self.ledger = ledger
        self.watch = Watch(ledger.database)
        options = Options(database=ledger.url, state=state, port=0, workers=2, limits=UNHURRIED)
        self.app = create_app(options, ledger.clock)
        self._server = server_for(self.app, options)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self._address = f"http://127.0.0.1:{port}"
        with self.app.site.doors.lend() as door:
            person = self.app.site.token_for(door, sign_in(door, OF_ALL, PASSWORD).id)[0]
        self.for_people, self.for_branches = self._schema(person), self._schema(self._a_branch())

    def _schema(self, token: str) -> Any:
        schema = schemathesis.openapi.from_dict(addresses().openapi())
        schema.config.update(base_url=self._address, headers={"Authorization": f"Bearer {token}"})
        # What fits the description may still be wrong of itself: a drawer that there is not.
        answers = ["2XX", "401", "403", "404", "409", "422", "503"]
        schema.config.checks.positive_data_acceptance = PositiveDataAcceptanceConfig(expected_statuses=answers)
        refusals = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "431"]
        schema.config.checks.negative_data_rejection.expected_statuses = refusals
        return schema

    def _a_branch(self) -> str:
        from datetime import timedelta  # noqa: PLC0415

        key, hashed = DeviceKey.generate(), code_hash("fuzz")
        expires = self.ledger.clock.now() + timedelta(hours=1)
        invitation = InviteDevice(name="BRANCH-F", access_groups=("*",), code_hash=hashed, expires=expires)
        self.ledger.do(invitation, "adam")
        device = self.ledger.do(EnrolDevice(code_hash=hashed, public_key=key.public), "system").device_id
        from cashier_app.server.tokens import Kind  # noqa: PLC0415
        from cashier_app.services.queries.sign_in import mark_of  # noqa: PLC0415

        return str(self.app.site.tokens.issue(Kind.DEVICE, device, mark_of(key.public))[0])

    def operations(self, group: str) -> Iterator[Any]:
        for found in (self.for_branches if group == "branches" else self.for_people).get_all_operations():
            operation = found.ok()
            (tag,) = operation.definition.raw["tags"]
            part = "abcd"[sum(operation.path.encode()) % 4]
            if tag == group or (tag == "commands" and part == group):
                yield operation

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)


@pytest.fixture(scope="module")
def served(sqlite_databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("fuzz")
    with sqlite_databases.with_schema(folder) as url:
        ledger = a_ledger(url)
        two_offices(ledger)
        server = Served(ledger, folder / "state")
        yield server
        server.close()
        check(url)
        ledger.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", GROUPS)
def test_every_request_is_answered_as_described_and_a_refused_one_leaves_no_trace(served: Served, group: str):
    operations = list(served.operations(group))
    assert operations
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(served, operation, mode)


def _try(served: Served, operation: Any, mode: GenerationMode) -> None:
    strategy = operation.as_strategy(generation_mode=mode)

    @settings(
        max_examples=MANY,
        deadline=None,
        database=None,
        derandomize="CASHIER_FUZZ" not in os.environ,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def attempt(case: Any) -> None:
        before = served.watch.digest()
        response = case.call(timeout=60)
        case.validate_response(response)
        refused = response.status_code >= 400
        if refused and operation.definition.raw["operationId"] not in JOURNALED_REFUSALS:
            assert served.watch.digest() == before, f"{operation.label} was refused and changed something"

    try:
        attempt()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing is asked there that could be wrong
    except Exception as failure:
        failure.add_note(f"at {operation.label}, {mode}")
        raise
