"""Papers as PDF: receipts to look at, drawer reports, deposit slips (design D17)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path

from cashier_app.server.accounts import Key
from cashier_app.server.answers import Pdf
from cashier_app.server.asking import SiteOf, User
from cashier_app.server.describing import described
from cashier_app.server.drawers import OVERSEE, statement_for
from cashier_app.server.site import Sight
from cashier_app.services.papers.words import Reader
from cashier_app.services.queries.events import event_detail
from cashier_app.services.queries.papers import deposit_slip_of, event_of, z_report_of

router = APIRouter(tags=["papers"], prefix="/documents")
_PDF: Final[dict[str, Any]] = described({"type": "string", "format": "binary"}, 404, media_type="application/pdf")

Number = Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[0-9 -]+$", description="As it is printed.")]
Name = Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f/]+$")]


def _reader(sight: Sight) -> Reader:
    return Reader(name=sight.actor.name, now=sight.door.clock.now(), may_see_expected=sight.may_see_expected)


@router.get("/receipts/{number}", status_code=200, response_class=Pdf, **_PDF)
def receipt(site: SiteOf, user: User, number: Number) -> Pdf:
    """A receipt to look at: always marked as a copy. To hand one out, send `PrintReceipt`, which is journaled."""
    from cashier_app.services.papers.printing import receipt_data, receipt_pdf  # noqa: PLC0415  # drawing is heavy

    with site.looking(user, "ReprintReceipt") as sight:
        event_id = event_of(sight.store, number)
        sight.query(event_detail, event_id)
        data = sight.query(receipt_data, event_id, _reader(sight), 1)
    return Pdf(receipt_pdf(data), f"receipt-{number}")


@router.get("/drawers/{tender_control_id}/x", status_code=200, response_class=Pdf, **_PDF)
def x_report(site: SiteOf, user: User, tender_control_id: Key) -> Pdf:
    """The X report of a drawer as it is now; of a balanced one, its report as a copy."""
    from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415
    from cashier_app.services.papers.drawer_papers import drawer_report_data  # noqa: PLC0415

    with site.looking(user, "OpenTenderControl", *OVERSEE) as sight:
        statement_for(sight, tender_control_id)
        data = sight.query(drawer_report_data, tender_control_id, _reader(sight))
    return Pdf(render_drawer_report(data), f"x-{tender_control_id}")


@router.get("/z-reports/{workstation}/{number}", status_code=200, response_class=Pdf, **_PDF)
def z_report(site: SiteOf, user: User, workstation: Name, number: Number) -> Pdf:
    """A workstation's Z report, as it was sealed."""
    from cashier_app.documents.drawer_report import render_drawer_report  # noqa: PLC0415
    from cashier_app.services.papers.drawer_papers import z_report_data  # noqa: PLC0415

    with site.looking(user, *OVERSEE) as sight:
        data = sight.query(z_report_data, z_report_of(sight.store, workstation, number), _reader(sight))
    return Pdf(render_drawer_report(data), f"z-{workstation}-{number}")


@router.get("/deposit-slips/{number}", status_code=200, response_class=Pdf, **_PDF)
def deposit_slip(site: SiteOf, user: User, number: Name) -> Pdf:
    """The slip of a tender deposit."""
    from cashier_app.documents.deposit_slip import render_deposit_slip  # noqa: PLC0415
    from cashier_app.services.papers.deposit_papers import deposit_slip_data  # noqa: PLC0415

    with site.looking(user, *OVERSEE) as sight:
        data = sight.query(deposit_slip_data, deposit_slip_of(sight.store, number), _reader(sight))
    return Pdf(render_deposit_slip(data), f"deposit-slip-{number}")
