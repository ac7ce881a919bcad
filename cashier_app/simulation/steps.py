"""What may happen next: a command, who sends it, and what the world looks like once it was acknowledged."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cashier_app.simulation.world import Drawer, Staff, Visit, World

T = TypeVar("T")


def _nothing(_result: Any) -> None:
    """The world stays as it is."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody at the office does."""

    user: str
    command: Any
    done: Callable[[Any], None] = field(default=_nothing)
    """Told the result once the operator has seen it."""
    second: str = ""
    """Who signs with their own password."""
    refused: bool = False
    """Nonsense: the product must say no."""
    concerns: tuple[Drawer | Visit, ...] = ()
    """What is checked afterwards even where nothing should have changed."""


@dataclass
class Desk:
    """What makers of steps work with."""

    world: World
    rng: random.Random
    staff: Staff

    def one_of(self, things: Sequence[T]) -> T | None:
        """One at random, where there is any."""
        return self.rng.choice(things) if things else None

    def chance(self, share: float) -> bool:
        """True that often."""
        return self.rng.random() < share

    def cents(self, most: int) -> int:
        """An amount of money."""
        return self.rng.randint(1, most)

    def cashier_with_drawer(self) -> tuple[str, Drawer] | None:
        """A cashier whose drawer is open."""
        found = [(login, drawer) for login in self.staff.cashiers if (drawer := self.world.drawer_of(login))]
        found += [(drawer.owner, drawer) for drawer in self.world.drawers_without_owner(self.staff)]
        return self.one_of(found)

    def supervisor(self, but: str = "") -> str:
        """A supervisor, another one than named."""
        return self.rng.choice([login for login in self.staff.supervisors if login != but])


Maker = Callable[[Desk], Step | None]
"""Makes a step, where the moment allows it."""
