"""One-time codes at the server: for a token, for a command that asks once more, for a second person's signature."""

from __future__ import annotations

import pytest

from cashier_app.domain.one_time_codes import code_of, step_at
from cashier_app.services.administration.second_factors import ResetSecondFactor, new_secret
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.administration.signing_in import enrol
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.payments.cancellation import CancelTender
from tests.builders import PASSWORD, Ledger, a_payment, a_user, an_account, an_open_drawer, cash
from tests.server.office import Office, refusal


class App:
    """Somebody's authenticator app, which shows another code whenever it is asked."""

    def __init__(self, ledger: Ledger, login: str) -> None:
        self._ledger, self._secret = ledger, new_secret()
        enrol(ledger.door, login, PASSWORD, self._secret, self._now())

    def code(self) -> str:
        self._ledger.clock.advance(seconds=30)
        return self._now()

    def _now(self) -> str:
        return code_of(self._secret, step_at(self._ledger.clock.now()))


def token(office: Office, login: str, code: str = "") -> object:
    return office.ask("POST", "/tokens", json={"login": login, "password": PASSWORD, "code": code})


@pytest.fixture
def app(office: Office, ledger: Ledger) -> App:
    return App(ledger, "adam")


def test_a_token_is_given_for_password_and_code(office: Office, app: App):
    assert refusal(token(office, "adam")) == (401, "SEC-050")
    assert refusal(token(office, "adam", "123456")) == (401, "SEC-051")
    code = app.code()
    assert token(office, "adam", code).status_code == 200
    assert refusal(token(office, "adam", code)) == (401, "SEC-051")


def test_a_token_ends_with_the_second_factor_that_was_set_up_since(office: Office, ledger: Ledger):
    assert office.get("/me", "sue").status_code == 200
    App(ledger, "sue")
    assert refusal(office.get("/me", "sue")) == (401, "API-001")


def test_a_group_may_come_from_elsewhere_with_a_code_only(office: Office, ledger: Ledger):
    group = {"code": "AUDITOR", "rights": ["ViewCustomers"], "second_factor": "ELSEWHERE"}
    ledger.do(LoadConfiguration(tables={"user_group": [group]}), "system")
    assert refusal(token(office, "vera")) == (401, "SEC-052")
    assert token(office, "vera", App(ledger, "vera").code()).status_code == 200


def test_users_are_changed_with_another_code_and_a_reset_needs_two(office: Office, ledger: Ledger, app: App):
    a_user(ledger, "eve", "ADMIN")
    App(ledger, "ann")
    office._tokens["adam"] = token(office, "adam", app.code()).json()["token"]
    change, reset = ChangeUser(login="bob", name="Robert"), ResetSecondFactor(login="ann")
    assert refusal(office.command(change, "adam", current_password=PASSWORD)) == (403, "SEC-050")
    assert office.command(change, "adam", current_password=PASSWORD, current_code=app.code()).status_code == 200
    shown = {"current_password": PASSWORD, "current_code": app.code()}
    assert refusal(office.command(reset, "adam", **shown)) == (403, "SEC-010")
    shown["current_code"] = app.code()
    eve = {"login": "eve", "password": PASSWORD}
    assert office.command(reset, "adam", approval=eve, **shown).status_code == 200
    assert token(office, "ann").status_code == 200


def test_a_second_person_shows_a_code_too(office: Office, ledger: Ledger):
    account, sue = an_account(ledger, owing="50.00"), App(ledger, "sue")
    an_open_drawer(ledger)
    tender = ledger.do(a_payment(account, cash("5.00"))).tender_ids[0]
    command = CancelTender(tender_id=tender, reason="ERROR")
    approval = {"login": "sue", "password": PASSWORD}
    assert refusal(office.command(command, approval=approval)) == (403, "SEC-050")
    assert office.command(command, approval=approval | {"code": sue.code()}).status_code == 200
