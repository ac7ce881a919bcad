"""Who must approve which amounts: approval profiles, and the adjustment types that they govern (S1 p.97-101)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cashier_app.domain.adjustment_types import AdjustmentType
from cashier_app.domain.approvals import ApprovalProfile
from cashier_app.domain.configuration import Currency
from cashier_app.domain.errors import Problem
from cashier_app.domain.to_do import BUILT_IN_TYPES, ToDoRole, ToDoType
from cashier_app.services.queries.window import Dated, dated
from cashier_app.ui.view_models.account_form import Codes
from cashier_app.ui.view_models.desk import Desk, Screen
from cashier_app.ui.view_models.setting_up import stored

if TYPE_CHECKING:
    from cashier_app.services.kernel.configuration import Configuration
    from cashier_app.services.kernel.store import Store


@dataclass(frozen=True, slots=True)
class Rules:
    """The profiles, and what may be chosen for them."""

    profiles: tuple[ApprovalProfile, ...] = ()
    types: tuple[AdjustmentType, ...] = ()
    roles: Codes = ()
    to_do_types: Codes = ()
    currencies: Codes = ()


def read_rules(_store: Store, config: Configuration) -> Rules:
    """Everything by code."""
    to_do_types = {code: kind.description or code for code, kind in config.all(ToDoType).items()}
    return Rules(
        profiles=tuple(config.all(ApprovalProfile)[code] for code in sorted(config.all(ApprovalProfile))),
        types=tuple(config.all(AdjustmentType)[code] for code in sorted(config.all(AdjustmentType))),
        roles=tuple((code, role.description or code) for code, role in sorted(config.all(ToDoRole).items())),
        to_do_types=tuple(sorted({**{code: code for code in BUILT_IN_TYPES}, **to_do_types}.items())),
        currencies=tuple((code, code) for code in sorted(config.all(Currency))),
    )


class ApprovalRules(Screen):
    """The profiles, and saving one with what it governs."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "configuration")
        self.rules = Rules()
        self.sending = desk.sending()
        self.sending.stale.connect(self.told)

    def refresh(self) -> None:
        """Look again."""
        self.ask(self._show, dated(read_rules))

    def governed(self, code: str) -> tuple[AdjustmentType, ...]:
        """The adjustment types that a profile governs."""
        return tuple(each for each in self.rules.types if code and each.approval_profile == code)

    def role_words(self, code: str) -> str:
        """What a role is called."""
        return dict(self.rules.roles).get(code, code)

    def save(self, profile: ApprovalProfile, governs: Collection[str], then: Callable[[Any], None]) -> None:
        """Store a profile, and let it govern exactly these adjustment types."""
        if not profile.code:
            self.sending.refuse(Problem("UI-003", "Fill this in: a short code.", "code"))
            return
        moved = [
            replace(each, approval_profile=profile.code if each.code in governs else "")
            for each in self.rules.types
            if (each.approval_profile == profile.code) is not (each.code in governs)
        ]
        command = stored(approval_profile=[profile], adjustment_type=moved)
        words = f"Change approval profile {profile.code}"
        self.sending.send(command, then, words, seen=self.seen(("configuration", 0)))

    def _show(self, found: Dated[Rules]) -> None:
        self.rules, self.shown_at = found.answer, found.cursor
        self.notify()
