"""What people at the server do while branches are cut off: what branches must hear of, and what they cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cashier_app.domain.lifecycles import ControlStatus
from cashier_app.services.cashiering.drawer_balancing import StartBalancing
from cashier_app.services.cashiering.tender_controls import OpenTenderControl
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount
from cashier_app.services.payments.cancellation import CancelTender
from cashier_app.services.payments.distribution import PaymentIn
from cashier_app.services.payments.transfer import TransferPayment
from cashier_app.simulation.drawer_steps import charge
from cashier_app.simulation.office import dollars
from cashier_app.simulation.steps import Step
from cashier_app.simulation.town import BACK_OFFICE
from cashier_app.simulation.world import Customer, HandedOver, Visit

if TYPE_CHECKING:
    from cashier_app.simulation.server_site import ServerSite

HEAD = "head"


def add_a_charge(server: ServerSite) -> None:
    """Somebody owes more, or less."""
    server.do_if(charge(server.office.desk))


def open_an_account(server: ServerSite) -> None:
    """Somebody new, whom branches learn of."""
    world = server.office.desk.world
    name = f"Newcomer {server.rng.getrandbits(40):010x}"
    agreements = (AgreementIn(sa_type="ELEC", address="1 New Street"),)
    command = OpenAccount(name=name, customer_class="RES", agreements=agreements)

    def opened(result: Any) -> None:
        server.books.open(result.account_id, name)
        world.customers.append(Customer(result.account_id, tuple(result.agreements), 0))

    server.do(Step(BACK_OFFICE, command, opened))


def transfer_a_payment(server: ServerSite) -> None:
    """A payment that was taken at a branch belongs to somebody else."""
    books, desk = server.books, server.office.desk
    found = desk.one_of([(event, payment) for event, live in books.events.items() for payment in live])
    if found is None:
        return
    event, payment = found
    account, amount = books.events[event][payment]
    other = desk.rng.choice([each.account for each in desk.world.customers if each.account != account])
    targets = (PaymentIn(account_id=other, amount=dollars(amount)),)

    def transferred(result: Any) -> None:
        server.books.take_back(event, payment)
        server.books.put(event, {result.new_payment_ids[0]: (other, amount)})

    command = TransferPayment(payment_id=payment, targets=targets, reason="WRONG")
    server.do(Step(HEAD, command, transferred), on_paper=False)


def return_a_check(server: ServerSite) -> None:
    """The bank sends a check back that a branch took, counted and gave away."""
    found = server.office.desk.one_of(list(_checks(server)))
    if found is None:
        return
    visit, tender = found
    command = CancelTender(tender_id=tender.id, reason="NSF", all_tenders=True)

    def returned(result: Any) -> None:
        server.books.take_back(visit.id)
        server.books.owes(visit.payor, sum(each.amount.minor for each in result.charges))

    server.do(Step(HEAD, command, returned), on_paper=False)


def _checks(server: ServerSite) -> list[tuple[Visit, HandedOver]]:
    return [
        (visit, tender)
        for world in server.worlds.values()
        for visit in world.visits
        if server.books.events.get(visit.id) and all(d.status is ControlStatus.BALANCED for d in visit.drawers)
        for tender in visit.valid
        if tender.tender_type == "CHEC" and server.knows_as_balanced(visit)
    ]


def touch_a_branchs_drawer(server: ServerSite) -> None:
    """Nonsense: only its own workstation knows all of a drawer."""
    drawers = [drawer for world in server.worlds.values() for drawer in world.drawers]
    drawer = server.office.desk.one_of(drawers)
    if drawer is None:
        return
    command = server.rng.choice(
        (OpenTenderControl(tender_source=drawer.source), StartBalancing(tender_control_id=drawer.id))
    )
    server.do(Step(HEAD, command, refused=True))


AT_THE_SERVER = (
    (8, add_a_charge),
    (3, transfer_a_payment),
    (3, return_a_check),
    (2, open_an_account),
    (2, touch_a_branchs_drawer),
)
"""How often each is tried, out of the sum of all."""
