"""Customers of the demonstration utility: whom the cashier meets on the demo day, and a million more for measuring.

Plain values without keys of their own; whoever loads them decides how they become persons, accounts and agreements.
They come one after the other, so a million of them needs no more memory than one.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Final, Literal

from cashier_app.demo.invented_town import (
    BUSINESS_FORMS,
    MAIL_DOMAIN,
    NAMES,
    STREET_KINDS,
    STREETS,
    TOWN,
    TRADES,
)

Service = Literal["electric", "gas", "water", "deposit"]


@dataclass(frozen=True, slots=True)
class DemoDebt:
    """A part of a balance, as old as its charge; an overpayment is negative."""

    days: int
    cents: int


@dataclass(frozen=True, slots=True)
class DemoAgreement:
    """What a customer has agreed with the utility for one service."""

    service: Service
    debts: tuple[DemoDebt, ...] = ()
    """Oldest first."""
    deposit_held: int = 0
    """Cents the utility keeps for the customer; of the agreement `deposit` only."""

    @property
    def current_balance(self) -> int:
        """Cents the customer is asked for; negative is a credit."""
        return sum(debt.cents for debt in self.debts)

    @property
    def payoff_balance(self) -> int:
        """Cents that would settle everything today: a deposit held is money the customer has lent."""
        return -self.deposit_held if self.service == "deposit" else self.current_balance


@dataclass(frozen=True, slots=True)
class DemoAddress:
    """Where the service is delivered."""

    street: str
    city: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A person or a business with one account at one address."""

    number: int
    """1, 2, 3 …; the same for the same place in the sequence."""
    name: str
    """As it stands on the bill."""
    sort_name: str
    """Family name first."""
    is_business: bool
    address: DemoAddress
    phone: str
    email: str
    """Empty where the utility knows none."""
    agreements: tuple[DemoAgreement, ...]
    cash_only: bool = False
    """Checks of this customer came back too often."""
    alert: str = ""
    """What the cashier sees on opening the account."""
    disputes: str = ""
    """Service whose newest bill the customer does not accept; empty for most."""
    story: str = ""
    """Why this customer is worth showing, in a sentence; empty for ordinary ones."""

    @property
    def current_balance(self) -> int:
        """Cents over all agreements."""
        return sum(agreement.current_balance for agreement in self.agreements)


LIVELY: Final = 60
"""So many customers have something to do at the counter; those after them are mostly paid up, as in life."""


def demo_customers(seed: int = 1, count: int = LIVELY) -> Iterator[DemoCustomer]:
    """The first `count` customers of the utility that this seed makes; a longer sequence begins as a shorter one."""
    rng = Random(seed)  # noqa: S311 - nothing here is secret
    for number in range(1, count + 1):
        if number <= len(_STORIES):
            yield _with_story(number, _STORIES[number - 1], rng)
        elif number <= LIVELY:
            yield _customer(number, rng, _agreements(rng, percent_owing=100))
        else:
            yield _customer(number, rng, _agreements(rng, percent_owing=38))


@dataclass(frozen=True, slots=True)
class _Story:
    sentence: str
    agreements: tuple[DemoAgreement, ...]
    name: str = ""
    trade: str = ""
    street: str = ""
    cash_only: bool = False
    alert: str = ""
    disputes: str = ""


def _owes(service: Service, *debts: tuple[int, int], deposit_held: int = 0) -> DemoAgreement:
    return DemoAgreement(service, tuple(DemoDebt(days, cents) for days, cents in debts), deposit_held)


