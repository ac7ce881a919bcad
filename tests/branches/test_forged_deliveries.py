"""Whoever steals a device with its key can send anything, and spoils only its own drawers (R reliability T8)."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.domain.identifiers import key_of
from cashier_app.domain.journal import FORMAT, NO_HASH, Entry, entry_hash
from cashier_app.models.control import TenderControl
from cashier_app.models.journal import Seal
from cashier_app.models.payment import Payment, PaymentEvent, Tender
from cashier_app.models.security import User
from cashier_app.services.branches.deliveries import DeliveryBody, SentEntry, SentShape, encoded
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.statements import change, insertion
from tests.branches.town import a_branch
from tests.builders import a_ledger, an_account, an_open_drawer, paid

OWN = object()
"""A key of the branch's own."""
AT, DAY = "2026-01-05T09:00:00Z", "2026-01-05"
EVENT = insertion(PaymentEvent, "id kind pay_date currency receipt_number created_at created_by")
PAYMENT = insertion(Payment, "id event_id account_id amount currency status")
SEAL = insertion(Seal, "id kind node_id sequence head totals business_date sealed_at")
IMPOSSIBLE = {
    "no key": (PAYMENT, [None, OWN, 1, 100, "USD", "RECORDED"]),
    "an amount as text": (PAYMENT, [OWN, OWN, 1, "1.00", "USD", "RECORDED"]),
    "an amount in pieces of a cent": (PAYMENT, [OWN, OWN, 1, 1.5, "USD", "RECORDED"]),
    "booked by itself": (PAYMENT, [OWN, OWN, 1, 100, "USD", "FROZEN"]),
    "never to be booked": (PAYMENT, [OWN, OWN, 1, 100, "USD", "INCOMPLETE"]),
    "of no event": (insertion(Payment, "id account_id amount currency status"), [OWN, 1, 100, "USD", "RECORDED"]),
    "frozen later": (change(Payment, "status"), ["FROZEN", OWN]),
    "no receipt number": (EVENT, [OWN, "COUNTER", DAY, "USD", "70070000001x", AT, 0]),
    "a receipt number of another length": (EVENT, [OWN, "COUNTER", DAY, "USD", "7007", AT, 0]),
    "no day": (EVENT, [OWN, "COUNTER", "today", "USD", None, AT, 0]),
    "no instant": (SEAL, [OWN, "DAY", 7, 1, "", "[]", DAY, 5]),
    "no bytes": (SEAL, [OWN, "DAY", 7, 1, "ä", "[]", DAY, AT]),
    "somebody else's drawer": (change(TenderControl, "tender_source"), ["CASH-A01", OWN]),
    "no status": (change(Tender, "status"), [None, OWN]),
    "no count": (change(User, "failed_sign_ins"), ["many", 1]),
}


@pytest.fixture
def server(database_url):
    return a_ledger(database_url)


@pytest.fixture
def branch(server, tmp_path):
    return a_branch(server, tmp_path)


def test_no_other_rows_are_written_than_the_branch_s_own(server, branch):
    account = an_account(server, owing={"ELEC": "84.10"})
    an_open_drawer(server)
    paid(server, account, "1.00")
    payment = server.value("SELECT id FROM payment")
    with pytest.raises(RuleViolation, match="SYNC-005"):
        deliver(branch, change(Payment, "status cancel_reason"), ["CANCELED", "ERROR", payment])
    assert server.value(f"SELECT status FROM payment WHERE id = {payment}") == "FROZEN"


def test_rows_that_no_program_of_ours_writes_are_refused_with_an_alarm(server, branch):
    """Nobody sees a bug of ours for them (R reliability P8)."""
    own = key_of(branch.line.state().node_id, 9)
    for what, (shape, row) in IMPOSSIBLE.items():
        with pytest.raises(RuleViolation) as refused:
            deliver(branch, shape, [own if value is OWN else value for value in row])
        assert refused.value.codes == ("SYNC-005",), what
    assert {row[0] for row in server.rows("SELECT to_do_type FROM to_do")} == {"SYNC_ALARM"}
    assert server.value("SELECT count(*) FROM payment_event") == 0


def test_a_payment_for_which_nothing_was_handed_over_is_refused(server, branch):
    account, own = an_account(server, owing={"ELEC": "84.10"}), key_of(branch.line.state().node_id, 9)
    event = [EVENT, [own, "COUNTER", DAY, "USD", None, AT, 0]]
    with pytest.raises(RuleViolation, match="SYNC-005"):
        deliver(branch, *event, PAYMENT, [own + 1, own, account.id, 100, "USD", "RECORDED"])
    assert server.value("SELECT count(*) FROM payment_event") == 0


def deliver(branch, *written):
    """Send a sound chain whose last entry has written rows: each a shape and a row."""
    state = branch.line.state()
    effects = [[shape.shape_number, [row]] for shape, row in zip(written[::2], written[1::2], strict=True)]
    entry = Entry(
        key_of(state.node_id, state.sequence + 1), FORMAT, "f" * 32, "CancelPayment", 0, None, date(2026, 1, 5),
        branch.clock.now(), "{}", "{}", "[]", (to_json(effects),),
    )  # fmt: skip
    digest = entry_hash(bytes.fromhex(state.head) or NO_HASH, entry).hex()
    shapes = tuple(
        SentShape(shape.shape_number, *map(str, shape.shape))
        for shape, _ in zip(written[::2], written[1::2], strict=True)
    )
    branch.line.deliver(encoded(DeliveryBody(state.ledger, state.node_id, (SentEntry(*entry, digest),), shapes)))
