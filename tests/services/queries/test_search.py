"""Finding anyone from one box."""

from __future__ import annotations

from datetime import date

import pytest

from cashier_app.domain.scan_line import StubLine, format_stub
from cashier_app.models.search import document, folded, office_word
from cashier_app.services.adjustments.adding import AddAdjustment
from cashier_app.services.customers.account_rows import AgreementIn
from cashier_app.services.customers.accounts import OpenAccount, StartAgreement
from cashier_app.services.customers.persons import AddIdentifier, ChangePerson, LinkPerson
from cashier_app.services.queries import search_words
from cashier_app.services.queries.search import HomeKind, Why, find, judge_number, read_home
from tests.builders import AnAccount, Ledger, a_payment, an_account, an_open_drawer, check, paid, usd
from tests.services.queries.conftest import Ask

HOSTILE = (
    "",
    "   ",
    "'",
    '"',
    "*",
    "a*b OR c",
    "NEAR(a b)",
    "words:x",
    "-x",
    "(",
    "') DROP TABLE account; --",
    "\x00",
    "a\x00b",
    "1\x00",
    "%",
    "_",
    "\\",
    ":* & !",
    "'a':* | 'b'",
    "\ud800",
    "𐵰a𐵰",
    "ﷺ",
    "٣٤٥",
    "²",
    "0" * 500,
    "x" * 500,
    "1" * 11,
    "9" * 12,
    "-" * 11,
    "P1USD2026",
    "T123456789T 12U",
    "a b c d e f g h i j k l m n o p",
)


def opened(ledger: Ledger, name: str, address: str = "", **more: str) -> AnAccount:
    town, code = ("Larkhaven", "00113") if address else ("", "")
    point = more.pop("service_point", "")
    agreement = AgreementIn(sa_type="ELEC", address=address, city=town, postal_code=code, service_point=point)
    command = OpenAccount(name=name, customer_class="RES", agreements=(agreement,), **more)  # type: ignore[arg-type]
    done = ledger.do(command, "system")
    return AnAccount(done.account_id, done.number, done.person_id, {"ELEC": done.agreements[0]})


@pytest.fixture
def jane(ledger: Ledger) -> AnAccount:
    account = opened(
        ledger,
        "Jane Masters",
        "18 Oak Lane",
        phone="(834) 555-0146",
        external_number="77-1204",
        service_point="ESID9001",
        alternate_name="Brown",
    )
    charge = AddAdjustment(
        sa_id=account.sa["ELEC"], adjustment_type="CONVERSION", amount=usd("84.10"), reference="B991"
    )
    ledger.do(charge, "system")
    opened(ledger, "Zoë Łuczak", "6 Almshouse Hill")
    opened(ledger, "Oakley Bakery", "77 Ropewalk")
    return account


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("jane", Why.WORDS),
        ("mast jan", Why.WORDS),
        ("JANE  masters", Why.WORDS),
        ("brown", Why.WORDS),
        ("lane 18 oak", Why.WORDS),
        ("oak larkhaven jane", Why.WORDS),
        ("larkh masters 00113", Why.WORDS),
        ("(834) 555-0146", Why.WORDS),
        ("8345550146", Why.WORDS),
        ("555-0146", Why.WORDS),
        ("83455", Why.WORDS),
        ("77-1204", Why.EXTERNAL_NUMBER),
        ("B991", Why.BILL_NUMBER),
        ("b991", Why.BILL_NUMBER),
        ("ESID9001", Why.IDENTIFIER),
    ],
)
def test_is_found_by(ledger: Ledger, ask: Ask, jane: AnAccount, typed: str, why: Why) -> None:
    (row,) = ask(find, typed)
    assert (row.account_id, row.why) == (jane.id, why)
    assert (row.number, row.name, row.address) == (jane.number, "Jane Masters (Brown)", "18 Oak Lane Larkhaven 00113")
    assert (row.current_balance, row.payoff_balance, row.currency) == (8410, 8410, "USD")


@pytest.mark.parametrize("typed", ["masters jane smith", "anem", "8345550147", "oak avenue", "B99", "zzz"])
def test_is_not_found_by(ask: Ask, jane: AnAccount, typed: str) -> None:
    assert ask(find, typed) == ()


@pytest.mark.parametrize("typed", ["zoe luczak", "Zoé", "ŁUCZ", "zo lu alms"])
def test_accents_do_not_matter(ask: Ask, jane: AnAccount, typed: str) -> None:
    assert [row.name for row in ask(find, typed)] == ["Zoë Łuczak"]


