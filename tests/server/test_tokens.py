"""Who gets in, for how long, and how that ends (R reliability T9, T11)."""

from __future__ import annotations

import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from cashier_app.server.refusing import Refused
from cashier_app.server.tokens import Tokens
from cashier_app.services.administration.users import ChangeUser, SetPassword
from cashier_app.services.branches.device_keys import DeviceKey, Purpose
from cashier_app.services.branches.devices import RevokeDevice
from tests.builders import PASSWORD, Ledger, password_hash
from tests.server.office import Office, refusal


def signed_in(office: Office, login: str = "ann", password: str = PASSWORD) -> Any:
    return office.ask("POST", "/tokens", json={"login": login, "password": password})


def me(office: Office, token: str) -> Any:
    return office.ask("GET", "/me", headers={"Authorization": f"Bearer {token}"})


def test_a_person_signs_in_and_is_told_who_they_are(office: Office):
    token = signed_in(office).json()["token"]
    answer = me(office, token).json()
    assert (answer["login"], answer["tender_sources"]) == ("ann", ["CASH-A01"])
    assert "TakePayment" in answer["rights"]


@pytest.mark.parametrize(
    ("login", "password"),
    [("ann", "wrong"), ("nobody", PASSWORD), ("a\x00nn", PASSWORD), ("ann", "x" * 5000), ("x" * 5000, "y"), ("", "")],
)
def test_whoever_does_not_know_the_password_learns_nothing_else(office: Office, login: str, password: str):
    assert refusal(signed_in(office, login, password)) == (401, "SEC-020")


def test_wrong_passwords_lock_here_as_at_the_counter(office: Office):
    for _ in range(3):
        assert refusal(signed_in(office, "ann", "wrong")) == (401, "SEC-020")
    assert refusal(signed_in(office)) == (401, "SEC-021")


def test_a_token_ends_after_fifteen_minutes(office: Office, ledger: Ledger):
    token = office.token("ann")
    ledger.clock.advance(minutes=14, seconds=59)
    assert me(office, token).status_code == 200
    ledger.clock.advance(seconds=1)
    assert refusal(me(office, token)) == (401, "API-001")


def test_a_token_ends_with_signing_out(office: Office):
    token = office.token("ann")
    assert office.ask("DELETE", "/tokens", by="ann").status_code == 204
    assert refusal(me(office, token)) == (401, "API-001")


def test_a_token_ends_with_the_password_it_was_got_with(office: Office, ledger: Ledger):
    token = office.token("ann")
    ledger.do(SetPassword(login="ann", password_hash=password_hash("another long sentence")), "adam")
    assert refusal(me(office, token)) == (401, "API-001")


def test_a_token_of_somebody_who_left_is_refused_at_once(office: Office, ledger: Ledger):
    token = office.token("ann")
    ledger.do(ChangeUser(login="ann", active=False), "adam")
    assert refusal(me(office, token)) == (403, "SEC-002")


def _claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def _unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts) + "."


