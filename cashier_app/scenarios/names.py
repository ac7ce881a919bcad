"""Names of a scenario, and what they stand for: customers, agreements, users, results of steps.

A reference is a name and a path: `jane`, `jane.electric`, `pay1.event_id`, `pay1.payments.1.amount`.
Where a key is wanted, a name alone stands for the key that the field is called after. Before a run
`Foreseen` checks references by type alone; during it `Names` finds the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Protocol, Union, get_args, get_origin, get_type_hints

from cashier_app.scenarios.mistakes import UNKNOWN_NAME, Mistake, did_you_mean

HOUSE = "house"
"""`house.OVER-UNDER` is the utility's own agreement of that code."""
RESERVED = frozenset((HOUSE, "system", "opening", "ledger"))
ACCOUNT_PARTS = ("account_id", "person_id", "number")
"""What a customer's name may be followed by, besides its agreements."""

OF_EVENT = ("tenders", "payments")
"""What may follow a step that took or changed an event, where its result has no such field: keys in order of entry."""
TRANSACTIONS = "transactions"
"""What may follow a step or an agreement: keys of the financial transactions that it froze, or has, in order."""

_NAME = re.compile(r"[^\W\d][\w-]*", re.ASCII)


def is_name(text: str) -> bool:
    """Whether a text can name something: a letter, then letters, digits, `_` and `-`."""
    return bool(_NAME.fullmatch(text))


class References(Protocol):
    """Who finds what a reference stands for."""

    def value(self, reference: str, wanted_field: str, line: int) -> Any:
        """The value, for a field of that name; a Mistake (SCN-005) where there is none."""
        ...


class Unknown:
    """Stands for a value that only the run will know."""


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class CustomerMade:
    """A customer of the file as the ledger has it."""

    account_id: int
    person_id: int
    number: str
    agreements: Mapping[str, int]


def split(reference: str) -> tuple[str, list[str]]:
    """The name and the path behind it."""
    name, *path = reference.removeprefix("@").split(".")
    return name, path


@dataclass
class Foreseen:
    """What will have a name when a step is reached; knows types, not values."""

    sa_types: frozenset[str] = frozenset()
    houses: frozenset[str] = frozenset()
    tender_sources: frozenset[str] = frozenset()
    customers: dict[str, frozenset[str]] = field(default_factory=dict)
    """Names of agreements by the customer's name."""
    users: set[str] = field(default_factory=set)
    steps: dict[str, type | None] = field(default_factory=dict)
    """Result type by the step's name; nothing where it is not known."""

    def __contains__(self, name: str) -> bool:
        return name in self.customers or name in self.users or name in self.steps or name in RESERVED

    def value(self, reference: str, wanted_field: str, line: int) -> Any:
        """UNKNOWN for a reference that can be found, judged by what its step returns."""
        name, path = split(reference)
        if name == HOUSE:
            self._require(len(path) == 1 and path[0] in self.houses, reference, self.houses, line)
        elif name in self.customers:
            agreements = {*self.customers[name], *self.sa_types}
            known = {*ACCOUNT_PARTS, *agreements}
            match path:
                case [agreement, "transactions", place] if agreement in agreements:
                    _place(place, reference, line)
                case _:
                    self._require(not path or (len(path) == 1 and path[0] in known), reference, known, line)
        elif name in self.steps and path[:1] == [TRANSACTIONS]:
            _place(".".join(path[1:]), reference, line)
        elif name in self.steps:
            self._check_result(self.steps[name], path, wanted_field, reference, line)
        elif name not in self.users or path:
            raise Mistake(UNKNOWN_NAME, line, f"Nothing above is called {name!r}. {did_you_mean(name, self.all())}")
        return UNKNOWN

    def all(self) -> Iterator[str]:
        """Every name there is so far."""
        yield from self.customers
        yield from self.users
        yield from self.steps

    @staticmethod
    def _require(condition: object, reference: str, known: Any, line: int) -> None:
        if not condition:
            last = reference.rpartition(".")[2]
            raise Mistake(UNKNOWN_NAME, line, f"{reference} leads nowhere. {did_you_mean(last, known)}")

    def _check_result(self, found: Any, path: list[str], wanted_field: str, reference: str, line: int) -> None:
        for part in path:
            if found is None:
                return
            found = _type_of_part(without_none(found), part, reference, line)
        found = without_none(found) if found is not None else None
        if found is not None and is_dataclass(found) and wanted_field:
            names = [each.name for each in fields(found)]
            if not any(self._leads(found, name) for name in _tails(wanted_field)):
                raise Mistake(UNKNOWN_NAME, line, f"{reference} has no {wanted_field}; it has {', '.join(names)}.")

    @staticmethod
    def _leads(found: Any, name: str) -> bool:
        hints = get_type_hints(found)
        return (
            name in hints or f"{name}s" in hints or any(name in get_type_hints(inner) for inner in _inner_shapes(hints))
        )


def _inner_shapes(hints: Mapping[str, Any]) -> Iterator[Any]:
    for hint in hints.values():
        if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]):
            yield get_args(hint)[0]


def without_none(hint: Any) -> Any:
    """`X` of `X | None`."""
    if get_origin(hint) in {UnionType, Union}:
        inner = [each for each in get_args(hint) if each is not NoneType]
        return inner[0] if len(inner) == 1 else Any
    return hint