def test_names_come_before_addresses(ask: Ask, jane: AnAccount) -> None:
    assert [row.name for row in ask(find, "oak")] == ["Oakley Bakery", "Jane Masters (Brown)"]


def test_account_number_whole_grouped_and_begun(ask: Ask, jane: AnAccount) -> None:
    number = jane.number
    for typed in (number, f" {number[:4]} {number[4:]} ", f"{number[:5]}-{number[5:]}"):
        (row,) = ask(find, typed)
        assert (row.account_id, row.why, row.check_digit_ok) == (jane.id, Why.ACCOUNT_NUMBER, True)
    assert jane.id in [row.account_id for row in ask(find, number[:5])]


def test_wrong_check_digit_is_said(ask: Ask, jane: AnAccount) -> None:
    wrong = jane.number[:-1] + str((int(jane.number[-1]) + 1) % 10)
    (row,) = ask(find, wrong)
    assert (row.account_id, row.check_digit_ok) == (jane.id, False)
    assert judge_number(wrong) is False
    assert judge_number(jane.number) is True
    assert judge_number("123") is None
    assert ask(read_home, wrong).check_digit_ok is False
    assert ask(read_home, jane.number).check_digit_ok is True


def test_receipt_number_leads_to_its_event(ledger: Ledger, ask: Ask, jane: AnAccount) -> None:
    an_open_drawer(ledger)
    event = paid(ledger, jane, "10.00")
    assert event.receipt_number
    (row,) = ask(find, event.receipt_number)
    assert (row.account_id, row.why, row.event_id) == (jane.id, Why.RECEIPT_NUMBER, event.event_id)
    wrong = event.receipt_number[:-1] + str((int(event.receipt_number[-1]) + 1) % 10)
    assert [(row.event_id, row.check_digit_ok) for row in ask(find, wrong)] == [(event.event_id, False)]


def test_identifier_of_a_person(ledger: Ledger, ask: Ask, jane: AnAccount) -> None:
    ledger.do(AddIdentifier(person_id=jane.person_id, id_type="TAX", value="123-45-6789"), "system")
    assert [(row.account_id, row.why) for row in ask(find, "123-45-6789")] == [(jane.id, Why.IDENTIFIER)]


def test_what_changes_is_found_under_its_new_words_only(ledger: Ledger, ask: Ask, jane: AnAccount) -> None:
    ledger.do(ChangePerson(person_id=jane.person_id, name="Jane Peterson", phone="555 0100"), "system")
    ledger.do(StartAgreement(account_id=jane.id, agreement=AgreementIn(sa_type="GAS", address="3 Mill Race")), "system")
    assert ask(find, "masters") == ()
    assert ask(find, "555 0146") == ()
    assert [row.account_id for row in ask(find, "peterson mill")] == [jane.id]
    assert [row.account_id for row in ask(find, "5550100")] == [jane.id]


def test_a_linked_person_leads_to_the_account(ledger: Ledger, ask: Ask, jane: AnAccount) -> None:
    (other,) = ask(find, "zoe")
    person = ledger.value(f"SELECT main_person_id FROM account WHERE id = {other.account_id}")
    ledger.do(LinkPerson(account_id=jane.id, person_id=person, relationship="GUARANTOR"), "system")
    assert {row.account_id for row in ask(find, "luczak")} == {jane.id, other.account_id}


def test_never_more_than_the_limit(ledger: Ledger, ask: Ask) -> None:
    for number in range(5):
        opened(ledger, f"Common Name {number}")
    assert len(ask(find, "common", 3)) == 3
    assert len(ask(find, "001", 3)) == 3
    assert ask(find, "common", 0) == ()


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_raises(ask: Ask, jane: AnAccount, typed: str) -> None:
    ask(find, typed)
    ask(read_home, typed)


def test_long_words_are_compared_to_their_end(ledger: Ledger, ask: Ask, jane: AnAccount) -> None:
    opened(ledger, "Christina Berg")
    christopher = opened(ledger, "Christopher Berg")
    assert [row.account_id for row in ask(find, "christop berg")] == [christopher.id]
    assert ask(find, "christofer") == ()


