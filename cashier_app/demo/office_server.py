"""The demo utility's server: the real one, over TLS, on this machine, in a thread of its own."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cashier_app.demo.cable import HOST
from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.server.app import create_app
from cashier_app.server.certificates import self_signed
from cashier_app.server.options import Limits, Options, Rate
from cashier_app.server.serving import server_for

_LOOK_SECONDS: Final = 0.01
_HURRIED: Final = Limits(sign_ins=Rate(100, 100))
"""Two days pass here in seconds: a branch signs in as often as in earnest, only so much faster."""


@contextlib.contextmanager
def serving(ledger: str, folder: Path, clock: Clock, log: Path) -> Iterator[int]:
    """Serve a ledger for as long as the block; gives the port, which the machine chose.

    Raises EnvironmentProblem where the ledger cannot be served.
    """
    certificate, key = self_signed(folder, HOST)
    options = Options(
        database=ledger, state=folder, port=0, certificate=certificate, key=key, workers=2, limits=_HURRIED
    )
    application = create_app(options, clock)
    server = server_for(application, options)
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    with _logging_to(log):
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise application.problem or EnvironmentProblem("SRV-004", "The demo's server did not start.")
                time.sleep(_LOOK_SECONDS)
            yield server.servers[0].sockets[0].getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@contextlib.contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """What the server has to say goes to a file: the terminal tells the story."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = logging.getLogger("cashier.server")
    with contextlib.closing(logging.FileHandler(path)) as handler:
        said.addHandler(handler)
        said.propagate = False
        try:
            yield
        finally:
            said.removeHandler(handler)
            said.propagate = True
