"""What of the control tables of approvals and entries to do must fit together (R adjustments 6.1, R batch 15)."""

from __future__ import annotations

from collections.abc import Iterator

from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.approvals import ApprovalProfile, band_problems
from cashier_app.domain.configuration import CisDivision, Installation
from cashier_app.domain.errors import Problem
from cashier_app.domain.to_do import BUILT_IN_TYPES, AccountManagementGroup, ToDoRole, ToDoType
from cashier_app.services.kernel.configuration import Configuration

_URGENCIES = range(10)


def approval_problems(config: Configuration) -> Iterator[Problem]:
    """CFG-040 to CFG-042: amounts of no band or of two, roles and types that nobody knows, a password in clear."""
    for profile in config.all(ApprovalProfile).values():
        where = f"approval_profile.{profile.code}"
        for sentence in band_problems(profile.hierarchy, profile.currency):
            yield Problem("CFG-040", f"Approval profile {profile.code}: {sentence}", f"{where}.hierarchy")
        yield from _type_problems(config, profile.to_do_type, f"{where}.to_do_type")
        for band in profile.hierarchy:
            for role in band.roles:
                yield from _role_problems(config, role, f"{where}.hierarchy")
            if len(set(band.roles)) < len(band.roles):
                sentence = f"Approval profile {profile.code}: the band {band} asks the same role twice."
                yield Problem("CFG-041", sentence, f"{where}.hierarchy")
    yield from _governed_types(config)
    yield from _told_roles(config)
    yield from _mail_problems(config)


def _governed_types(config: Configuration) -> Iterator[Problem]:
    profiles = config.all(ApprovalProfile)
    for kind in config.all(AdjustmentType).values():
        profile = profiles.get(kind.approval_profile)
        if profile is not None and kind.currency not in {"", profile.currency}:
            yield Problem(
                "CFG-041",
                f"Adjustment type {kind.code} is in {kind.currency}; its approval profile {profile.code} is in "
                f"{profile.currency}.",
                f"adjustment_type.{kind.code}.approval_profile",
            )


def _told_roles(config: Configuration) -> Iterator[Problem]:
    tellers: tuple[tuple[str, AccountManagementGroup | CisDivision], ...] = (
        *(("account_management_group", each) for each in config.all(AccountManagementGroup).values()),
        *(("cis_division", each) for each in config.all(CisDivision).values()),
    )
    for name, teller in tellers:
        for each in teller.to_do_roles:
            yield from _type_problems(config, each.to_do_type, f"{name}.{teller.code}.to_do_roles")
            yield from _role_problems(config, each.role, f"{name}.{teller.code}.to_do_roles")
    for kind in config.all(ToDoType).values():
        if kind.priority not in _URGENCIES:
            sentence = f"To Do type {kind.code}: a priority is 0 to 9, not {kind.priority}."
            yield Problem("CFG-041", sentence, f"to_do_type.{kind.code}.priority")


def _mail_problems(config: Configuration) -> Iterator[Problem]:
    installation = config.all(Installation).get("MAIN")
    if installation and installation.mail_user and not installation.mail_encrypted:
        yield Problem(
            "CFG-042",
            "Signing in to the mail server needs encrypted mail; the password would travel in clear.",
            "installation.MAIN.mail_encrypted",
        )


def _type_problems(config: Configuration, code: str, where: str) -> Iterator[Problem]:
    known = {*BUILT_IN_TYPES, *config.all(ToDoType)}
    if code not in known:
        yield Problem("CFG-005", f"{code!r} is no To Do type; there are: {', '.join(sorted(known))}.", where)


def _role_problems(config: Configuration, code: str, where: str) -> Iterator[Problem]:
    known = config.all(ToDoRole)
    if code not in known:
        yield Problem("CFG-005", f"{code!r} is no To Do role; there are: {', '.join(sorted(known)) or 'none'}.", where)
