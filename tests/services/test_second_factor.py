"""The second factor: set up, asked for, used once, lost and reset (R reliability 5.2, decision 26)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from cashier_app.domain.errors import CashierError
from cashier_app.domain.one_time_codes import code_of, step_at
from cashier_app.services.administration.second_factors import (
    EnrolSecondFactor,
    ResetSecondFactor,
    enrolment_address,
    new_secret,
)
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.signing_in import come_back, enrol, sign_in
from cashier_app.services.administration.users import SetPassword, hashed, shortest_password
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from cashier_app.services.kernel.door import Approval, Door
from cashier_app.services.verifying import verify
from tests.builders import PASSWORD, Ledger, an_open_drawer, counted, password_hash

SHORT = "blue kettle 7"
"""Long enough with a second factor, and not without."""


def code(ledger: Ledger, secret: str, *, steps: int = 0) -> str:
    return code_of(secret, step_at(ledger.clock.now()) + steps)


def half_a_minute_later(ledger: Ledger) -> None:
    ledger.clock.advance(seconds=30)


def enrolled(ledger: Ledger, login: str = "sue") -> tuple[str, tuple[str, ...]]:
    """Secret and recovery codes of somebody who has a second factor from now on; the first code is used."""
    secret = new_secret()
    _, codes = enrol(ledger.door, login, PASSWORD, secret, code(ledger, secret))
    half_a_minute_later(ledger)
    return secret, codes


def refused(door: Door, *shown: str, elsewhere: bool = False) -> str:
    try:
        sign_in(door, *shown, elsewhere=elsewhere)
    except CashierError as refusal:
        return refusal.problems[0].code
    return ""


def demand(ledger: Ledger, group: str, when: str) -> None:
    record = {"code": group, "rights": ["*"], "second_factor": when}
    ledger.do(LoadConfiguration(tables={"user_group": [record]}), "system")


def test_a_code_opens_once_with_the_password(ledger: Ledger):
    secret, _ = enrolled(ledger)
    assert refused(ledger.door, "sue", PASSWORD) == "SEC-050"
    assert refused(ledger.door, "sue", PASSWORD, "000000") == "SEC-051"
    shown = code(ledger, secret)
    assert refused(ledger.door, "sue", PASSWORD, f"{shown[:3]} {shown[3:]}") == ""
    assert refused(ledger.door, "sue", PASSWORD, shown) == "SEC-051"
    assert refused(ledger.door, "sue", PASSWORD, code(ledger, secret, steps=-1)) == "SEC-051"
    half_a_minute_later(ledger)
    assert refused(ledger.door, "sue", PASSWORD, code(ledger, secret)) == ""
    assert verify(ledger.database).problems == ()


def test_of_two_who_show_one_code_at_once_one_gets_in(ledger: Ledger):
    secret, _ = enrolled(ledger)
    shown = code(ledger, secret)
    doors = [ledger.another_door("TILL-2"), ledger.another_door("TILL-3")]
    with ThreadPoolExecutor(2) as both:
        codes = list(both.map(lambda door: refused(door, "sue", PASSWORD, shown), doors))
    assert sorted(codes) == ["", "SEC-051"]


def test_wrong_codes_lock_like_wrong_passwords(ledger: Ledger):
    enrolled(ledger)
    for _ in range(3):
        assert refused(ledger.door, "sue", PASSWORD, "123456") == "SEC-051"
    assert refused(ledger.door, "sue", PASSWORD, "123456") == "SEC-021"


def test_the_secret_stands_in_no_journal_and_its_digest_does(ledger: Ledger):
    secret, codes = enrolled(ledger)
    for table in ("journal", "journal_part", "app_user", "recovery_code"):
        told = repr(ledger.rows(f"SELECT * FROM {table}"))
        assert secret not in told
        assert not any(each in told or each.replace("-", "") in told for each in codes)
    ledger.unchecked = True
    ledger.database.connection.cursor().execute("UPDATE second_factor_secret SET secret = 'AAAA'")
    assert "I12" in {problem.code for problem in verify(ledger.database).problems}


def test_a_first_code_of_another_secret_sets_nothing_up(ledger: Ledger):
    with pytest.raises(CashierError) as refusal:
        enrol(ledger.door, "sue", PASSWORD, new_secret(), "123456")
    assert refusal.value.codes == ("SEC-053",)
    assert ledger.refusal(EnrolSecondFactor(login="sue", digest="of nothing", step=1), "system") == "SEC-053"
    assert refused(ledger.door, "sue", PASSWORD) == ""


def test_an_app_is_told_whose_codes_these_are():
    address = enrolment_address("ABCD", "sue", "Cashier Blue River")
    assert address == "otpauth://totp/Cashier%20Blue%20River%3Asue?secret=ABCD&issuer=Cashier%20Blue%20River"


def test_a_new_telephone_is_enrolled_with_a_code_of_the_old_one(ledger: Ledger):
    secret, _ = enrolled(ledger)
    new = new_secret()
    with pytest.raises(CashierError, match="Type the code"):
        enrol(ledger.door, "sue", PASSWORD, new, code(ledger, new))
    enrol(ledger.door, "sue", PASSWORD, new, code(ledger, new), code(ledger, secret))
    half_a_minute_later(ledger)
    assert refused(ledger.door, "sue", PASSWORD, code(ledger, secret)) == "SEC-051"
    half_a_minute_later(ledger)
    assert refused(ledger.door, "sue", PASSWORD, code(ledger, new)) == ""


def test_a_recovery_code_opens_once_however_it_is_typed(ledger: Ledger):
    _, codes = enrolled(ledger)
    assert len(set(codes)) == 10
    assert refused(ledger.door, "sue", PASSWORD, codes[0].lower().replace("-", " ")) == ""
    assert refused(ledger.door, "sue", PASSWORD, codes[0]) == "SEC-051"
    assert refused(ledger.door, "sue", PASSWORD, codes[1]) == ""
    assert verify(ledger.database).problems == ()


def test_a_lost_one_is_reset_by_two_administrators(ledger: Ledger):
    enrolled(ledger)
    reset = ResetSecondFactor(login="sue")
    assert ledger.refusal(reset, "ann") == "SEC-003"
    assert ledger.refusal(reset, "adam") == "SEC-010"
    assert ledger.refusal(reset, "adam", second="stan") == "SEC-012"
    demand(ledger, "SUPERVISOR", "OPTIONAL")
    ledger.do(reset, "adam", second="stan")
    assert refused(ledger.door, "sue", PASSWORD) == ""
    assert ledger.refusal(reset, "adam", second="stan") == "SEC-054"
    assert ledger.rows("SELECT * FROM second_factor_secret") == ledger.rows("SELECT * FROM recovery_code") == []


def test_a_group_may_demand_it_here_or_elsewhere(ledger: Ledger):
    assert refused(ledger.door, "sue", PASSWORD, elsewhere=True) == ""
    demand(ledger, "SUPERVISOR", "ELSEWHERE")
    assert refused(ledger.door, "sue", PASSWORD, elsewhere=True) == "SEC-052"
    assert refused(ledger.door, "sue", PASSWORD) == ""
    demand(ledger, "SUPERVISOR", "ALWAYS")
    assert refused(ledger.door, "sue", PASSWORD) == "SEC-052"
    assert refused(ledger.door, "ann", PASSWORD, elsewhere=True) == ""
    secret, _ = enrolled(ledger)
    assert refused(ledger.door, "sue", PASSWORD, code(ledger, secret), elsewhere=True) == ""


def test_a_password_is_shorter_where_a_code_is_shown_besides(ledger: Ledger):
    with ledger.door.looking(None) as (store, config):
        assert shortest_password(store, config, "sue") == 15
        assert shortest_password(store, config, "new", ["CASHIER"]) == 15
    enrolled(ledger)
    demand(ledger, "CASHIER", "ALWAYS")
    with ledger.door.looking(None) as (store, config):
        assert shortest_password(store, config, "sue") == 12
        assert shortest_password(store, config, "new", ["CASHIER"]) == 12
    assert hashed(SHORT, shortest=12)
    with pytest.raises(CashierError, match="12 to 128"):
        hashed(SHORT[:11], shortest=12)


def test_a_short_password_opens_nothing_once_its_second_factor_is_gone(ledger: Ledger):
    ledger.do(SetPassword(login="sue", password_hash=password_hash(SHORT)), "adam")
    assert refused(ledger.door, "sue", SHORT) == "SEC-052"


def test_whoever_comes_back_to_a_locked_screen_shows_the_password_alone(ledger: Ledger):
    enrolled(ledger)
    assert come_back(ledger.door, "sue", PASSWORD).login == "sue"


class TestSecondPerson:
    """Whoever signs for somebody else shows a code too, and it counts for the one command that was taken."""

    def drawer_to_balance(self, ledger: Ledger, by: str, source: str = "", much: str = "60.00") -> BalanceDrawer:
        control = an_open_drawer(ledger, by)
        ledger.do(StartBalancing(tender_control_id=control), by)
        ledger.do(CountDrawer(tender_control_id=control, count=counted(much)), by)
        return BalanceDrawer(tender_control_id=control, note="short")

    def test_shows_a_code_that_counts_for_one_command(self, ledger: Ledger):
        secret, _ = enrolled(ledger)
        first = self.drawer_to_balance(ledger, "ann")
        second = self.drawer_to_balance(ledger, "bob")
        assert ledger.refusal(first, "ann", second="sue") == "SEC-050"
        approval = Approval("sue", PASSWORD, code(ledger, secret))
        execute, people = ledger.door.execute, ledger.people
        # Refused, nothing was signed: the same code signs what is sent right.
        with pytest.raises(CashierError):
            execute(replace(first, note=""), user_id=people["ann"], approval=approval)
        outcome = execute(first, user_id=people["ann"], command_id="1" * 32, approval=approval)
        again = execute(first, user_id=people["ann"], command_id="1" * 32, approval=approval)
        assert (again.repeated, again.result) == (True, outcome.result)
        with pytest.raises(CashierError, match="used already"):
            execute(second, user_id=people["bob"], approval=approval)
