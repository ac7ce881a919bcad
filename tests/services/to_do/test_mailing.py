"""The outbox goes out by SMTP, to a real server (R adjustments 6.9)."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import uuid
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cashier_app import settings
from cashier_app.domain.errors import EnvironmentProblem, RuleViolation
from cashier_app.server.certificates import self_signed
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.batch.doing import run_here
from cashier_app.services.batch.jobs import Machine
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.work import SYSTEM
from cashier_app.services.to_do.mail_password import MailPassword
from cashier_app.services.to_do.mailing import MailSent, MailServer, send_waiting_mail
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
    assert send_waiting_mail(ledger.door, server) == MailSent(sent=2, failed=0, waiting=0)
    assert {mail["To"] for mail in box.taken} == {"ben@utility.example", "bea@utility.example"}
    assert {mail["From"] for mail in box.taken} == {"cashier@utility.example"}
    assert {mail["Subject"] for mail in box.taken} == {"Adjustments to approve"}
    assert all("FEE of 20.00 USD" in str(mail.get_payload()) for mail in box.taken)
    assert len({mail["Message-ID"] for mail in box.taken}) == 2
    assert send_waiting_mail(ledger.door, server) == MailSent(sent=0, failed=0, waiting=0)


def test_an_address_that_is_refused_keeps_nobody_else_waiting(
    ledger: Ledger, postbox: tuple[Postbox, MailServer]
) -> None:
    box, server = postbox
    ledger.do(ChangeUser(login="ben", e_mail="left@utility.example"), "system")
    submitted(ledger, an_account(ledger), "20.00")
    assert send_waiting_mail(ledger.door, server) == MailSent(sent=1, failed=1, waiting=0)
    assert [mail["To"] for mail in box.taken] == ["bea@utility.example"]
    ((failures, error),) = ledger.rows("SELECT failures, last_error FROM outgoing_mail WHERE sent_at IS NULL")
    assert failures == 1
    assert "No such mailbox" in error


def told(ledger: Ledger) -> list[tuple[str, str]]:
    return ledger.rows("SELECT status, text FROM to_do WHERE to_do_type = 'MAIL' ORDER BY id")


def test_mail_that_is_refused_again_and_again_is_given_up_and_told(
    ledger: Ledger, postbox: tuple[Postbox, MailServer]
) -> None:
    ledger.do(ChangeUser(login="ben", e_mail="left@utility.example"), "system")
    submitted(ledger, an_account(ledger), "20.00")
    sent = [send_waiting_mail(ledger.door, postbox[1]) for _ in range(11)]
    assert [each.failed for each in sent] == [1] * 10 + [0]
    assert told(ledger) == [("OPEN", "E-mail to left@utility.example is given up: 550 No such mailbox")]


def test_a_server_that_is_away_is_told_once_and_tried_until_it_answers(
    ledger: Ledger, postbox: tuple[Postbox, MailServer]
) -> None:
    box, server = postbox
    submitted(ledger, an_account(ledger), "20.00")
    nobody = MailServer(host="127.0.0.1", port=9, timeout=2)
    for _ in range(12):
        away = send_waiting_mail(ledger.door, nobody)
        assert (away.sent, away.failed, away.waiting) == (0, 0, 2)
        assert away.problem.startswith("127.0.0.1: ")
    ((status, text),) = told(ledger)
    assert (status, text.startswith("No e-mail goes out: 127.0.0.1: ")) == ("OPEN", True)
    assert send_waiting_mail(ledger.door, server) == MailSent(sent=2, failed=0, waiting=0)
    assert len(box.taken) == 2
    assert [status for status, _ in told(ledger)] == ["COMPLETE"]


def test_a_server_that_hangs_holds_up_nobody(ledger: Ledger) -> None:
    account = an_account(ledger)
    submitted(ledger, account, "20.00")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer(host="127.0.0.1", port=silent.getsockname()[1], timeout=1)
        sending = Door(Database(ledger.url), "COUNTER-1", ledger.clock)
        answers: list[MailSent] = []
        sender = threading.Thread(target=lambda: answers.append(send_waiting_mail(sending, server)))
        sender.start()
        connection, _ = silent.accept()  # and not a word
        assert submitted(ledger, account, "30.00").status == "IN_PROGRESS"
        assert not answers, "that was done while the mail server was waited for"
        sender.join()
        connection.close()
        sending.database.close()
    assert (answers[0].waiting, "timed out" in answers[0].problem) == (2, True)


def test_a_batch_job_sends_to_the_server_that_is_set_up(ledger: Ledger, postbox: tuple[Postbox, MailServer]) -> None:
    box, server = postbox
    submitted(ledger, an_account(ledger), "20.00")
    installation(ledger, mail_host=server.host, mail_port=server.port, mail_sender=server.sender)
    run_here(ledger.door, "send-mail", {}, run_id="a" * 32, user_id=SYSTEM.id)
    assert len(box.taken) == 2


def test_a_job_without_a_mail_server_says_so(ledger: Ledger) -> None:
    with pytest.raises(RuleViolation, match="TD-005"):
        run_here(ledger.door, "send-mail", {}, run_id="b" * 32, user_id=SYSTEM.id)


# -- a server that asks who we are


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Postbox, int]]:
    """Takes mail only over TLS, and only from `cashier` with its password."""
    certificate, key = self_signed(tmp_path / "tls")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        known = (given.login, given.password) == (b"cashier", b"three wet otters")
        return AuthResult(success=known, handled=False)

    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    )
    controller.start()
    yield box, port
    controller.stop()


def sent_with(ledger: Ledger, port: int, password: MailPassword) -> Any:
    known = {"mail_host": "127.0.0.1", "mail_sender": "cashier@utility.example", "mail_user": "cashier"}
    installation(ledger, mail_port=port, mail_encrypted=True, **known)
    run = run_here(
        ledger.door,
        "send-mail",
        {},
        run_id=uuid.uuid4().hex,
        user_id=SYSTEM.id,
        machine=Machine(mail_password=password),
    )
    return json.loads(run.result)


def test_signing_in_goes_over_tls_with_a_password_that_is_in_no_ledger(
    ledger: Ledger, guarded: tuple[Postbox, int], tmp_path: Path
) -> None:
    box, port = guarded
    submitted(ledger, an_account(ledger), "20.00")
    refused = sent_with(ledger, port, MailPassword(given="three dry otters"))
    assert (refused["waiting"], refused["problem"]) == (2, "127.0.0.1: 535 5.7.8 Authentication credentials invalid")
    assert [status for status, _ in told(ledger)] == ["OPEN"]
    secret = tmp_path / "mail-password"
    secret.touch(mode=0o600)
    secret.write_text("three wet otters\n", encoding="utf-8")
    assert sent_with(ledger, port, MailPassword(file=secret)) == {"sent": 2, "failed": 0, "waiting": 0, "problem": ""}
    assert len(box.taken) == 2
    assert [status for status, _ in told(ledger)] == ["COMPLETE"]
    assert "otters" not in repr(ledger.rows("SELECT content, result FROM journal"))
    assert "otters" not in repr(ledger.rows("SELECT content FROM control_record"))


def test_a_server_that_nobody_vouches_for_gets_no_password(
    ledger: Ledger, guarded: tuple[Postbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    submitted(ledger, an_account(ledger), "20.00")
    refused = sent_with(ledger, guarded[1], MailPassword(given="three wet otters"))
    assert (refused["sent"], "CERTIFICATE_VERIFY_FAILED" in refused["problem"]) == (0, True)


def test_a_password_is_needed_kept_to_oneself_and_never_sent_in_clear(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(RuleViolation, match="TD-006"):
        sent_with(ledger, 25, MailPassword())
    open_to_all = tmp_path / "mail-password"
    open_to_all.write_text("three wet otters", encoding="utf-8")
    open_to_all.chmod(0o644)
    for file in (open_to_all, tmp_path / "none"):
        with pytest.raises(EnvironmentProblem, match="TD-007"):
            sent_with(ledger, 25, MailPassword(file=file))
    with pytest.raises(RuleViolation, match="CFG-042"):
        installation(ledger, mail_user="cashier", mail_encrypted=False)


def test_the_password_comes_from_the_environment() -> None:
    given = settings.read({"CASHIER_MAIL_PASSWORD": "otters", "CASHIER_MAIL_PASSWORD_FILE": "/run/secrets/mail"})
    assert (given.mail_password, given.mail_password_file) == ("otters", Path("/run/secrets/mail"))
    assert "otters" not in repr(given)
