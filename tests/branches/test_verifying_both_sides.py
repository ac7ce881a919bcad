"""`cashier verify` reads the chains of several nodes in one ledger."""

import pytest

from cashier_app.services.verifying import verify
from tests.branches.town import a_branch, teller
from tests.builders import a_ledger, an_account, an_open_drawer, paid


@pytest.mark.parametrize("recent", [1, 3, 500])
def test_a_quick_look_takes_nothing_that_came_before_for_a_breach(database_url, tmp_path, recent):
    """Found by the simulator: rows of older commands of one node lie between those of the next."""
    server = a_ledger(database_url)
    account = an_account(server, owing={"ELEC": "84.10", "GAS": "41.25"})
    branches = [a_branch(server, tmp_path, name) for name in ("BRANCH-7", "BRANCH-8")]
    for branch in branches:
        login = teller(branch.door.node_name)
        an_open_drawer(branch, login, source=f"CASH-{branch.door.node_name}")
        for _ in range(4):
            paid(branch, account, "10.00", login)
        branch.meet()
    assert verify(server.database, quick=True, recent=recent).problems == ()
