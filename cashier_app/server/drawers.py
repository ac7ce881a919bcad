"""Drawers and deposits to look at, blind for whom they are blind (R reliability C3)."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from cashier_app.domain.errors import refuse
from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.server.accounts import Key
from cashier_app.server.answers import Answer
from cashier_app.server.asking import SiteOf, User
from cashier_app.server.describing import described
from cashier_app.server.site import Sight
from cashier_app.services.cashiering.drawer_statements import DrawerStatement, drawer_statement
from cashier_app.services.queries.board import DrawerCard, drawer_board, my_drawer
from cashier_app.services.queries.deposits import DepositRow, DepositStatement, deposit_statement, deposits

router = APIRouter(tags=["drawers"])
OVERSEE: Final = ("DepositControls", "see-expected")
Status = Annotated[ControlStatus | None, Query(description="Only deposits that stand so.")]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/drawers", **described(DrawerCard, many=True))
def board(site: SiteOf, user: User, limit: Limit = 200) -> Answer:
    """Drawers that are live or were balanced today."""
    with site.looking(user, *OVERSEE) as sight:
        today = site.clock.business_date()
        return Answer(sight.query(drawer_board, today, sight.may_see_expected, limit))


@router.get("/drawers/mine", **described(DrawerCard, 404))
def mine(site: SiteOf, user: User) -> Answer:
    """The live drawer of who asks."""
    with site.looking(user, "OpenTenderControl") as sight:
        card = sight.query(my_drawer, user.id, sight.may_see_expected, site.clock.business_date())
    if card is None:
        refuse("TC-001", "You have no open drawer. Open one first.")
    return Answer(card)


@router.get("/drawers/{tender_control_id}", **described(DrawerStatement, 404))
def drawer(site: SiteOf, user: User, tender_control_id: Key) -> Answer:
    """A drawer, whole: one's own, or any with the right to oversee them."""
    with site.looking(user, "OpenTenderControl", *OVERSEE) as sight:
        return Answer(statement_for(sight, tender_control_id))


def statement_for(sight: Sight, control_id: int) -> DrawerStatement:
    """A drawer's statement for somebody; SEC-003 for a cashier who asks for a colleague's."""
    found: DrawerStatement = sight.query(drawer_statement, control_id, may_see_expected=sight.may_see_expected)
    oversees = any(sight.actor.may(right) for right in OVERSEE)
    if found.owner_id not in {None, sight.actor.id} and not oversees:
        refuse("SEC-003", f"You may not look at a colleague's drawer. Ask somebody with {' or '.join(OVERSEE)}.")
    return found


@router.get("/deposits", **described(DepositRow, many=True))
def deposit_list(site: SiteOf, user: User, status: Status = None, limit: Limit = 50) -> Answer:
    """Deposits, those that are open first, then the newest."""
    with site.looking(user, *OVERSEE) as sight:
        return Answer(sight.query(deposits, status.value if status else None, limit))


@router.get("/deposits/{deposit_control_id}", **described(DepositStatement, 404))
def deposit(site: SiteOf, user: User, deposit_control_id: Key) -> Answer:
    """A deposit with its drawers, turn-ins and slips."""
    with site.looking(user, *OVERSEE) as sight:
        return Answer(sight.query(deposit_statement, deposit_control_id))
