"""What a planted fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Make = Callable[[Any], Any]
"""From what stands there to what takes its place."""


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """A mistake, and where it is planted."""

    name: str
    what: str
    """The mistake in the words of a reviewer."""
    spots: tuple[tuple[str, str], ...]
    """Modules below `cashier_app.services`, each with the dotted name that is replaced."""
    make: Make
    at_branches: bool = False
    """Only a town with a server and branches can show it."""


def fault(name: str, what: str, make: Make, *spots: str, at_branches: bool = False) -> PlantedFault:
    """A mistake planted in places written as `module:dotted.name`."""
    places = tuple((module, target) for module, _, target in (spot.partition(":") for spot in spots))
    return PlantedFault(name, what, places, make, at_branches)
