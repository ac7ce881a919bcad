"""Finding anyone from one box: numbers, names, addresses, scans (rows A10, F2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select

from cashier_app.domain.scan_line import (
    LONGEST_SCAN,
    MicrLine,
    NumberScan,
    RefusalCode,
    ScanRefusal,
    StubLine,
    read_scan,
)
from cashier_app.models.customer import Account, AccountPerson, Person, Premise, ServiceAgreement
from cashier_app.models.search import document, words_of
from cashier_app.models.sync import GIVEN_UP
from cashier_app.services.customers.names import full_name
from cashier_app.services.kernel.configuration import Configuration
from cashier_app.services.kernel.guarded import guarded
from cashier_app.services.kernel.statements import Statement, among
from cashier_app.services.kernel.store import Store
from cashier_app.services.queries.search_numbers import (
    Hit,
    Why,
    hits_of_check,
    hits_of_number,
    judge_number,
    number_in,
)
from cashier_app.services.queries.search_words import candidates

__all__ = ["Found", "HomeAnswer", "HomeKind", "Why", "find", "judge_number", "read_home"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account that answers what was typed. Balances are minor units of `currency`."""

    account_id: int
    number: str
    name: str
    """`AAA (BBB)` where there is an alternate name."""
    address: str
    currency: str
    current_balance: int
    payoff_balance: int
    why: Why
    matched: str
    """The number or the words that matched, as stored."""
    check_digit_ok: bool = True
    """False: the number typed was wrong in its last digit; this account is meant only perhaps."""
    event_id: int | None = None
    """The payment event of a receipt number."""


class HomeKind(StrEnum):
    """What arrived in the scan field."""

    EMPTY = "EMPTY"
    SEARCH = "SEARCH"
    STUB = "STUB"
    CHECK = "CHECK"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAnswer:
    """What the scan field makes of a scan or of what was typed."""

    kind: HomeKind
    found: tuple[Found, ...] = ()
    amount: int | None = None
    """What the stub asks for, or the amount encoded on the check, in minor units of `currency`."""
    currency: str = ""
    due_date: date | None = None
    check: MicrLine | None = None
    check_digit_ok: bool | None = None
    """For a whole account or receipt number: whether its check digit is right; otherwise nothing."""
    code: str = ""
    """Of a refusal."""
    sentence: str = ""
    """Of a refusal: what would help."""


# The index only proposes: what may be seen is what the accounts themselves say.
_ACCOUNTS = guarded(
    select(
        Account.id,
        Account.number,
        Account.currency,
        Account.mailing_address,
        Person.name,
        Person.alternate_name,
        Person.phone,
    )
    .join(Person, Person.id == Account.main_person_id)
    .where(among(Account.id, "ids"), Account.access_group != GIVEN_UP),
    Account.id,
)
_AGREEMENTS = Statement(
    select(
        ServiceAgreement.account_id,
        ServiceAgreement.current_balance,
        ServiceAgreement.payoff_balance,
        Premise.address,
        Premise.city,
        Premise.postal_code,
    )
    .join(Premise, Premise.id == ServiceAgreement.premise_id, isouter=True)
    .where(among(ServiceAgreement.account_id, "ids"))
    .order_by(ServiceAgreement.id)
)
_OTHERS = Statement(
    select(AccountPerson.account_id, Person.name, Person.alternate_name, Person.phone)
    .join(Person, Person.id == AccountPerson.person_id)
    .where(among(AccountPerson.account_id, "ids"))
    .order_by(Person.id)
)
_MOST_WORDS = 8
_LONG_NUMBER = 8
"""From so many digits on, a number that leads somewhere is not looked for among names and addresses as well."""


class _Described(NamedTuple):
    """An account as a row shows it."""

    account_id: int
    number: str
    currency: str
    name: str
    phone: str
    addresses: tuple[str, ...]
    current_balance: int
    payoff_balance: int
    others: tuple[Any, ...]
    """Names and phones of other persons."""

    @property
    def words(self) -> list[str]:
        """The words of the account's document in the index."""
        texts = (self.name, *self.addresses, *(other.name for other in self.others))
        more = (other.alternate_name for other in self.others)
        return document((*texts, *more), (self.phone, *(other.phone for other in self.others))).split()


def find(store: Store, _config: Configuration, text: str, limit: int = 20) -> tuple[Found, ...]:
    """Accounts that answer what was typed, the most specific first. Never raises on what was typed."""
    asked = text[:LONGEST_SCAN].strip()
    if not asked or limit < 1:
        return ()
    hits = hits_of_number(store, asked, limit)
    if not hits or len(number_in(asked)) < _LONG_NUMBER:
        hits += _hits_of_words(store, asked, limit)
    return _rows(store, hits, limit)


def _hits_of_words(store: Store, asked: str, limit: int) -> list[Hit]:
    digits = number_in(asked)
    if not digits:
        return _best(store, words_of(asked)[:_MOST_WORDS], limit)
    as_one = _best(store, [digits], limit)
    return as_one if as_one or len(asked.split()) == 1 else _best(store, words_of(asked)[:_MOST_WORDS], limit)


def _best(store: Store, words: Sequence[str], limit: int) -> list[Hit]:
    """The accounts that answer best: by words that are whole, in the name before the address."""
    hits: list[Hit] = []
    for account_ids, certain in candidates(store, words):
        described = _described(store, account_ids)
        hits = [
            Hit(row.account_id, Why.WORDS, _matched(row, words))
            for row in sorted(described.values(), key=lambda row: (_distance(row, words), row.account_id))
            if certain or _answers(row, words)
        ]
        if len(hits) >= limit:
            break
    return hits[:limit]


