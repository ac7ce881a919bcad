"""Puts the server together: one application over one site."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.routing import APIRouter, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from cashier_app.domain.clock import Clock, SystemClock
from cashier_app.domain.errors import CashierError
from cashier_app.server import accounts, administration, branch, drawers, papers, runs, sessions, watching
from cashier_app.server.answers import Answer
from cashier_app.server.asking import known_parameters
from cashier_app.server.commands import command_router
from cashier_app.server.describing import describe
from cashier_app.server.envelope import Envelope
from cashier_app.server.options import Options
from cashier_app.server.refusing import HANDLERS
from cashier_app.server.site import Site

BASE: Final = "/api/v1"


def create_app(options: Options, clock: Clock | None = None) -> FastAPI:
    """The application; its ledger is opened when it starts and closed when it ends."""
    site = Site(options, clock or SystemClock())

    @contextlib.asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(site.open)
        except CashierError as problem:
            app.state.problem = problem  # uvicorn tells nobody why a start failed
            raise
        try:
            yield
        finally:
            site.stopping.set()
            await run_in_threadpool(site.close)

    app = FastAPI(
        lifespan=life,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        exception_handlers=HANDLERS,
        redirect_slashes=False,
    )
    app.state.site = site
    app.state.problem = None
    app.state.watchers = set()
    careful = [Depends(known_parameters)]
    app.include_router(_api(app), dependencies=careful)
    app.include_router(watching.router, dependencies=careful)
    app.add_middleware(Envelope, site=site)
    app.state.templates = {each.endpoint: each.path for each in iter_route_contexts(app.routes)}
    describe(app, app.routes)
    return app


def _api(app: FastAPI) -> APIRouter:
    api = APIRouter(prefix=BASE)
    for part in (sessions, accounts, drawers, papers, administration, runs, branch):
        api.include_router(part.router)
    api.include_router(command_router())

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        """What can be asked, as OpenAPI 3.1."""
        description: dict[str, Any] = app.openapi()
        return Answer(description)

    return api
