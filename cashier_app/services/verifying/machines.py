"""A server and its branches held against each other: no command is lost between them, none there twice (I11, I14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import EnvironmentProblem
from cashier_app.domain.identifiers import counter_of, key_of
from cashier_app.services.administration.branch_link import LinkFacts, link_of
from cashier_app.services.branches.kept_seals import known_seals
from cashier_app.services.kernel.database import Database
from cashier_app.services.kernel.reading import reading
from cashier_app.services.kernel.store import Store
from cashier_app.services.verifying.chains import KeptSeal
from cashier_app.services.verifying.verdict import Report, Verdict
from cashier_app.services.verifying.verifier import verify

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinesCompared:
    """What came of a server and its branches: each alone, and all together."""

    ok: bool
    server: Verdict
    branches: Mapping[str, Verdict]
    """By workstation."""
    together: Verdict


def verify_machines(server: Database, branches: Iterable[Database], *, quick: bool = False) -> MachinesCompared:
    """Prove each database, with the seals that the others keep for it, then hold their journals against each other.

    Raises:
        EnvironmentProblem: VER-003 where one of `branches` is no branch's database.
    """
    report = Report()
    found: dict[str, Verdict] = {}
    seals: list[KeptSeal] = []
    for branch in branches:
        with reading(branch, access=EVERYTHING) as store:
            link = link_of(store)
            if link is None:
                raise EnvironmentProblem("VER-003", f"{branch.url} is no branch's database; name those of branches.")
            seals += _seals(store)
            with reading(server, access=EVERYTHING) as there:
                _compare(store, there, link, report)
        found[link.workstation] = verify(branch, quick=quick)
    proven = verify(server, quick=quick, seals=tuple(seals))
    together = report.verdict()
    ok = proven.ok and together.ok and all(verdict.ok for verdict in found.values())
    return MachinesCompared(ok=ok, server=proven, branches=found, together=together)


def _seals(store: Store) -> Iterator[KeptSeal]:
    """Those kept for others; a branch's own chain may be longer than what has arrived."""
    own = {row[0] for row in _rows(store, "SELECT id FROM node")}
    return (KeptSeal(seal.node, seal.sequence, seal.hash) for seal in known_seals(store) if seal.node not in own)


def _compare(branch: Store, server: Store, link: LinkFacts, report: Report) -> None:
    """Entry by entry: what the server has is what the branch recorded, up to where it is known to have it."""
    name, node = link.workstation, link.node_id
    there = _rows(server, f"SELECT sequence FROM node WHERE id = {int(node)}")  # noqa: S608  # a number
    if not there:
        report.add("I14", f"The server knows no node {node}, which {name} writes.", f"node {node}")
        return
    reached = there[0][0]
    if reached > link.sequence:
        report.add("I14", f"The server has {reached} commands of {name}, its own file {link.sequence}.", name)
    if link.confirmed > reached:
        report.add("I14", f"{name} takes {link.confirmed} of its commands for arrived, the server has {reached}.", name)
    for ours, theirs in zip(_entries(branch, node), _entries(server, node), strict=False):
        report.checked["commands of branches"] += 1
        if ours != theirs:
            report.add(
                "I11",
                f"Command {counter_of(ours[0])} of {name} is not the one that the server has.",
                f"journal {ours[0]}",
            )
            return
    twice = _rows(
        server,
        f"SELECT count(*) FROM journal WHERE id >= {key_of(node, 0)} AND id < {key_of(node + 1, 0)}",  # noqa: S608
    )
    if twice[0][0] != reached:
        report.add("I14", f"The server has {twice[0][0]} entries of {name}; its chain is {reached} long.", name)


def _entries(store: Store, node: int) -> Iterator[tuple[Any, ...]]:
    after, end = key_of(node, 0), key_of(node + 1, 0)
    while True:
        rows = _rows(
            store,
            f"SELECT id, command_id, hash FROM journal WHERE id > {after} AND id < {end} "  # noqa: S608  # numbers
            f"ORDER BY id LIMIT {_AT_ONCE}",
        )
        yield from ((row[0], row[1], bytes(row[2])) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]


def _rows(store: Store, sql: str) -> list[Any]:
    store.cursor.execute(sql)
    rows: list[Any] = store.cursor.fetchall()
    return rows