_STORIES: Final = (
    _Story(
        "An ordinary bill for electricity and gas, paid in cash: the first thing every new cashier does.",
        (_owes("electric", (20, 8_410)), _owes("gas", (20, 4_125)), _owes("deposit")),
        name="Jane Masters",
        street="18 Oak Lane",
    ),
    _Story(
        "Four months behind on three services, and here to pay one hundred dollars on account.",
        (
            _owes("electric", (124, 11_240), (94, 10_875), (63, 9_960), (33, 9_425), (3, 8_870)),
            _owes("gas", (94, 3_310), (63, 2_905), (33, 2_240)),
            _owes("water", (124, 4_120), (63, 4_275), (3, 4_190)),
        ),
    ),
    _Story(
        "Paid the same bill at the counter and by mail, and asks what became of the money.",
        (_owes("electric", (12, -9_560)), _owes("water", (20, 3_845))),
    ),
    _Story(
        "Two checks came back this year; only cash is taken.",
        (_owes("electric", (48, 13_215), (18, 12_780)), _owes("gas", (18, 2_865))),
        cash_only=True,
        alert="Checks returned twice since spring",
    ),
    _Story(
        "Moved in last week and brings the deposit before the first bill.",
        (_owes("electric"), _owes("gas"), _owes("deposit", (6, 15_000))),
    ),
    _Story(
        "Moves out: the deposit held is more than the last bill.",
        (_owes("electric", (9, 5_230)), _owes("deposit", deposit_held=20_000)),
    ),
    _Story("One cent was left over from a payment in foreign money.", (_owes("electric", (41, 1)),)),
    _Story(
        "A bakery that pays its large bill with three checks.",
        (_owes("electric", (14, 412_775)), _owes("gas", (14, 188_340)), _owes("water", (14, 61_205))),
        trade="Bakery",
        street="3 Millrace Lane",
    ),
    _Story(
        "Service is to be disconnected tomorrow unless the oldest charges are paid today.",
        (_owes("electric", (131, 14_980), (101, 15_365), (70, 13_420), (40, 12_110), (10, 11_095)),),
        alert="Disconnection ordered for tomorrow",
    ),
    _Story(
        "A breathing machine depends on the current; nobody may disconnect it, whatever is owed.",
        (_owes("electric", (66, 9_915), (36, 10_240), (6, 9_730)), _owes("deposit", deposit_held=10_000)),
        alert="Life support at this address: never disconnect",
    ),
    _Story(
        "In credit for gas and in debt for electricity.",
        (_owes("electric", (22, 6_480)), _owes("gas", (52, -2_115))),
    ),
    _Story("Everything is paid; came to change the telephone number.", (_owes("electric"), _owes("water"))),
    _Story("A burst pipe: the water bill is twenty times the usual.", (_owes("water", (8, 98_615)),)),
    _Story(
        "The longest name in town, on every line that has to hold it.",
        (_owes("electric", (19, 7_705)), _owes("water", (19, 3_050))),
        name="Concepción Wolfeschlegelsteinhausen-Montgomery de la Cruz y Aguirre",
    ),
    _Story("One name is all the name there is.", (_owes("electric", (25, 5_560)),), name="Leilani"),
    _Story(
        "Cold storage: the largest bill in town, due to the cent.",
        (_owes("electric", (44, 128_465_099), (14, 131_020_417)),),
        trade="Cold Storage",
    ),
    _Story("Twelve dollars and fifty cents, two years old: less than a reminder costs.", (_owes("gas", (730, 1_250)),)),
    _Story(
        "Always pays a round hundred, and is a little ahead or behind.",
        (_owes("electric", (30, 1_865)), _owes("water", (30, -420))),
    ),
    _Story(
        "The daughter pays: another payor than payee.",
        (_owes("electric", (27, 8_035)), _owes("gas", (27, 5_510))),
        alert="Daughter has power of attorney",
    ),
    _Story(
        "Asks for a receipt in the language of the old country.",
        (_owes("electric", (21, 7_245)), _owes("gas", (21, 3_390))),
        name="Ανδρέας Παπαδόπουλος",
    ),
    _Story(
        "The deposit is paid in three parts; the second is due.",
        (_owes("electric", (4, 4_415)), _owes("deposit", (2, 5_000), deposit_held=5_000)),
    ),
    _Story(
        "A tea house that disputes the electricity bill and pays the rest.",
        (_owes("electric", (57, 88_820), (27, 41_310)), _owes("water", (27, 12_480))),
        trade="Tea House",
        alert="Electricity bill of last month is disputed",
        disputes="electric",
    ),
    _Story(
        "Brings a jar of coins that never comes to what was counted at home.",
        (_owes("electric", (16, 1_735)), _owes("water", (16, 2_260))),
    ),
    _Story(
        "A trust with all four agreements, every age of debt on one screen.",
        (
            _owes("electric", (101, 21_400), (71, 20_915), (41, 22_660), (11, 23_075)),
            _owes("gas", (71, 8_120), (41, 7_745), (11, 6_390)),
            _owes("water", (41, 5_505), (11, 5_470)),
            _owes("deposit", deposit_held=60_000),
        ),
        trade="Nursery",
    ),
)


def _with_story(number: int, story: _Story, rng: Random) -> DemoCustomer:
    made_up = _customer(number, rng, story.agreements, is_business=bool(story.trade))
    name, sort_name, email = made_up.name, made_up.sort_name, made_up.email
    if story.name:
        given, _, family = story.name.partition(" ")
        name, sort_name = story.name, f"{family}, {given}" if family else given
        email = _email(story.name, number)
    if story.trade:
        name = sort_name = f"{rng.choice(STREETS)} {story.trade} {rng.choice(BUSINESS_FORMS)}"
        email = _email(name, number)
    return replace(
        made_up,
        name=name,
        sort_name=sort_name,
        email=email,
        address=replace(made_up.address, street=story.street or made_up.address.street),
        cash_only=story.cash_only,
        alert=story.alert,
        disputes=story.disputes,
        story=story.sentence,
    )


