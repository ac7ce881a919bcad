"""For whoever watches the server: is it alive, is it ready, what are its figures."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError
from cashier_app.server.answers import Answer
from cashier_app.server.asking import SiteOf, address_of
from cashier_app.server.describing import described
from cashier_app.server.metrics import CONTENT_TYPE, BranchFigures
from cashier_app.server.refusing import Refused
from cashier_app.server.site import Site
from cashier_app.services.branches.devices import DeviceStatus, devices
from cashier_app.services.kernel.database import SCHEMA_REVISION, revision_of
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.verifying.guard import is_blocked

router = APIRouter(tags=["watching"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether all is well, in a word for each question."""

    status: str
    checks: dict[str, str]


@router.get("/health/live", **described(Health))
async def live() -> Answer:
    """The process answers."""
    return Answer(Health(status="ok", checks={}))


@router.get("/health/ready", **described(Health))
def ready(site: SiteOf) -> Answer:
    """The ledger is within reach, of this version, and may be written; 503 where it is not."""
    checks = _checks(site)
    good = all(found == "ok" for found in checks.values())
    return Answer(Health(status="ok" if good else "not ready", checks=checks), 200 if good else 503)


def _checks(site: Site) -> dict[str, str]:
    checks = {"database": "away", "schema": "unknown", "writing": "unknown"}
    if site.stopping.is_set():
        return {"server": "stopping"}
    try:
        with site.doors.lend() as door:
            revision = revision_of(door.database)
            checks["database"] = "ok"
            checks["schema"] = "ok" if revision == SCHEMA_REVISION else "other version"
            checks["writing"] = "read-only" if is_blocked(door.database) else "ok"
    except (CashierError, Refused):
        pass
    return checks


@router.get("/metrics", **described({"type": "string"}, media_type="text/plain"))
def metrics(request: Request, site: SiteOf, authorization: Annotated[str, Header()] = "") -> Any:
    """Figures for Prometheus: for this machine, or with the key for metrics."""
    if not (_is_here(address_of(request)) or _has_key(site, authorization)):
        raise Refused(403, "API-015", "Metrics are for this machine, or for whoever holds their key.")
    try:
        with site.doors.lend() as door:
            _gather(site, door)
    except (CashierError, Refused):
        pass  # what the server itself counted is told all the same
    return Response(site.metrics.text(), media_type=CONTENT_TYPE)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _has_key(site: Site, authorization: str) -> bool:
    key = site.options.metrics_key
    return bool(key) and hmac.compare_digest(authorization.encode(), f"Bearer {key}".encode())


def _gather(site: Site, door: Door) -> None:
    now = datetime.now(UTC)
    with reading(door.database, access=EVERYTHING) as store:
        known = [row for row in devices(store) if row.status is DeviceStatus.ENROLLED]
    branches = []
    for row in known:
        heard = max((moment for moment in (row.heard_at, site.heard.get(row.name)) if moment), default=None)
        silent = max(0.0, (now - heard).total_seconds()) if heard else None
        branches.append(BranchFigures(row.name, row.commands, silent, site.unsent.get(row.device_id)))
    site.metrics.show_branches(branches)
    site.metrics.show_runs(site.runs.counts(door))
