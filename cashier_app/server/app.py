"""Puts the server together: the addresses, made once, and what stands around them for one ledger."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.routing import APIRouter, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cashier_app.domain.clock import Clock, SystemClock
from cashier_app.domain.errors import CashierError
from cashier_app.server import accounts, administration, branch, drawers, explaining, papers, runs, sessions, watching
from cashier_app.server.answers import Answer
from cashier_app.server.asking import known_parameters
from cashier_app.server.commands import command_router
from cashier_app.server.describing import describe
from cashier_app.server.envelope import Envelope
from cashier_app.server.options import Options
from cashier_app.server.refusing import HANDLERS
from cashier_app.server.site import Site

BASE: Final = "/api/v1"


class Application:
    """One server as ASGI knows it: opens its ledger at the start, closes it at the end, answers between."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.problem: CashierError | None = None
        """Why the ledger could not be opened."""
        self._envelope = Envelope(addresses(), templates(), site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._envelope(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await run_in_threadpool(self.site.open)
        except CashierError as problem:
            self.problem = problem
            await send({"type": "lifespan.startup.failed", "message": str(problem)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.site.stopping.set()
        await run_in_threadpool(self.site.close)
        await send({"type": "lifespan.shutdown.complete"})


def create_app(options: Options, clock: Clock | None = None) -> Application:
    """A server over one ledger, which is opened when it starts."""
    return Application(Site(options, clock or SystemClock()))


@cache
def addresses() -> FastAPI:
    """Everything that can be asked; the same for every ledger, and made once, because that takes its time."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, exception_handlers=HANDLERS, redirect_slashes=False)
    careful = [Depends(known_parameters)]
    app.include_router(_api(app), dependencies=careful)
    app.include_router(watching.router, dependencies=careful)
    describe(app, app.routes)
    return app


@cache
def templates() -> dict[Any, str]:
    """What the address of each endpoint looks like, for log and figures: without anybody's keys in it."""
    return {each.endpoint: str(each.path) for each in iter_route_contexts(addresses().routes)}


def _api(app: FastAPI) -> APIRouter:
    api = APIRouter(prefix=BASE)
    for part in (sessions, accounts, drawers, explaining, papers, administration, runs, branch):
        api.include_router(part.router)
    api.include_router(command_router())

    @api.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        """What can be asked, as OpenAPI 3.1. In a thread: so much takes too long to describe beside all requests."""
        return Answer(app.openapi())

    return api
