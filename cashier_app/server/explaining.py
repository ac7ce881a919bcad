"""Why figures are what they are, told over HTTP as on the screens, to whom they are shown there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cashier_app.domain.figures import LONGEST
from cashier_app.server.answers import Answer
from cashier_app.server.asking import SiteOf, User
from cashier_app.server.describing import described
from cashier_app.services.explaining.explanation import Explanation, Viewer, explain, rights_to_ask

router = APIRouter(tags=["looking"])


@router.get("/explanations", **described(Explanation, 404))
def explanation(
    site: SiteOf,
    user: User,
    figure: Annotated[str, Query(max_length=LONGEST, description="An address, such as agreement:7:current.")] = "",
    after: Annotated[str, Query(max_length=100, description="As the page before gave it.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Answer:
    """The parts of a figure, which add up to it, and the reasons behind it; each kind asks for rights of its own."""
    with site.looking(user, *rights_to_ask()) as sight:
        viewer = Viewer(sight.actor.may, site.clock.business_date(), site.clock.now(), sight.actor.id)
        return Answer(sight.query(explain, figure, viewer, after, limit))
