"""What proves the second act: balances before and after to the cent, and the seals that each side keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import bindparam, func, select

from cashier_app.demo.page import Table
from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.money import decimal_text
from cashier_app.models.customer import ServiceAgreement
from cashier_app.models.journal import Node
from cashier_app.models.payment import Payment
from cashier_app.services.branches.kept_seals import known_seals
from cashier_app.services.kernel.door import Door
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.statements import Statement

_OWED = Statement(
    select(func.coalesce(func.sum(ServiceAgreement.current_balance), 0)).where(
        ServiceAgreement.account_id == bindparam("account_id")
    )
)
_HELD = Statement(select(ServiceAgreement.current_balance).where(ServiceAgreement.id == bindparam("sa_id")))
_TAKEN = Statement(
    select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.account_id == bindparam("account_id"))
)
_NODES = Statement(select(Node.id, Node.name))
_SUSPENSE: Final = "SUSPENSE"
_CURRENCY: Final = "USD"


class Balances:
    """What customers owe at the office; looked at before the branch opens, and once everything has arrived."""

    def __init__(self, office: Door, accounts: Mapping[str, int]) -> None:
        self._office, self._accounts = office, accounts
        self._before = self._owed()
        self._suspense_before = self._suspense()

    def table(self, branch: Door) -> Table:
        """Before, taken at the branch, after; each line adds up, and so do all."""
        after, suspense = self._owed(), self._suspense()
        with reading(branch.database, access=EVERYTHING) as store:
            taken = {name: store.value(_TAKEN, account_id=key) for name, key in self._accounts.items()}
        amounts = {name: (self._before[name], taken[name], after[name]) for name in self._accounts}
        amounts["Suspense, at the office"] = (self._suspense_before, 0, suspense)
        owed, received, left = (sum(column) for column in zip(*amounts.values(), strict=True))
        return Table(
            title="Every balance, before and after",
            head=("", "Owed before", "Taken at the branch", "Owed after"),
            rows=[*(_shown(name, *row) for name, row in amounts.items()), _shown("Together", owed, received, left)],
            note=(
                "Together: owed before, less what was taken, is owed after, to the cent."
                if owed - received == left
                else "THIS DOES NOT ADD UP."
            ),
        )

    def seals(self, branch: Door, workstation: str) -> Iterator[tuple[str, str]]:
        """How many seals each side keeps of the other."""
        with reading(self._office.database, access=EVERYTHING) as store:
            nodes = {row.name: row.id for row in store.all(_NODES)}
            ours = [seal for seal in known_seals(store) if seal.node == nodes[workstation]]
        with reading(branch.database, access=EVERYTHING) as store:
            theirs = [seal for seal in known_seals(store) if seal.node != nodes[workstation]]
        words = (
            f"The office keeps {len(ours)} of {workstation}, {workstation} keeps {len(theirs)} of the office: whoever "
            "cuts a journal short on one side is told on by the other."
        )
        yield "Seals kept by each other", words

    def _owed(self) -> dict[str, int]:
        with reading(self._office.database, access=EVERYTHING) as store:
            return {name: store.value(_OWED, account_id=key) for name, key in self._accounts.items()}

    def _suspense(self) -> int:
        with reading(self._office.database, access=EVERYTHING) as store:
            sa_id = self._office.current_config(store).house_agreement(_SUSPENSE)
            return int(store.value(_HELD, sa_id=sa_id))


def _shown(name: str, *cents: int) -> tuple[str, ...]:
    return (name, *(decimal_text(value, _CURRENCY).replace("-", "\N{MINUS SIGN}") for value in cents))
