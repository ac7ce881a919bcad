"""Devices of branches: who is let in, with what, and that nobody else is."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.services.administration.seals import SealDay
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.branches.device_keys import DeviceKey, Purpose, is_signed
from cashier_app.services.branches.devices import (
    DeviceStatus,
    EnrolDevice,
    InviteDevice,
    RevokeDevice,
    code_hash,
    device_of,
    devices,
    enrolled_device,
    groups_of,
    new_code,
)
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.reading import reading
from tests.builders import Ledger
from tests.checkers import digest

KEY = DeviceKey.generate()


def an_invitation(ledger: Ledger, name: str = "BRANCH-7", code: str = "", **more: Any) -> tuple[int, str]:
    """Key and code of an invited device."""
    code = code or new_code()
    given: dict[str, Any] = {"access_groups": ("*",), "expires": ledger.clock.now() + timedelta(days=1)}
    command = InviteDevice(name=name, code_hash=code_hash(code), **(given | more))
    return ledger.do(command, "adam").device_id, code


def enrolling(code: str, key: DeviceKey = KEY) -> EnrolDevice:
    return EnrolDevice(code_hash=code_hash(code), public_key=key.public)


def status(ledger: Ledger, device_id: int) -> DeviceStatus:
    with reading(ledger.database, access=EVERYTHING) as store:
        return device_of(store, device_id).status


def test_an_invited_device_enrols_with_its_code_and_has_a_chain_of_its_own(ledger: Ledger):
    offices = {"access_group": [{"code": "EAST"}, {"code": "WEST"}]}
    ledger.do(from_plain({"tables": offices}, LoadConfiguration), "system")
    device_id, code = an_invitation(ledger, access_groups=("WEST", "EAST"))
    enrolled = ledger.do(enrolling(code), "system")
    assert enrolled.name == "BRANCH-7"
    assert enrolled.access_groups == ("EAST", "WEST")
    assert ledger.rows(f"SELECT name, sequence FROM node WHERE id = {enrolled.node_id}") == [("BRANCH-7", 0)]
    with reading(ledger.database, access=EVERYTHING) as store:
        assert enrolled_device(store, device_id).public_key == KEY.public
        (row,) = devices(store)
    assert (row.name, row.status, row.heard_at, row.commands) == ("BRANCH-7", DeviceStatus.ENROLLED, None, 0)


def test_a_code_is_good_once(ledger: Ledger):
    _, code = an_invitation(ledger)
    ledger.do(enrolling(code), "system")
    before = digest(ledger.database)
    assert ledger.refusal(enrolling(code, DeviceKey.generate()), "system") == "DEV-003"
    assert digest(ledger.database) == before


def test_a_code_that_is_too_old_lets_nobody_in_and_a_new_one_does(ledger: Ledger):
    device_id, code = an_invitation(ledger)
    ledger.clock.advance(days=1)
    assert ledger.refusal(enrolling(code), "system") == "DEV-003"
    again, fresh = an_invitation(ledger)
    assert again == device_id
    assert ledger.refusal(enrolling(code), "system") == "DEV-003"
    ledger.do(enrolling(fresh), "system")
    assert status(ledger, device_id) is DeviceStatus.ENROLLED


def test_a_lost_answer_to_an_enrolment_is_asked_for_again_with_the_same_id(ledger: Ledger):
    _, code = an_invitation(ledger)
    first = ledger.outcome(enrolling(code), "system", command_id="a" * 32)
    again = ledger.outcome(enrolling(code), "system", command_id="a" * 32)
    assert again.repeated
    assert again.result == first.result


def test_a_revoked_device_is_out_at_once_and_for_ever(ledger: Ledger):
    device_id, code = an_invitation(ledger)
    ledger.do(enrolling(code), "system")
    ledger.do(RevokeDevice(device_id=device_id, reason="stolen"), "adam")
    with reading(ledger.database, access=EVERYTHING) as store, pytest.raises(Exception, match="DEV-004"):
        enrolled_device(store, device_id)
    invitation = InviteDevice(
        name="BRANCH-7", access_groups=("*",), code_hash="0" * 64, expires=ledger.clock.now() + timedelta(hours=1)
    )
    assert ledger.refusal(invitation, "adam") == "DEV-002"
    assert ledger.refusal(RevokeDevice(device_id=device_id, reason="stolen"), "adam") == "DEV-004"


def test_an_invited_device_that_is_revoked_cannot_use_its_code(ledger: Ledger):
    device_id, code = an_invitation(ledger)
    ledger.do(RevokeDevice(device_id=device_id, reason="wrong name"), "adam")
    assert ledger.refusal(enrolling(code), "system") == "DEV-003"
    assert status(ledger, device_id) is DeviceStatus.REVOKED


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "NODE-002"),
        ({"name": "COUNTER-1"}, "NODE-002"),
        ({"access_groups": ()}, "DEV-008"),
        ({"access_groups": ("WEST",)}, "CFG-001"),
        ({"code_hash": "short"}, "DEV-003"),
        ({"expires": timedelta(days=8)}, "DEV-006"),
        ({"expires": timedelta(0)}, "DEV-006"),
    ],
)
def test_an_invitation_says_what_is_missing(ledger: Ledger, changed: dict[str, Any], code: str):
    given: dict[str, Any] = {
        "name": "BRANCH-7",
        "access_groups": ("*",),
        "code_hash": "0" * 64,
        "expires": timedelta(1),
    } | changed
    given["expires"] = ledger.clock.now() + given["expires"]
    before = digest(ledger.database)
    assert ledger.refusal(InviteDevice(**given), "adam") == code
    assert digest(ledger.database) == before


def test_a_revocation_needs_a_device_and_a_reason(ledger: Ledger):
    device_id, _ = an_invitation(ledger)
    assert ledger.refusal(RevokeDevice(device_id=7, reason="stolen"), "adam") == "DEV-001"
    assert ledger.refusal(RevokeDevice(device_id=device_id, reason=" "), "adam") == "DEV-007"


def test_a_key_is_a_key(ledger: Ledger):
    _, code = an_invitation(ledger)
    command = EnrolDevice(code_hash=code_hash(code), public_key="bm8ga2V5")
    assert ledger.refusal(command, "system") == "DEV-005"


@pytest.mark.parametrize("command", [InviteDevice, RevokeDevice])
def test_only_administrators_let_devices_in_and_out(ledger: Ledger, command: type):
    device_id, _ = an_invitation(ledger)
    given: Any = RevokeDevice(device_id=device_id, reason="stolen")
    if command is InviteDevice:
        given = InviteDevice(name="B", access_groups=("*",), code_hash="0" * 64, expires=ledger.clock.now())
    for login in ("ann", "sue", "olga", "vera"):
        assert ledger.refusal(given, login) == "SEC-003"


def test_a_code_is_known_however_it_is_typed():
    assert code_hash("abcde fghjk-lmnpq-rstuv") == code_hash("ABCDE-FGHJK-LMNPQ-RSTUV")
    assert len({new_code() for _ in range(100)}) == 100


def test_groups_are_read_as_they_were_written():
    assert groups_of("EAST WEST") == ("EAST", "WEST")


def test_a_signature_is_good_for_its_purpose_and_its_message_only():
    signature = KEY.sign(Purpose.DELIVERY, b"body")
    assert is_signed(KEY.public, Purpose.DELIVERY, b"body", signature)
    assert not is_signed(KEY.public, Purpose.TOKEN, b"body", signature)
    assert not is_signed(KEY.public, Purpose.DELIVERY, b"body!", signature)
    assert not is_signed(DeviceKey.generate().public, Purpose.DELIVERY, b"body", signature)
    for rubbish in ("", "?", "AAAA", signature[:-4], "é"):
        assert not is_signed(KEY.public, Purpose.DELIVERY, b"body", rubbish)
        assert not is_signed(rubbish, Purpose.DELIVERY, b"body", signature)


def test_a_kept_key_is_the_same_and_nobody_else_s(tmp_path: Path):
    KEY.save(tmp_path / "key")
    assert DeviceKey.load(tmp_path / "key").public == KEY.public
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        KEY.save(tmp_path / "key")


def test_a_device_does_not_disturb_the_seal_of_the_day(ledger: Ledger):
    an_invitation(ledger)
    assert [seal.node for seal in ledger.do(SealDay(), "sue").seals] == [1]