FORGERIES = {
    "signed by somebody else": lambda claims, _: jwt.encode(claims, "0" * 32, "HS256"),
    "not signed": lambda claims, _: _unsigned(claims),
    "of another ledger": lambda claims, key: jwt.encode(claims | {"iss": "other"}, key, "HS256"),
    "for another purpose": lambda claims, key: jwt.encode(claims | {"aud": "cashier-challenge"}, key, "HS256"),
    "with several purposes": lambda claims, key: jwt.encode(claims | {"aud": ["cashier-api", "x"]}, key, "HS256"),
    "another algorithm": lambda claims, key: jwt.encode(claims, key * 2, "HS512"),
    "of the system": lambda claims, key: jwt.encode(claims | {"sub": "user:0"}, key, "HS256"),
    "of nobody": lambda claims, key: jwt.encode(claims | {"sub": "robot:1"}, key, "HS256"),
    "of no number": lambda claims, key: jwt.encode(claims | {"sub": "user:²"}, key, "HS256"),
    "of a huge number": lambda claims, key: jwt.encode(claims | {"sub": f"user:{10**30}"}, key, "HS256"),
    "of another password": lambda claims, key: jwt.encode(claims | {"mark": "0" * 16}, key, "HS256"),
    "without an end": lambda claims, key: jwt.encode(
        {name: value for name, value in claims.items() if name != "exp"}, key, "HS256"
    ),
    "with a strange end": lambda claims, key: jwt.encode(claims | {"exp": 10**30}, key, "HS256"),
    "no token": lambda _, __: "rubbish",
    "nothing": lambda _, __: "",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_no_token(office: Office, forge: Any):
    claims = _claims(office.token("ann"))
    forged = forge(claims, office.site.tokens.secret)
    assert refusal(me(office, forged)) == (401, "API-001")


def test_a_refused_token_says_how_to_get_one(office: Office):
    answer = office.ask("GET", "/me")
    assert refusal(answer) == (401, "API-001")
    assert answer.headers["www-authenticate"].startswith("Bearer")


# -- devices


def test_a_device_gets_a_token_with_its_key_and_no_password(office: Office):
    branch = office.a_branch()
    assert branch.ask("GET", "/branch/state").status_code == 200


def test_another_key_gets_none(office: Office):
    branch = office.a_branch()
    assert refusal(branch.signed_in(DeviceKey.generate())) == (401, "API-001")


def test_a_challenge_is_good_once_for_a_minute_and_for_one_device(office: Office, ledger: Ledger):
    one, other = office.a_branch(), office.a_branch("BRANCH-8")

    def challenge() -> str:
        return str(
            office.ask("POST", "/tokens/device/challenge", json={"device_id": one.device_id}).json()["challenge"]
        )

    def answered(text: str, by: Any = one) -> Any:
        signature = by.key.sign(Purpose.TOKEN, text.encode())
        body = {"device_id": by.device_id, "challenge": text, "signature": signature}
        return office.ask("POST", "/tokens/device", json=body)

    first = challenge()
    assert answered(first).status_code == 200
    assert refusal(answered(first)) == (401, "API-001")
    assert refusal(answered(challenge(), by=other)) == (401, "API-001")
    assert refusal(answered("made up")) == (401, "API-001")
    assert refusal(answered(office.token("ann"))) == (401, "API-001")
    late = challenge()
    ledger.clock.advance(minutes=1)
    assert refusal(answered(late)) == (401, "API-001")


def test_of_two_requests_with_one_challenge_one_gets_a_token():
    asked, let_in = [], []

    def now() -> datetime:
        asked.append(7)
        if len(asked) == 3:  # it was made, it was found good, and now the other request comes in between
            answer()
        return datetime.now(UTC)

    def answer() -> None:
        with contextlib.suppress(Refused):
            tokens.take_challenge(challenge, 7)
            let_in.append(7)

    tokens = Tokens(b"0" * 32, "a ledger", now)
    challenge = tokens.challenge(7)
    answer()
    assert let_in == [7]


def test_a_revoked_device_is_refused_at_once_though_its_token_is_young(office: Office, ledger: Ledger):
    branch = office.a_branch()
    assert branch.ask("GET", "/branch/state").status_code == 200
    ledger.do(RevokeDevice(device_id=branch.device_id, reason="stolen"), "adam")
    for path in ("state", "changes", "directory"):
        assert refusal(branch.ask("GET", f"/branch/{path}")) == (403, "DEV-004")
    assert refusal(branch.deliver(b"{}")) == (403, "DEV-004")
    assert refusal(branch.signed_in()) == (401, "API-001")


def test_the_clock_of_a_device_plays_no_part(office: Office, ledger: Ledger):
    branch = office.a_branch()
    ledger.clock.advance(days=400)
    assert branch.signed_in().status_code == 200


def test_a_person_s_token_opens_no_branch_and_a_branch_s_no_office(office: Office):
    branch = office.a_branch()
    assert refusal(office.get("/branch/state", by="adam")) == (403, "API-002")
    assert refusal(branch.ask("GET", "/me")) == (403, "API-002")


def test_enrolling_again_with_the_same_key_answers_again_and_with_another_does_not(office: Office, ledger: Ledger):
    from cashier_app.services.branches.devices import InviteDevice, code_hash  # noqa: PLC0415

    expires = ledger.clock.now() + timedelta(hours=1)
    code, key = "AAAAA-BBBBB-CCCCC-DDDDD", DeviceKey.generate()
    ledger.do(InviteDevice(name="B-1", access_groups=("*",), code_hash=code_hash(code), expires=expires), "adam")
    first = office.enrol(code, key)
    assert first.status_code == 200
    assert office.enrol(code.lower(), key).json() == first.json()
    assert refusal(office.enrol(code, DeviceKey.generate())) == (422, "DEV-003")


def test_an_enrolment_proves_that_the_key_is_at_hand(office: Office):
    key = DeviceKey.generate()
    signature = key.sign(Purpose.TOKEN, key.public.encode())
    body = {"code": "AAAAA-BBBBB", "public_key": key.public, "signature": signature}
    assert refusal(office.ask("POST", "/branch/enrol", json=body)) == (403, "API-014")
