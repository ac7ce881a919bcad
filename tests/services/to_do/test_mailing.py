"""The outbox goes out by SMTP, to a real server (R adjustments 6.9)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.batch.doing import run_here
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.to_do.mailing import MailRecorded, MailServer, send_waiting_mail
from tests.builders import Ledger, an_account
from tests.services.adjustments.office import installation, set_up
from tests.services.approvals.office import an_office, submitted


class Postbox:
    """Takes every mail but those to people who have left."""

    def __init__(self) -> None:
        self.taken: list[Message] = []

    async def handle_RCPT(  # noqa: N802  # the server calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.startswith("left"):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, MailServer]]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, MailServer(host="127.0.0.1", port=port, sender="cashier@utility.example")
    controller.stop()


@pytest.fixture
def ledger(office_url: str) -> Iterator[Ledger]:
    made = an_office(office_url)
    set_up(made, to_do_type=[{"code": "APPROVAL", "description": "Adjustments to approve", "e_mail": True}])
    for login in ("ben", "bea"):
        made.do(ChangeUser(login=login, e_mail=f"{login}@utility.example"), "system")
    yield made
    made.close()


def test_each_member_of_the_role_gets_one_mail_once(ledger: Ledger, postbox: tuple[Postbox, MailServer]) -> None:
    box, server = postbox
    submitted(ledger, an_account(ledger), "20.00")
    assert send_waiting_mail(ledger.door, server) == MailRecorded(sent=2, failed=0)
    assert {mail["To"] for mail in box.taken} == {"ben@utility.example", "bea@utility.example"}
    assert {mail["From"] for mail in box.taken} == {"cashier@utility.example"}
    assert {mail["Subject"] for mail in box.taken} == {"Adjustments to approve"}
    assert all("FEE of 20.00 USD" in str(mail.get_payload()) for mail in box.taken)
    assert len({mail["Message-ID"] for mail in box.taken}) == 2
    assert send_waiting_mail(ledger.door, server) == MailRecorded(sent=0, failed=0)


def test_an_address_that_is_refused_keeps_nobody_else_waiting(
    ledger: Ledger, postbox: tuple[Postbox, MailServer]
) -> None:
    box, server = postbox
    ledger.do(ChangeUser(login="ben", e_mail="left@utility.example"), "system")
    submitted(ledger, an_account(ledger), "20.00")
    assert send_waiting_mail(ledger.door, server) == MailRecorded(sent=1, failed=1)
    assert [mail["To"] for mail in box.taken] == ["bea@utility.example"]
    ((failures, error),) = ledger.rows("SELECT failures, last_error FROM outgoing_mail WHERE sent_at IS NULL")
    assert failures == 1
    assert "No such mailbox" in error


def test_a_server_that_is_away_blocks_nothing(ledger: Ledger, postbox: tuple[Postbox, MailServer]) -> None:
    box, server = postbox
    submitted(ledger, an_account(ledger), "20.00")
    nobody = MailServer(host="127.0.0.1", port=9, timeout=2)
    assert send_waiting_mail(ledger.door, nobody) == MailRecorded(sent=0, failed=2)
    assert send_waiting_mail(ledger.door, server) == MailRecorded(sent=2, failed=0)
    assert len(box.taken) == 2


def test_a_batch_job_sends_to_the_server_that_is_set_up(ledger: Ledger, postbox: tuple[Postbox, MailServer]) -> None:
    box, server = postbox
    submitted(ledger, an_account(ledger), "20.00")
    installation(ledger, mail_host=server.host, mail_port=server.port, mail_sender=server.sender)
    run_here(ledger.door, "send-mail", {}, run_id="a" * 32, user_id=SYSTEM.id, progress=lambda *_: None)
    assert len(box.taken) == 2


def test_a_job_without_a_mail_server_says_so(ledger: Ledger) -> None:
    with pytest.raises(RuleViolation, match="TD-005"):
        run_here(ledger.door, "send-mail", {}, run_id="b" * 32, user_id=SYSTEM.id, progress=lambda *_: None)
