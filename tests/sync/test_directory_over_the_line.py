"""A directory of many pages over a line that fails: the next page is on its way while the last one is written."""

from __future__ import annotations

import random

import pytest

from cashier_app.services.branches import service
from cashier_app.services.branches.exchange import LineDown
from cashier_app.services.verifying import verify
from tests.builders import a_ledger, an_account
from tests.sync.wires import Proxy, a_wired_branch, serving


def test_every_account_arrives_once_whatever_the_line_does(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "MOST_ACCOUNTS", 3)
    server = a_ledger(sqlite_url)
    numbers = {an_account(server, f"Customer {number}", owing={"ELEC": "5.00"}).number for number in range(25)}
    chance = random.Random(7)
    with (
        serving(server, tmp_path / "state") as url,
        Proxy(url).running() as wire,
        a_wired_branch(server, wire.url, tmp_path) as branch,
    ):
        branch.database.connection.execute("UPDATE branch_link SET directory_after = 0")
        branch.database.connection.execute("DELETE FROM open_debt")
        for _ in range(500):
            wire.mood = chance.choice(["kind", "kind", "deaf", "cut", "portal", "down"])
            try:
                if not branch.exchange.step().more:
                    break
            except LineDown:
                continue
        else:
            pytest.fail("the directory is never whole")
        held = branch.rows("SELECT number FROM account")
        assert len(held) == len(set(held))
        assert numbers <= {number for (number,) in held}
        assert branch.value("SELECT count(*) FROM open_debt") == 25
        assert verify(branch.database).problems == ()


def test_the_program_ends_while_a_page_is_on_its_way(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setattr(service, "MOST_ACCOUNTS", 3)
    server = a_ledger(sqlite_url)
    for number in range(12):
        an_account(server, f"Customer {number}")
    with serving(server, tmp_path / "state") as url, a_wired_branch(server, url, tmp_path) as branch:
        branch.database.connection.execute("UPDATE branch_link SET directory_after = 0")
        branch.exchange.step()
        branch.exchange.line.hang_up()
        with pytest.raises(LineDown):
            branch.meet()
