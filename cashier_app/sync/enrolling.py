"""A workstation joins a server: its key, its place in the books, and a database that knows both.

It may be broken off anywhere and begun again with the same code: the key is kept before it is shown, and the server
answers the same code with the same key again.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.clock import Clock
from cashier_app.domain.errors import EnvironmentProblem, refuse
from cashier_app.services.administration.branch_link import LinkFacts, link_of
from cashier_app.services.branches.device_keys import DeviceKey
from cashier_app.services.branches.exchange import Exchange, LineDown
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.kernel.database import Database, parse_url
from cashier_app.services.kernel.reading import reading
from cashier_app.sync.http_line import HttpLine, Patience, Wire, enrol_device
from cashier_app.sync.trust import Trust, UnknownServer, certificate_of, server_address


@dataclass(frozen=True, slots=True)
class BranchFiles:
    """What lies beside a branch's database."""

    database: Path

    @classmethod
    def of(cls, url: str) -> BranchFiles:
        """The files of a database; refuses with BR-008 one that is no SQLite file."""
        parsed = parse_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
            refuse("BR-008", "A branch keeps its own SQLite file; name a file of this machine.", "database")
        return cls(Path(parsed.database))

    @property
    def key(self) -> Path:
        """The secret half of the device's key, for nobody else to read."""
        return self._beside(".key")

    @property
    def trust(self) -> Trust:
        """Whom the branch believes."""
        return Trust(self._beside(".server.pem"), self._beside(".authority.pem"))

    @property
    def unfinished(self) -> Path:
        """The database while it is being made."""
        return self._beside(".joining")

    def _beside(self, ending: str) -> Path:
        return self.database.with_name(self.database.name + ending)


def enrol(server: str, code: str, database: str, *, fingerprint: str = "", authority: Path | None = None) -> LinkFacts:
    """Make this workstation a branch of the server; returns how it stands with it.

    Users, control tables and the directory come with the first exchange; what was joined before is left as it
    is. `fingerprint` is that of a certificate which somebody has compared: it is believed from then on. `authority` is
    a file of certificates to believe instead.

    Raises:
        UnknownServer: Nothing was said yet; ask somebody to compare the fingerprint, and come again with it.
        LineDown: No answer; the same again may go on where this ended.
        RuleViolation: DEV-003 for the code, LINE-003 for the address, BR-009 where a ledger is already.
    """
    url = server_address(server)
    files = BranchFiles.of(database)
    if files.database.exists():
        known = _joined(database)
        if known is not None and known.server_url == url:
            return known
        _refuse_a_ledger(files)
    files.database.parent.mkdir(parents=True, exist_ok=True)
    _believe(url, files.trust, fingerprint, authority)
    key = _key(files.key)
    wire = Wire(url, files.trust)
    with contextlib.closing(wire):
        enrolled = enrol_device(wire, code, key)
    return _start(
        files,
        Enrolment(
            server_url=url,
            server_id=enrolled.ledger,
            device_id=enrolled.device_id,
            node_id=enrolled.node_id,
            workstation=enrolled.name,
        ),
    )


def _refuse_a_ledger(files: BranchFiles) -> NoReturn:
    refuse("BR-009", f"There is a ledger already: {files.database}. A branch starts with none.", "database")


def _joined(url: str) -> LinkFacts | None:
    """How a database that is there already stands with a server."""
    try:
        database = Database(url)
    except EnvironmentProblem:
        return None
    try:
        return link_facts(database)
    finally:
        database.close()


def _believe(url: str, trust: Trust, fingerprint: str, authority: Path | None) -> None:
    if authority is not None:
        try:
            shutil.copyfile(authority, trust.authority)
            trust.context()
        except OSError as problem:  # an SSL error is one too
            trust.authority.unlink(missing_ok=True)
            raise EnvironmentProblem("LINE-005", f"{authority} holds no certificates that can be read.") from problem
    if fingerprint:
        shown = certificate_of(url)
        if _plain(shown.fingerprint) != _plain(fingerprint):
            raise UnknownServer(shown)
        trust.pin(shown)


def _plain(fingerprint: str) -> str:
    return "".join(letter for letter in fingerprint.upper() if letter.isalnum())


def _key(path: Path) -> DeviceKey:
    """The key of an enrolment that was broken off, or a new one, on disk before it is used."""
    if path.exists():
        return _loaded(path)
    key = DeviceKey.generate()
    key.save(path)
    return key


def _loaded(path: Path) -> DeviceKey:
    try:
        return DeviceKey.load(path)
    except (OSError, ValueError) as problem:
        raise EnvironmentProblem(
            "BR-010",
            f"This workstation's key {path} is missing or damaged, and it can send nothing without it. Put the file "
            "back; where it is lost, invite the workstation anew once an administrator has what was not sent.",
        ) from problem


def _start(files: BranchFiles, enrolment: Enrolment) -> LinkFacts:
    """Make the database aside and give it its name when it is whole."""
    for left in (files.unfinished, *_besides(files.unfinished)):
        left.unlink(missing_ok=True)
    database = Database(str(files.unfinished), must_exist=False)
    try:
        start_branch(database, enrolment)
        link = link_facts(database)
    finally:
        database.close()
    files.unfinished.chmod(0o600)  # customers' data is for whoever works here, not for everybody with a login
    try:
        # Never over a file: another program may have joined and taken money meanwhile.
        files.database.hardlink_to(files.unfinished)
    except FileExistsError:
        _refuse_a_ledger(files)
    finally:
        files.unfinished.unlink()
    assert link is not None, "it was just written"
    return link


def _besides(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))


def link_facts(database: Database) -> LinkFacts | None:
    """How a database stands with its server; nothing where it is no branch's."""
    with reading(database, access=EVERYTHING) as store:
        return link_of(store)


def open_exchange(url: str, clock: Clock, patience: Patience | None = None) -> Exchange:
    """A branch's exchange over a connection of its own; whoever asks closes it with `close_exchange`.

    Raises:
        RuleViolation: BR-007 where the database is no branch's.
        EnvironmentProblem: BR-010 where its key is missing, or as `Database` does.
    """
    database = Database(url)
    try:
        link = link_facts(database)
        if link is None:
            refuse("BR-007", "This database belongs to no branch; enrol the workstation first.")
        files = BranchFiles.of(url)
        key = _loaded(files.key)
        line = HttpLine(Wire(link.server_url, files.trust, patience), link.device_id, key)
        line.unsent = lambda: _unsent(database, clock)
    except BaseException:
        database.close()
        raise
    return Exchange(database, line, clock)


def _unsent(database: Database, clock: Clock) -> tuple[int, int]:
    """By this workstation's own clock alone, whether or not it is right (R reliability P16)."""
    link = link_facts(database)
    if link is None or link.oldest_unsent is None:
        return 0, 0
    waited = (clock.now() - link.oldest_unsent).total_seconds()
    return link.unsent, min(max(int(waited), 0), 10**9 - 1)


def close_exchange(exchange: Exchange) -> None:
    """Close its line and its connection."""
    if isinstance(exchange.line, HttpLine):
        exchange.line.close()
    exchange.database.close()


__all__ = [
    "BranchFiles",
    "LineDown",
    "close_exchange",
    "enrol",
    "link_facts",
    "open_exchange",
]