def _type_of_part(found: Any, part: str, reference: str, line: int) -> Any:
    if is_dataclass(found):
        hints = get_type_hints(found)
        if part in OF_EVENT and part not in hints and "event_id" in hints:
            return tuple[int, ...]
        if part not in hints:
            raise Mistake(UNKNOWN_NAME, line, f"{reference}: there is no {part!r}. {did_you_mean(part, hints)}")
        return hints[part]
    if get_origin(found) is tuple:
        _place(part, reference, line)
        return get_args(found)[0]
    if found is Any:
        return None
    raise Mistake(UNKNOWN_NAME, line, f"{reference}: nothing follows a plain value; leave out .{part}.")


def _place(part: str, reference: str, line: int) -> int:
    if not part.isdecimal() or int(part) < 1:
        raise Mistake(UNKNOWN_NAME, line, f"{reference}: {part!r} is no place in a list; the first is 1.")
    return int(part)


def _tails(wanted_field: str) -> Iterator[str]:
    """`payor_account_id`, then `account_id`: what a field may be called where it comes from."""
    words = wanted_field.split("_")
    for first in range(max(1, len(words) - 1)):
        yield "_".join(words[first:])


@dataclass
class Names:
    """What has a name so far in a run."""

    houses: Mapping[str, int]
    agreements_of_type: Callable[[int, str], list[int]]
    """Keys of an account's agreements of an SA type, as the ledger has them now."""
    keys_of_event: Callable[[int, str], tuple[int, ...]]
    """Keys of an event's tenders or payments."""
    keys_of_fts: Callable[[str, int], tuple[int, ...]]
    """Keys of FTs by the column and value: of a `journal_id`, of an `sa_id`."""
    customers: dict[str, CustomerMade] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    steps: dict[str, Any] = field(default_factory=dict)
    journal_of: dict[str, int] = field(default_factory=dict)
    """Journal entry of each named step."""

    def value(self, reference: str, wanted_field: str, line: int) -> Any:
        """What the reference stands for now."""
        name, path = split(reference)
        if name == HOUSE:
            return self.houses[path[0]]
        if name in self.customers:
            return self._of_customer(self.customers[name], path, wanted_field, reference, line)
        if name in self.users:
            return self.users[name]
        if name not in self.steps:
            raise Mistake(UNKNOWN_NAME, line, f"Step {name!r} gave no result to refer to.")
        if path[:1] == [TRANSACTIONS] and name in self.journal_of:
            return _part(self.keys_of_fts("journal_id", self.journal_of[name]), path[1], reference, line)
        found = self.steps[name]
        for part in path:
            if part in OF_EVENT and hasattr(found, "event_id") and not hasattr(found, part):
                found = self.keys_of_event(found.event_id, part)
            else:
                found = _part(found, part, reference, line)
        return self._key(found, wanted_field, reference, line) if is_dataclass(found) and wanted_field else found

    def _of_customer(
        self, customer: CustomerMade, path: list[str], wanted_field: str, reference: str, line: int
    ) -> Any:
        if not path:
            return customer.person_id if wanted_field.endswith("person_id") else customer.account_id
        if path[0] in ACCOUNT_PARTS:
            return getattr(customer, path[0])
        sa_id = self._agreement(customer, path[0], reference, line)
        return _part(self.keys_of_fts("sa_id", sa_id), path[2], reference, line) if path[1:] else sa_id

    def _agreement(self, customer: CustomerMade, name: str, reference: str, line: int) -> int:
        if name in customer.agreements:
            return customer.agreements[name]
        found = self.agreements_of_type(customer.account_id, name)
        if len(found) != 1:
            how_many = "no agreement" if not found else f"{len(found)} agreements"
            raise Mistake(UNKNOWN_NAME, line, f"{reference}: there is {how_many} of this type now.")
        return found[0]

    @staticmethod
    def _key(found: Any, wanted_field: str, reference: str, line: int) -> Any:
        for name in _tails(wanted_field):
            if hasattr(found, name):
                return getattr(found, name)
            many = getattr(found, f"{name}s", None)
            if many is None:
                lists = (getattr(found, each.name) for each in fields(found))
                inner = [each for each in lists if isinstance(each, tuple) and each and hasattr(each[0], name)]
                many = tuple(getattr(each, name) for each in inner[0]) if inner else None
            if many is not None and len(many) == 1:
                return many[0]
            if many is not None:
                raise Mistake(UNKNOWN_NAME, line, f"{reference} has {len(many)} of {name}; say which, from 1.")
        raise Mistake(UNKNOWN_NAME, line, f"{reference} has no {wanted_field}.")

    def agreement_name(self, sa_id: int, account_id: int, sa_type: str) -> str:
        """How the file calls an agreement: `jane.electric`, `house.SUSPENSE`, else by its SA type."""
        for code, house in self.houses.items():
            if house == sa_id:
                return f"{HOUSE}.{code}"
        customer = self.customer_name(account_id)
        known = self.customers[customer].agreements if customer in self.customers else {}
        return f"{customer}.{next((name for name, key in known.items() if key == sa_id), sa_type)}"

    def customer_name(self, account_id: int) -> str:
        """How the file calls the customer of an account; the key where it has no name."""
        return next((name for name, made in self.customers.items() if made.account_id == account_id), str(account_id))

    def user_name(self, user_id: int | None) -> str:
        """The login of a user of the file."""
        return next((login for login, key in self.users.items() if key == user_id), "system" if user_id == 0 else "")


def _part(found: Any, part: str, reference: str, line: int) -> Any:
    if isinstance(found, tuple | list):
        place = _place(part, reference, line)
        if place > len(found):
            raise Mistake(UNKNOWN_NAME, line, f"{reference}: there are only {len(found)}.")
        return found[place - 1]
    if isinstance(found, Mapping) and part in found:
        return found[part]
    if not hasattr(found, part):
        raise Mistake(UNKNOWN_NAME, line, f"{reference}: there is no {part!r} in {found}.")
    return getattr(found, part)
