"""Sending the outbox by SMTP (R adjustments 6.9). Nothing ever waits for it."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from cashier_app.services.to_do.entries import NewEntry, add_entries, add_entry
from cashier_app.services.to_do.mail_password import NO_PASSWORD, MailPassword
from cashier_app.services.to_do.resolving import ABOUT_MAIL, resolve, told, waits

if TYPE_CHECKING:
    from cashier_app.services.kernel.door import Door

MAIL = "MAIL"
"""Type of entries about mail that does not go out."""
_OF_ONE_MAIL = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
    ValueError,  # an address that no mail can carry
)
MOST_FAILURES = 10
"""After so many a mail stays in the outbox, for somebody to look at."""
_WAITING = Statement(
    select(OutgoingMail.id, OutgoingMail.address, OutgoingMail.subject, OutgoingMail.body, OutgoingMail.written_at)
    .where(OutgoingMail.sent_at.is_(None), OutgoingMail.failures < MOST_FAILURES)
    .order_by(OutgoingMail.id)
    .limit(bindparam("most"))
)
_FAILURES = Statement(
    select(OutgoingMail.id, OutgoingMail.failures, OutgoingMail.address).where(among(OutgoingMail.id, "ids"))
)
_SENT = change(OutgoingMail, "sent_at")
_FAILED = change(OutgoingMail, "failures last_error")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes mail from us."""

    host: str
    port: int = 25
    sender: str = "cashier@localhost"
    start_tls: bool = False
    user: str = ""
    """With whom we sign in; empty where it takes mail from everybody."""
    password: str = field(default="", repr=False)
    timeout: float = 20.0
    """Seconds for each answer; a server that hangs holds up nothing but this."""


def mail_server(config: Configuration, password: MailPassword = NO_PASSWORD) -> MailServer:
    """The mail server that is set up; refuses with TD-005 where there is none, with TD-006 without its password."""
    installation = config.installation
    require(
        installation.mail_host and installation.mail_sender,
        "TD-005",
        "No mail server is set up: the installation names its host and the sender.",
        "mail_host",
    )
    found = password.read() if installation.mail_user else ""
    require(
        found or not installation.mail_user,
        "TD-006",
        f"The mail server asks {installation.mail_user} to sign in. Give this program the password: in "
        "CASHIER_MAIL_PASSWORD, or in a file that CASHIER_MAIL_PASSWORD_FILE names.",
        "mail_user",
    )
    return MailServer(
        host=installation.mail_host,
        port=installation.mail_port,
        sender=installation.mail_sender,
        start_tls=installation.mail_encrypted,
        user=installation.mail_user,
        password=found,
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
    problem: str = ""
    """Why nothing more went out: the server, not a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRecorded:
    """How many went out, and how many were refused."""

    sent: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSent:
    """What became of the outbox."""

    sent: int
    failed: int
    """Refused one by one; they are tried again."""
    waiting: int
    """That no server took."""
    problem: str = ""
    """Why."""


def nothing_told(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@handles(RecordMail, right="system")
def record_mail(command: RecordMail, work: Work) -> MailRecorded:
    """What a server refused is tried again, not for ever; then, and when no server takes mail, somebody is told."""
    known = work.store.all(_FAILURES, ids=[each.mail_id for each in command.failed])
    mails = {row.id: row for row in known}
    work.store.write(_SENT, [(work.instant, mail_id) for mail_id in command.sent])
    rows = [
        (mails[each.mail_id].failures + 1, each.error, each.mail_id) for each in command.failed if each.mail_id in mails
    ]
    work.store.write(_FAILED, rows)
    hopeless = [(mails[mail_id].address, error) for failures, error, mail_id in rows if failures >= MOST_FAILURES]
    add_entries(work, [NewEntry(MAIL, f"E-mail to {address} is given up: {error}") for address, error in hopeless])
    if command.sent:
        resolve(work, MAIL, [ABOUT_MAIL])
    if command.problem and not told(work, MAIL, [ABOUT_MAIL]):
        add_entry(work, MAIL, f"No e-mail goes out: {command.problem}", subject=ABOUT_MAIL)
    return MailRecorded(sent=len(command.sent), failed=len(command.failed))


def send_waiting_mail(
    door: Door, server: MailServer, *, progress: Callable[[int, int], None] = nothing_told, most: int = 100
) -> MailSent:
    """Send what waits in the outbox. A mail may arrive twice when we die in between; its Message-ID tells.

    Where the server cannot be reached, or hangs, nothing more is sent; every mail is tried again next time.
    """
    tried: set[int] = set()
    sent = failed = 0
    while True:
        with reading(door.database, access=EVERYTHING) as store:
            waiting = [mail for mail in store.all(_WAITING, most=most + len(tried)) if mail.id not in tried]
            is_told = waits(store, ABOUT_MAIL)
        if not waiting:
            return MailSent(sent=sent, failed=failed, waiting=0)
        command = _sent_by(server, waiting)
        if command.sent or command.failed or not is_told:
            door.execute(command, user_id=SYSTEM.id)
        sent, failed = sent + len(command.sent), failed + len(command.failed)
        tried.update(command.sent, (each.mail_id for each in command.failed))
        progress(sent + failed, sent + failed + len(waiting) - len(command.sent) - len(command.failed))
        if command.problem:
            left = len(waiting) - len(command.sent) - len(command.failed)
            return MailSent(sent=sent, failed=failed, waiting=left, problem=command.problem)


def _sent_by(server: MailServer, waiting: Sequence[Any]) -> RecordMail:
    """Give a server these mails, until it takes no more."""
    sent: list[int] = []
    failed: list[NotSent] = []
    try:
        with _connected(server) as connection:
            for mail in waiting:
                try:
                    connection.send_message(_message(server, mail))
                    sent.append(mail.id)
                except _OF_ONE_MAIL as refusal:
                    failed.append(NotSent(mail_id=mail.id, error=_said(refusal)))
    except (OSError, smtplib.SMTPException) as problem:
        if len(sent) + len(failed) < len(waiting):
            return RecordMail(sent=tuple(sent), failed=tuple(failed), problem=f"{server.host}: {_said(problem)}")
    return RecordMail(sent=tuple(sent), failed=tuple(failed))


def _connected(server: MailServer) -> smtplib.SMTP:
    connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.start_tls:
            import ssl  # noqa: PLC0415  # only where it is asked for

            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
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


def _said(problem: Exception) -> str:
    """What a server has answered, or what happened instead."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(text)}" for code, text in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{problem.smtp_code} {_text(problem.smtp_error)}"
    return str(problem) or type(problem).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
