"""The way between a branch and the server: bytes that get lost, come twice, come late, or do not come for days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cashier_app.services.branches.directory import DirectoryPage
from cashier_app.services.branches.service import BranchService, Caller, ChainState, News
from cashier_app.services.kernel.codec import from_json, to_json

T = TypeVar("T")

Carry = Callable[[str, bytes], bytes]
"""Takes what is asked, with the request's bytes, to the server and brings the answer's; LineDown where none comes."""


class SimulatedLine:
    """A branch's `Line` over whatever carries bytes."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry

    def state(self) -> ChainState:
        """Up to where the server has this branch's chain."""
        return from_json(self._carry("state", b""), ChainState)

    def deliver(self, raw: bytes) -> ChainState:
        """Send a run of commands."""
        return from_json(self._carry("deliver", raw), ChainState)

    def news(self, cursor: str) -> News:
        """Ask what changed."""
        return from_json(self._carry("news", cursor.encode()), News)

    def directory(self, after: int) -> DirectoryPage:
        """Ask for the next accounts."""
        return from_json(self._carry("directory", str(after).encode()), DirectoryPage)


def answer(service: BranchService, caller: Caller, what: str, request: bytes) -> bytes:
    """What the server does with a request, and the bytes of its answer."""
    found: Any
    if what == "state":
        found = service.chain_state(caller)
    elif what == "deliver":
        found = service.deliver(caller, request)
    elif what == "news":
        found = service.news(caller, request.decode())
    else:
        found = service.directory(caller, int(request))
    return to_json(found).encode()
