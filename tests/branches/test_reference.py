"""Configuration and users at a branch: whole, as the server last said, and what was noted here is kept."""

from __future__ import annotations

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.administration.signing_in import sign_in
from cashier_app.services.administration.users import CreateUser
from cashier_app.services.branches.reference import read_reference
from cashier_app.services.kernel.reading import reading
from cashier_app.services.verifying import verify
from tests.branches.copies import Branch
from tests.builders import PASSWORD, Ledger, an_account, password_hash


def test_people_sign_in_with_what_the_server_last_said(ledger: Ledger, branch: Branch) -> None:
    actor = sign_in(branch.door, "ann", PASSWORD)
    assert actor.id == ledger.people["ann"]
    assert actor.rights == sign_in(ledger.door, "ann", PASSWORD).rights
    ledger.do(CreateUser(login="zoe", name="Zoe", password_hash=password_hash(), groups=("CASHIER",)), "system")
    assert branch.refer()
    assert sign_in(branch.door, "zoe", PASSWORD).name == "Zoe"
    assert verify(branch.database).problems == ()


def test_wrong_passwords_at_the_branch_are_not_forgotten_with_the_next_copy(ledger: Ledger, branch: Branch) -> None:
    for _ in range(4):
        with pytest.raises(RuleViolation):
            sign_in(branch.door, "ann", "wrong horse")
        branch.door.clock.advance(minutes=1)  # type: ignore[attr-defined]
    ledger.do(CreateUser(login="zoe", name="Zoe", password_hash=password_hash(), groups=("CASHIER",)), "system")
    branch.refer()
    assert branch.value("SELECT failed_sign_ins FROM app_user WHERE login = 'ann'") == 4


def test_ones_own_account_is_ones_own_at_the_branch_too_whichever_comes_first(ledger: Ledger, branch: Branch) -> None:
    account = an_account(ledger, owing="5.00")
    user = ledger.do(
        CreateUser(
            login="zoe", name="Zoe", password_hash=password_hash(), groups=("CASHIER",), own_accounts=(account.id,)
        ),
        "system",
    ).user_id
    assert branch.refer()
    branch.fetch()
    assert sign_in(branch.door, "zoe", PASSWORD).own_accounts == {account.id}
    assert branch.rows(f"SELECT account_id FROM user_relation WHERE user_id = {user}") == [(account.id,)]
    assert not branch.refer()


def test_another_configuration_is_seen_at_once_even_under_a_version_that_was_there(
    ledger: Ledger, branch: Branch
) -> None:
    with reading(ledger.database, access=EVERYTHING) as store:
        document = read_reference(store)
    other = tuple((table, code, text.replace("Cash", "Coins")) for table, code, text in document.records)
    before = branch.value("SELECT version FROM configuration_state")
    assert branch.replace_reference(document._replace(records=other))
    assert branch.value("SELECT version FROM configuration_state") != before
    assert branch.rows("SELECT content FROM control_record WHERE content LIKE '%Coins%'")


def test_a_code_that_is_gone_at_the_server_is_gone_at_the_branch(ledger: Ledger, branch: Branch) -> None:
    with reading(ledger.database, access=EVERYTHING) as store:
        document = read_reference(store)
    fewer = tuple(record for record in document.records if record[0] != "movement_reason")
    branch.replace_reference(document._replace(records=fewer, groups=document.groups[1:]))
    assert branch.value("SELECT count(*) FROM control_record WHERE table_name = 'movement_reason'") == 0
    assert branch.value("SELECT count(*) FROM user_group_member") == len(document.groups) - 1
    branch.refer()