def _answers(row: _Described, words: Iterable[str]) -> bool:
    known = row.words
    return all(any(each.startswith(word) for each in known) for word in words)


def _distance(row: _Described, words: Iterable[str]) -> int:
    name = words_of(row.name)
    places = set(words_of(" ".join(row.addresses)))
    return sum(_distance_of_word(word, name, places) for word in words)


def _distance_of_word(word: str, name: Sequence[str], places: set[str]) -> int:
    if word in name:
        return 0
    if any(each.startswith(word) for each in name):
        return 1
    return 2 if word in places else 3


def _matched(row: _Described, words: Sequence[str]) -> str:
    """The name, or the address or the phone number if more of the words are in it."""
    digits = "".join(c for c in row.phone if c.isdigit())
    if len(words) == 1 and words[0].isdigit() and words[0] in digits:
        return row.phone
    return max((row.name, *row.addresses), key=lambda text: _count(words_of(text), words))


def _count(known: Sequence[str], words: Iterable[str]) -> int:
    return sum(any(each.startswith(word) for each in known) for word in words)


def _rows(store: Store, hits: Sequence[Hit], limit: int) -> tuple[Found, ...]:
    """The accounts of hits, each once, by its most specific hit."""
    first: dict[int, Hit] = {}
    for hit in hits:
        first.setdefault(hit.account_id, hit)
    shown = list(first.values())[:limit]
    described = _described(store, [hit.account_id for hit in shown])
    return tuple(_found(described[hit.account_id], hit) for hit in shown if hit.account_id in described)


def _found(row: _Described, hit: Hit) -> Found:
    return Found(
        account_id=row.account_id,
        number=row.number,
        name=row.name,
        address=hit.matched if hit.matched in row.addresses else next(iter(row.addresses), ""),
        currency=row.currency,
        current_balance=row.current_balance,
        payoff_balance=row.payoff_balance,
        why=hit.why,
        matched=hit.matched,
        check_digit_ok=hit.check_digit_ok,
        event_id=hit.event_id,
    )


def _described(store: Store, account_ids: Sequence[int]) -> dict[int, _Described]:
    if not account_ids:
        return {}
    ids = list(account_ids)
    agreements: dict[int, list[tuple[int, int, str]]] = {account_id: [] for account_id in ids}
    for row in store.all(_AGREEMENTS, ids=ids):
        address = " ".join(part for part in (row.address, row.city, row.postal_code) if part)
        agreements[row.account_id].append((row.current_balance, row.payoff_balance, address))
    others: dict[int, list[Any]] = {account_id: [] for account_id in ids}
    for row in store.all(_OTHERS, ids=ids):
        others[row.account_id].append(row)
    return {
        row.id: _Described(
            account_id=row.id,
            number=row.number,
            currency=row.currency,
            name=full_name(row.name, row.alternate_name),
            phone=row.phone,
            addresses=tuple(
                dict.fromkeys(text for text in (*(each[2] for each in agreements[row.id]), row.mailing_address) if text)
            ),
            current_balance=sum(each[0] for each in agreements[row.id]),
            payoff_balance=sum(each[1] for each in agreements[row.id]),
            others=tuple(others[row.id]),
        )
        for row in store.all(_ACCOUNTS, ids=ids)
    }


def read_home(store: Store, config: Configuration, text: str, limit: int = 20) -> HomeAnswer:
    """A scan or typed text: our stub, a check's magnetic line, a number, words. Never raises on what was typed."""
    scan = read_scan(text)
    if isinstance(scan, StubLine):
        return _home_of_stub(store, scan)
    if isinstance(scan, MicrLine):
        micr = f"{scan.routing_number} {scan.account_number}"
        found = _rows(store, hits_of_check(store, micr, limit), limit)
        currency = found[0].currency if found else config.installation.currency
        return HomeAnswer(kind=HomeKind.CHECK, found=found, check=scan, amount=scan.amount, currency=currency)
    if isinstance(scan, NumberScan):
        found = find(store, config, text, limit)
        # A number of another system may have as many digits as ours, and no check digit.
        known = any(row.matched == scan.digits for row in found)
        return HomeAnswer(kind=HomeKind.SEARCH, found=found, check_digit_ok=known or judge_number(scan.digits))
    return _home_of_words(store, config, text, limit, scan)


def _home_of_stub(store: Store, stub: StubLine) -> HomeAnswer:
    exact = (hit for hit in hits_of_number(store, stub.account_number, 1) if hit.whole and hit.check_digit_ok)
    by_account = [hit for hit in exact if hit.why in {Why.ACCOUNT_NUMBER, Why.EXTERNAL_NUMBER}]
    found = _rows(store, by_account[:1], 1)
    if not found:
        return HomeAnswer(
            kind=HomeKind.REFUSED,
            code="SCAN-NO-ACCOUNT",
            sentence=f"The stub is of account {stub.account_number}, which is not here. Search by name or address.",
        )
    return HomeAnswer(
        kind=HomeKind.STUB, found=found, amount=stub.amount, currency=stub.currency, due_date=stub.due_date
    )


def _home_of_words(store: Store, config: Configuration, text: str, limit: int, refusal: ScanRefusal) -> HomeAnswer:
    """What is no scan of ours may be a name; what looks like a spoilt scan is refused if nobody is called so."""
    if refusal.code is RefusalCode.EMPTY:
        return HomeAnswer(kind=HomeKind.EMPTY)
    found = find(store, config, text, limit)
    if found or refusal.code is RefusalCode.UNKNOWN:
        return HomeAnswer(kind=HomeKind.SEARCH, found=found)
    return HomeAnswer(kind=HomeKind.REFUSED, code=refusal.code.value, sentence=refusal.sentence)
