"""Sending the outbox by SMTP (R adjustments 6.9). Nothing ever waits for it."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import require
from cashier_app.models.to_do import OutgoingMail
from cashier_app.services.kernel.commands import handles
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement, among, change
from cashier_app.services.kernel.work import SYSTEM, Work

if TYPE_CHECKING:
    from cashier_app.services.kernel.door import Door

MOST_FAILURES = 10
"""After so many a mail stays in the outbox, for somebody to look at."""
_WAITING = Statement(
    select(OutgoingMail.id, OutgoingMail.address, OutgoingMail.subject, OutgoingMail.body, OutgoingMail.written_at)
    .where(OutgoingMail.sent_at.is_(None), OutgoingMail.failures < MOST_FAILURES)
    .order_by(OutgoingMail.id)
    .limit(bindparam("most"))
)
_FAILURES = Statement(select(OutgoingMail.id, OutgoingMail.failures).where(among(OutgoingMail.id, "ids")))
_SENT = change(OutgoingMail, "sent_at")
_FAILED = change(OutgoingMail, "failures last_error")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes mail from us."""

    host: str
    port: int = 25
    sender: str = "cashier@localhost"
    start_tls: bool = False
    timeout: float = 20.0


def mail_server(config: Configuration) -> MailServer:
    """The mail server that is set up; refuses with TD-005 where there is none."""
    installation = config.installation
    require(
        installation.mail_host and installation.mail_sender,
        "TD-005",
        "No mail server is set up: the installation names its host and the sender.",
        "mail_host",
    )
    return MailServer(
        host=installation.mail_host,
        port=installation.mail_port,
        sender=installation.mail_sender,
        start_tls=installation.mail_encrypted,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """A mail that could not be sent, and why."""

    mail_id: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMail:
    """Note what of the outbox was sent."""

    sent: tuple[int, ...] = ()
    failed: tuple[NotSent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecorded:
    """How many went out, and how many did not."""

    sent: int
    failed: int


@handles(RecordMail, right="system")
def record_mail(command: RecordMail, work: Work) -> MailRecorded:
    """What failed is tried again, not for ever."""
    failures = {
        row.id: row.failures for row in work.store.all(_FAILURES, ids=[each.mail_id for each in command.failed])
    }
    work.store.write(_SENT, [(work.instant, mail_id) for mail_id in command.sent])
    work.store.write(
        _FAILED,
        [(failures[each.mail_id] + 1, each.error, each.mail_id) for each in command.failed if each.mail_id in failures],
    )
    return MailRecorded(sent=len(command.sent), failed=len(command.failed))


def send_waiting_mail(door: Door, server: MailServer, most: int = 100) -> MailRecorded:
    """Send what waits in the outbox. A mail may arrive twice when we die in between; its Message-ID tells.

    Where the server cannot be reached nothing is sent, and every mail is tried again next time.
    """
    with reading(door.database, access=EVERYTHING) as store:
        waiting = store.all(_WAITING, most=most)
    if not waiting:
        return MailRecorded(sent=0, failed=0)
    sent: list[int] = []
    failed: list[NotSent] = []
    try:
        with _connected(server) as connection:
            for mail in waiting:
                try:
                    connection.send_message(_message(server, mail))
                    sent.append(mail.id)
                except smtplib.SMTPResponseException as refusal:
                    failed.append(NotSent(mail_id=mail.id, error=str(refusal)))
                except smtplib.SMTPRecipientsRefused as refusal:
                    failed.append(NotSent(mail_id=mail.id, error=_said(refusal)))
    except (OSError, smtplib.SMTPException) as problem:
        failed += _left(waiting, sent, failed, str(problem))
    command = RecordMail(sent=tuple(sent), failed=tuple(failed))
    recorded: MailRecorded = door.execute(command, user_id=SYSTEM.id).result
    return recorded


def _connected(server: MailServer) -> smtplib.SMTP:
    connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    if server.start_tls:
        import ssl  # noqa: PLC0415  # only where it is asked for

        connection.starttls(context=ssl.create_default_context())
    return connection


def _message(server: MailServer, mail: Any) -> EmailMessage:
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = mail.address
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = mail.written_at
    message["Message-ID"] = f"<to-do-{mail.id}@{server.sender.partition('@')[2] or 'cashier'}>"
    message.set_content(mail.body)
    return message


def _said(refusal: smtplib.SMTPRecipientsRefused) -> str:
    return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in refusal.recipients.values())


def _left(waiting: Sequence[Any], sent: Sequence[int], failed: Sequence[NotSent], error: str) -> list[NotSent]:
    done = {*sent, *(each.mail_id for each in failed)}
    return [NotSent(mail_id=mail.id, error=error) for mail in waiting if mail.id not in done]