def _customer(
    number: int, rng: Random, agreements: tuple[DemoAgreement, ...], *, is_business: bool | None = None
) -> DemoCustomer:
    if is_business is None:
        is_business = rng.randrange(100) < _PERCENT_BUSINESS
    name, sort_name = _business_name(rng) if is_business else _personal_name(rng)
    return DemoCustomer(
        number=number,
        name=name,
        sort_name=sort_name,
        is_business=is_business,
        address=_address(rng),
        # 555-0100 to 555-0199 are given to nobody.
        phone=f"({rng.randrange(201, 990)}) 555-01{rng.randrange(100):02d}",
        email=_email(name, number) if rng.randrange(100) < _PERCENT_WITH_EMAIL else "",
        agreements=agreements,
        cash_only=rng.randrange(1_000) < _PER_MILLE_CASH_ONLY,
    )


_PERCENT_BUSINESS: Final = 8
_PERCENT_WITH_EMAIL: Final = 71
_PER_MILLE_CASH_ONLY: Final = 15
_PERCENT_DEPOSIT: Final = 14
_PERCENT_OVERPAID: Final = 4
_DEPOSITS: Final = (5_000, 7_500, 10_000, 15_000, 20_000)
_SERVICES: Final[tuple[tuple[Service, ...], ...]] = (
    ("electric",),
    ("electric", "gas"),
    ("electric", "water"),
    ("electric", "gas", "water"),
    ("electric", "gas", "water"),
    ("water",),
)
_USUAL_BILL: Final[dict[Service, tuple[int, int]]] = {
    "electric": (3_100, 19_000),
    "gas": (900, 9_500),
    "water": (1_800, 7_200),
}


def _agreements(rng: Random, *, percent_owing: int) -> tuple[DemoAgreement, ...]:
    owes = rng.randrange(100) < percent_owing
    # Debts of one account have the ages of its bills, a month apart.
    newest = rng.randrange(1, 30)
    bills = rng.choice((1, 1, 1, 1, 1, 2, 2, 3, 4, 6)) if owes else 0
    agreements = [_agreement(service, bills, newest, rng) for service in rng.choice(_SERVICES)]
    if rng.randrange(100) < _PERCENT_DEPOSIT:
        agreements.append(DemoAgreement("deposit", deposit_held=rng.choice(_DEPOSITS)))
    return tuple(agreements)


def _agreement(service: Service, bills: int, newest: int, rng: Random) -> DemoAgreement:
    lowest, highest = _USUAL_BILL[service]
    if not bills and rng.randrange(100) < _PERCENT_OVERPAID:
        return DemoAgreement(service, (DemoDebt(newest, -rng.randrange(1, lowest)),))
    ages = range(newest + 30 * (bills - 1), 0, -30)
    return DemoAgreement(service, tuple(DemoDebt(days, rng.randrange(lowest, highest)) for days in ages))


def _personal_name(rng: Random) -> tuple[str, str]:
    stock = rng.choice(NAMES)
    given, family = rng.choice(stock.given), rng.choice(stock.family)
    return (f"{family} {given}" if stock.family_first else f"{given} {family}"), f"{family}, {given}"


def _business_name(rng: Random) -> tuple[str, str]:
    name = f"{rng.choice(STREETS)} {rng.choice(TRADES)} {rng.choice(BUSINESS_FORMS)}"
    return name, name


def _address(rng: Random) -> DemoAddress:
    house = f"{rng.randrange(1, 9_900)} {rng.choice(STREETS)} {rng.choice(STREET_KINDS)}"
    unit = rng.randrange(400)
    # Postal codes below 00200 belong to no place.
    return DemoAddress(f"{house}, Apt {unit}" if unit < _UNITS else house, TOWN, f"001{rng.randrange(10, 40)}")


_UNITS: Final = 80


def _email(name: str, number: int) -> str:
    return f"{_as_ascii(name) or 'customer'}.{number}@{MAIL_DOMAIN}"


@lru_cache(maxsize=4_096)
def _as_ascii(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(_WITHOUT_DECOMPOSITION))
    plain = "".join(
        character for character in decomposed if character.isascii() and (character.isalnum() or character == " ")
    )
    return ".".join(plain.split())


_WITHOUT_DECOMPOSITION: Final = str.maketrans(
    {"ł": "l", "ø": "o", "æ": "ae", "ß": "ss", "þ": "th", "đ": "d", "ð": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