@pytest.fixture
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a million accounts make common is common among three hundred."""
    monkeypatch.setattr(search_words, "MOST", 5)
    monkeypatch.setattr(search_words, "_FIRST_ACCOUNTS", 50)
    monkeypatch.setattr(search_words, "_SAMPLE", 50)
    monkeypatch.setattr(search_words, "_RARE", 1)
    monkeypatch.setattr(search_words, "_COMMON", 10)


@pytest.mark.usefixtures("_few_are_many")
def test_rare_words_are_found_among_common_ones(ledger: Ledger, ask: Ask) -> None:
    for number in range(60):
        opened(ledger, f"Evelyn Larkspur{number}", "1 Larkhaven Street")
    last = opened(ledger, "Evelyn Larkhall", "2 Larkhaven Street")
    other = opened(ledger, "Rosa Larkhall", "3 Larkhaven Court")
    assert [row.account_id for row in ask(find, "larkhaven larkhall evelyn", 3)] == [last.id]
    assert {row.account_id for row in ask(find, "larkhall", 3)} == {last.id, other.id}
    assert [row.account_id for row in ask(find, "larkhaven court", 3)] == [other.id]
    assert ask(find, "street court larkhaven", 3) == ()
    assert len(ask(find, "larkhaven evelyn", 3)) == 3


def test_a_stub_brings_account_and_amount(ask: Ask, jane: AnAccount) -> None:
    stub = StubLine(account_number=jane.number, amount=8410, currency="USD", due_date=date(2026, 2, 1))
    answer = ask(read_home, format_stub(stub))
    assert answer.kind is HomeKind.STUB
    assert [row.account_id for row in answer.found] == [jane.id]
    assert (answer.amount, answer.currency, answer.due_date) == (8410, "USD", date(2026, 2, 1))


def test_a_stub_may_have_the_number_of_another_system(ledger: Ledger, ask: Ask) -> None:
    account = opened(ledger, "Old Customer", external_number="4711")
    stub = StubLine(account_number="4711", amount=1, currency="USD", due_date=None)
    assert [row.account_id for row in ask(read_home, format_stub(stub)).found] == [account.id]


def test_a_stub_of_nobody_is_refused_with_what_would_help(ask: Ask, jane: AnAccount) -> None:
    stub = StubLine(account_number="99900000017", amount=1, currency="USD", due_date=None)
    answer = ask(read_home, format_stub(stub))
    assert (answer.kind, answer.code) == (HomeKind.REFUSED, "SCAN-NO-ACCOUNT")
    assert "99900000017" in answer.sentence


def test_a_spoilt_stub_is_refused(ask: Ask, jane: AnAccount) -> None:
    stub = format_stub(StubLine(account_number=jane.number, amount=8410, currency="USD", due_date=None))
    answer = ask(read_home, stub.replace("8410", "8401"))
    assert (answer.kind, answer.code) == (HomeKind.REFUSED, "SCAN-CHECK-DIGIT")


def test_a_check_knows_who_paid_with_it_before(ledger: Ledger, ask: Ask, jane: AnAccount) -> None:
    an_open_drawer(ledger)
    line = "⑆021000021⑆ 123456789⑈ 0101"
    first = ask(read_home, line)
    assert (first.kind, first.found) == (HomeKind.CHECK, ())
    assert (first.check.routing_number, first.check.account_number) == ("021000021", "123456789")
    ledger.do(a_payment(jane, check("10.00", "101", micr="021000021 123456789")))
    again = ask(read_home, line)
    assert [(row.account_id, row.why) for row in again.found] == [(jane.id, Why.CHECK)]


def test_nothing_typed_is_nothing_asked(ask: Ask, jane: AnAccount) -> None:
    assert ask(read_home, "  ").kind is HomeKind.EMPTY
    assert ask(read_home, "jane").kind is HomeKind.SEARCH
    assert ask(read_home, "nobody at all").kind is HomeKind.SEARCH


def test_words_are_folded_alike_when_stored_and_when_asked() -> None:
    assert folded("Ångström & Söhne, O'Neill") == "angstrom sohne o neill"
    assert folded("Łódź STRASSE ß") == folded("lodz strasse ss")
    assert folded("Παπαδόπουλος") == folded("ΠΑΠΑΔΟΠΟΥΛΟΣ")
    words = document(["Ann Ann", "ann"], ["+1 (834) 555-0146"]).split()
    assert words == ["ann", "18345550146", "5550146", office_word("")]


def test_an_account_without_agreements_is_found(ledger: Ledger, ask: Ask) -> None:
    account = an_account(ledger, "Lone Wolf", owing={})
    (row,) = ask(find, "lone")
    assert (row.account_id, row.address, row.current_balance) == (account.id, "", 0)
