"""A branch's database beside its server's, with function calls for a line: what travels goes through bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.branches.directory import (
    DirectoryPage,
    decode_page,
    directory_of,
    directory_page,
    encode_page,
)
from cashier_app.services.branches.directory_copy import write_page
from cashier_app.services.branches.joining import Enrolment, start_branch
from cashier_app.services.branches.reference import (
    Reference,
    decode_reference,
    encode_reference,
    read_reference,
    write_reference,
)
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.writing import writing
from cashier_app.services.queries.accounts import AccountGlance, account_at_a_glance
from cashier_app.services.queries.search import find
from cashier_app.services.verifying import verify
from tests.builders import Ledger

ALL = frozenset("*")
NODE = 77


@dataclass
class Branch:
    """A branch's database beside the server's, with the line between them a function call."""

    office: Door
    """Of the server."""
    door: Door
    groups: frozenset[str] = ALL

    @property
    def database(self) -> Database:
        return self.door.database

    def fetch(self, *, limit: int = 7, pages: int | None = None) -> list[int]:
        """Fetch the directory from where it stands, as it travels; returns the accounts that were written."""
        written: list[int] = []
        while pages is None or pages:
            after = self.value("SELECT directory_after FROM branch_link")
            if after is None:
                break
            with reading(self.office.database, access=EVERYTHING) as store:
                page = directory_page(store, self.office.current_config(store), self.groups, after, limit)
            written += self.hold(decode_page(encode_page(page)))
            pages = None if pages is None else pages - 1
        return written

    def look(self, *account_ids: int) -> tuple[int, ...]:
        """Fetch accounts that are said to have changed."""
        with reading(self.office.database, access=EVERYTHING) as store:
            page = directory_of(store, self.office.current_config(store), self.groups, account_ids)
        return self.hold(decode_page(encode_page(page)))

    def hold(self, page: DirectoryPage) -> tuple[int, ...]:
        """Take a page up; returns the accounts that were written."""
        with writing(self.database) as store:
            return write_page(store, page)

    def refer(self) -> bool:
        """Fetch configuration and users."""
        with reading(self.office.database, access=EVERYTHING) as store:
            document = encode_reference(read_reference(store))
        return self.replace_reference(decode_reference(document))

    def replace_reference(self, document: Reference) -> bool:
        """Take configuration and users up; whether they were different."""
        with writing(self.database) as store:
            return write_reference(store, document)

    def value(self, sql: str) -> object:
        return self.database.connection.cursor().execute(sql).fetchone()[0]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.database.connection.cursor().execute(sql).fetchall()]

    def again(self) -> None:
        """Everything is to be fetched anew."""
        self.database.connection.cursor().execute("UPDATE branch_link SET directory_after = 0")


@contextmanager
def beside(ledger: Ledger, folder: Path) -> Iterator[Branch]:
    """A branch of a ledger, whose own proof must hold at the end."""
    branch = a_branch(folder / "branch.db", ledger.door)
    yield branch
    assert verify(branch.database).problems == ()
    branch.database.close()


def a_branch(path: Path, office: Door, groups: Iterable[str] = ALL) -> Branch:
    database = Database(f"sqlite:///{path}", must_exist=False)
    start_branch(
        database,
        Enrolment(server_url="https://server", server_id="a", device_id=1, node_id=NODE, workstation="BRANCH-1"),
    )
    branch = Branch(office, Door(database, "BRANCH-1", office.clock), frozenset(groups))
    branch.refer()
    return branch


def glance(database: Database, door: Door, account_id: int) -> AccountGlance:
    """An account's header without the events, which stay at the server."""
    with reading(database, access=EVERYTHING) as store:
        found = account_at_a_glance(store, door.current_config(store), account_id, door.clock.business_date())
    return replace(found, last_payment=None)


def seen(ledger: Ledger, branch: Branch, account_id: int) -> tuple[AccountGlance, AccountGlance]:
    """An account's header at the server and at the branch."""
    return glance(ledger.database, ledger.door, account_id), glance(branch.database, branch.door, account_id)


def found(database: Database, door: Door, text: str) -> list[int]:
    with reading(database, access=EVERYTHING) as store:
        return [row.account_id for row in find(store, door.current_config(store), text)]
