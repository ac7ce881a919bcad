"""A command from a screen counts once, whoever must consent to it."""

import pytest

from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import PASSWORD, a_payment, an_account, an_open_drawer, balances_of, cash
from tests.ui.office import an_office


@pytest.fixture
def till(sqlite_ledger_url, tmp_path):
    with an_office(sqlite_ledger_url, tmp_path, "ann") as office:
        yield office


def taken(till):
    account = an_account(till.ledger, owing="50.00")
    an_open_drawer(till.ledger)
    event = till.do(a_payment(account, cash("50.00")))
    return account, CancelTender(tender_id=event.tender_ids[0], reason="ERROR")


def send(till, command):
    sending, done = till.desk.sending(), []
    sending.send(command, done.append)
    return sending, done


def test_a_second_person_signs_with_their_own_password(till):
    account, command = taken(till)
    till.asking.consents = [("sue", PASSWORD)]
    sending, done = send(till, command)
    assert till.asking.asked == ["SEC-010", "done"]
    assert len(done) == 1
    assert sending.problems == ()
    assert balances_of(till.ledger, account) == {"ELEC": 5000}


@pytest.mark.parametrize(
    ("consent", "why"),
    [(("ann", PASSWORD), "SEC-011"), (("sue", "a wrong password"), "SEC-020"), (("bob", PASSWORD), "SEC-012")],
)
def test_a_consent_that_does_not_count_is_asked_for_again(till, consent, why):
    _, command = taken(till)
    till.asking.consents = [consent, ("sue", PASSWORD)]
    _, done = send(till, command)
    assert till.asking.asked == ["SEC-010", why, "done"]
    assert len(done) == 1


def test_without_consent_nothing_happens_and_nothing_is_said_to_be_wrong(till):
    account, command = taken(till)
    till.asking.consents = [None]
    sending, done = send(till, command)
    assert done == []
    assert sending.problems == ()
    assert not sending.busy
    assert balances_of(till.ledger, account) == {"ELEC": 0}


def test_a_refusal_is_kept_for_its_field(till):
    _, command = taken(till)
    sending, done = send(till, CancelTender(tender_id=command.tender_id, reason=""))
    assert [(problem.code, problem.field) for problem in sending.problems] == [("PAY-008", "reason")]
    assert done == []


def test_the_same_content_goes_out_under_the_same_id_until_it_is_answered(till):
    sent = []

    async def execute(_command, *, command_id, **_more):
        sent.append(command_id)
        raise ConnectionError

    till.backend.execute = execute
    sending = till.desk.sending()
    for content in ("ERROR", "ERROR", "WRONG"):
        with pytest.raises(ConnectionError):
            sending.send(CancelTender(tender_id=1, reason=content), sent.append)
    assert sent[0] == sent[1] != sent[2]
