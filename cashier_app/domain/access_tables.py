"""The control tables that say who may do what, and whose customers one sees (S1 p.5)."""

# ruff: noqa: RUF009
# `described` makes a dataclass field; the rule takes it for a shared default.

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cashier_app.domain.control_fields import described


class SecondFactor(StrEnum):
    """When the members of a group must show a one-time code besides their password."""

    OPTIONAL = "OPTIONAL"
    """Whoever wants to."""
    ELSEWHERE = "ELSEWHERE"
    """When they sign in at the server's API; at the workstations whoever wants to."""
    ALWAYS = "ALWAYS"
    """Nobody signs in, or signs as a second person, without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    """What its members may do (S1 p.5)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    rights: tuple[str, ...] = described("Rights", "Names of commands and special rights; * for all.", default=())
    second_factor: SecondFactor = described(
        "Second factor",
        "Whether members must show a one-time code of an authenticator app besides their password.",
        default=SecondFactor.OPTIONAL,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGroup:
    """An office that keeps accounts to itself (S1 p.5)."""

    code: str = described("Code", "Short and stable, such as NORTH.")
    description: str = described("Description", "Name of the office.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAccessRole:
    """Whose customers its holders may see (S1 p.5)."""

    code: str = described("Code", "Short and stable.")
    description: str = described("Description", "Name.", default="")
    access_groups: tuple[str, ...] = described(
        "Access groups", "Offices whose accounts they see; * for all.", refers="access_group", every=True, default=()
    )
