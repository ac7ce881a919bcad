"""Taking over open receivables: what is owed afterwards, what is refused, and that twice is once."""

from pathlib import Path

import pytest

from cashier_app.domain.errors import RuleViolation
from cashier_app.services.conversion.importing import ConversionReport, ImportReceivables, convert
from cashier_app.services.conversion.mapping import ReceivablesMapping, find_mapping, read_mapping
from tests.builders import Ledger, an_account, an_open_drawer, paid, usd
from tests.checkers import digest

HOUSTON = "houston-municipal-electricity"

MAPPING = """
name: old-system
file: {delimiter: ";", decimal_mark: ",", thousands_mark: ".", date_format: "%d.%m.%Y"}
account: {key: {column: Account}, customer_class: {column: Class, values: {P: RES, B: COM}}, cis_division: CITY}
person: {key: {column: Customer}, name: {column: Name}}
agreement: {sa_type: {column: Service, values: {E: ELEC, G: GAS}}, address: {template: "{Street}, {Town}"}}
receivable:
  amount: {column: Open}
  currency: USD
  date: {column: Billed}
  days_until_arrears: 21
  reference: {column: Bill}
"""

HEADING = "Account;Class;Customer;Name;Service;Street;Town;Open;Billed;Bill\n"
GOOD = """A-1;P;C-1;Jané Masters;E;18 Oak Lane;Oakfield;1.284,10;05.12.2025;B-1
A-1;P;C-1;Jané Masters;G;18 Oak Lane;Oakfield;41,25;05.12.2025;B-2
A-2;B;C-1;Jané Masters;E;20 Oak Lane;Oakfield;-7,5;06.12.2025;B-3
A-3;P;C-2;Li Wei;E;22 Oak Lane;Oakfield;0;06.12.2025;B-4
"""


def a_file(directory: Path, rows: str = GOOD, heading: str = HEADING) -> Path:
    path = directory / "open.csv"
    path.write_bytes((heading + rows).encode())
    return path


def mapping(**changes: str) -> ReceivablesMapping:
    text = MAPPING
    for old, new in changes.items():
        text += f"  {old}: {new}\n"
    return read_mapping(text)


def problems(ledger: Ledger, path: Path, plan: ReceivablesMapping | None = None) -> list[tuple[str, str]]:
    """Codes and places with which a file is refused; and that nothing has changed."""
    before = digest(ledger.database)
    with pytest.raises(RuleViolation) as refusal:
        convert(ledger.door, path, plan or mapping())
    assert digest(ledger.database) == before
    return [(problem.code, problem.field) for problem in refusal.value.problems]


def test_accounts_agreements_and_debts_arrive_as_the_file_has_them(ledger: Ledger, tmp_path: Path):
    report = convert(ledger.door, a_file(tmp_path), mapping())
    assert (report.row_count, report.account_count, report.person_count, report.receivable_count) == (4, 3, 2, 3)
    assert report.total == usd("1317.85")
    assert ledger.rows(
        "SELECT a.external_number, a.customer_class, p.name, s.sa_type, s.current_balance, s.payoff_balance "
        "FROM account a JOIN person p ON p.id = a.main_person_id JOIN service_agreement s ON s.account_id = a.id "
        "WHERE a.external_number LIKE 'A-%' ORDER BY a.external_number, s.sa_type"
    ) == [
        ("A-1", "RES", "Jané Masters", "ELEC", 128410, 128410),
        ("A-1", "RES", "Jané Masters", "GAS", 4125, 4125),
        ("A-2", "COM", "Jané Masters", "ELEC", -750, -750),
        ("A-3", "RES", "Li Wei", "ELEC", 0, 0),
    ]


def test_a_receivable_ages_from_its_bill_and_keeps_its_number(ledger: Ledger, tmp_path: Path):
    convert(ledger.door, a_file(tmp_path), mapping())
    found = ledger.rows(
        "SELECT d.reference, d.adjustment_type, d.status, f.arrears_date, f.accounting_date "
        "FROM adjustment d JOIN financial_transaction f ON f.source_id = d.id WHERE d.amount = 4125"
    )
    assert [tuple(map(str, row)) for row in found] == [("B-2", "CONVERSION", "FROZEN", "2025-12-26", "2026-01-05")]


def test_an_account_taken_over_is_kept_by_the_office_that_the_file_names(ledger: Ledger, tmp_path: Path):
    offices = "cis_division: CITY, access_group: {column: Class, values: {P: NORTH, B: ''}}"
    convert(ledger.door, a_file(tmp_path), read_mapping(MAPPING.replace("cis_division: CITY", offices)))
    kept = ledger.rows("SELECT external_number, access_group FROM account WHERE external_number LIKE 'A-%' ORDER BY 1")
    assert kept == [("A-1", "NORTH"), ("A-2", ""), ("A-3", "NORTH")]
    unknown = read_mapping(MAPPING.replace("cis_division: CITY", "cis_division: CITY, access_group: WEST"))
    assert ("IMP-031", "line 2") in problems(ledger, a_file(tmp_path, GOOD.replace("A-", "X-")), unknown)


def test_an_account_taken_over_can_be_paid_at_the_counter(ledger: Ledger, tmp_path: Path):
    convert(ledger.door, a_file(tmp_path), mapping())
    account_id, number, person_id = ledger.rows(
        "SELECT id, number, main_person_id FROM account WHERE external_number = 'A-1'"
    )[0]
    an_open_drawer(ledger)
    taken = paid(ledger, type(an_account(ledger))(account_id, number, person_id, {}), "1300.00")
    assert [segment.amount for segment in taken.payments[0].segments] == [usd("1284.10"), usd("15.90")]


def test_the_same_file_again_changes_nothing_and_says_the_same(ledger: Ledger, tmp_path: Path):
    path = a_file(tmp_path)
    first = convert(ledger.door, path, mapping())
    before = digest(ledger.database)
    again = convert(ledger.door, path.rename(tmp_path / "renamed.csv"), mapping())
    assert digest(ledger.database) == before
    assert again.repeated
    assert not first.repeated
    assert (again.row_count, again.account_count, again.total) == (first.row_count, first.account_count, first.total)


def test_a_dry_run_reports_the_totals_and_writes_nothing(ledger: Ledger, tmp_path: Path):
    before = digest(ledger.database)
    report = convert(ledger.door, a_file(tmp_path), mapping(), dry_run=True)
    assert digest(ledger.database) == before
    assert (report.dry_run, report.total) == (True, usd("1317.85"))


def test_zero_rows_and_repeated_rows_are_noted(ledger: Ledger, tmp_path: Path):
    twice = GOOD.splitlines(keepends=True)[0]
    report = convert(ledger.door, a_file(tmp_path, GOOD + twice), mapping())
    assert report.total == usd("2601.95")
    assert report.notes == (
        "1 rows of zero open their account and leave no receivable.",
        "1 rows are credits.",
        "1 rows repeat an earlier row and count all the same: lines 6 (as 2).",
    )


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;12,345;05.12.2025;B", ("IMP-021", "line 6, Open")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;1.28,10;05.12.2025;B", ("IMP-021", "line 6, Open")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;NaN;05.12.2025;B", ("IMP-021", "line 6, Open")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;1e5;05.12.2025;B", ("IMP-021", "line 6, Open")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;99999999999999999999;05.12.2025;B", ("IMP-021", "line 6, Open")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;5;31.02.2025;B", ("IMP-022", "line 6, Billed")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;5;05.12.1025;B", ("IMP-022", "line 6, Billed")),
        (";P;C-9;Ann;E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-020", "line 6, Account")),
        ("A-9;P;C-9;;E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-020", "line 6, Name")),
        ("A-9;P;C-9;=cmd();E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-023", "line 6, Name")),
        ("A-9;P;C-9;Ann\u202e;E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-023", "line 6, Name")),
        (f"A-9;P;C-9;{'x' * 301};E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-024", "line 6, Name")),
        ("A-9;X;C-9;Ann;E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-025", "line 6, Class")),
        ("A-1;B;C-1;Jané Masters;E;18 Oak Lane;Oakfield;5;05.12.2025;B", ("IMP-026", "line 6")),
        ("A-1;P;C-1;Jané Masters;E;19 Oak Lane;Oakfield;5;05.12.2025;B", ("IMP-026", "line 6")),
        ("A-9;P;C-1;Somebody;E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-026", "line 6")),
        ("A-9;P;C-9;Ann;E;1 Elm;Oakfield;5;05.12.2025", ("IMP-005", "line 6")),
        ('A-9;P;C-9;"Ann;E;1 Elm;Oakfield;5;05.12.2025;B', ("IMP-005", "line 6")),
        ("A-9;P;C-9;A\0nn;E;1 Elm;Oakfield;5;05.12.2025;B", ("IMP-003", "line 6")),
        ("A-9;P;C-9;" + "x" * 20_000, ("IMP-004", "line 6")),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_nothing_is_taken_over(
    ledger: Ledger, tmp_path: Path, row: str, found: tuple[str, str]
):
    assert found in problems(ledger, a_file(tmp_path, GOOD + row + "\n"))


def test_every_problem_is_listed_at_once(ledger: Ledger, tmp_path: Path):
    rows = (
        "A-1;P;C-1;Ann;E;1 Elm;Oakfield;x;05.12.2025;B\n"
        "A-2;P;C-2;Bob;E;2 Elm;Oakfield;5;x;B\n"
        "A-3;Q;C-3;Cy;Z;3 Elm;Oakfield;5,1;05.12.2025;B\n"
    )
    assert [code for code, _ in problems(ledger, a_file(tmp_path, rows))] == ["IMP-021", "IMP-022", *["IMP-025"] * 2]


def test_what_the_mapping_refuses_is_refused(ledger: Ledger, tmp_path: Path):
    plan = mapping(zero="refuse", duplicate="refuse")
    twice = GOOD.splitlines(keepends=True)[0]
    assert problems(ledger, a_file(tmp_path, GOOD + twice), plan) == [("IMP-027", "line 5"), ("IMP-028", "line 6")]


def test_a_known_account_is_not_taken_over_again(ledger: Ledger, tmp_path: Path):
    convert(ledger.door, a_file(tmp_path), mapping())
    later = a_file(tmp_path, GOOD.replace("41,25", "41,26"))
    assert problems(ledger, later) == [("IMP-030", "line 2"), ("IMP-030", "line 4"), ("IMP-030", "line 5")]


def test_codes_that_the_ledger_does_not_have_are_named(ledger: Ledger, tmp_path: Path):
    plan = read_mapping(MAPPING.replace("{P: RES", "{P: NOBODY").replace("{E: ELEC", "{E: STEAM"))
    assert problems(ledger, a_file(tmp_path), plan) == [("IMP-031", "line 2"), ("IMP-031", "line 2")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "IMP-006"),
        (b"\x00\x01\x02\xff", "IMP-003"),
        ("Account;Class\n".encode("utf-16"), "IMP-003"),
        (HEADING.encode() + "A-1;P;C-1;Jané".encode("latin-1"), "IMP-003"),
        (HEADING.encode(), "IMP-007"),
        (b"Account;Account\n1;2\n", "IMP-006"),
        (b"Account;Class\n1;P\n", "IMP-006"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(ledger: Ledger, tmp_path: Path, content: bytes, code: str):
    path = tmp_path / "hostile.csv"
    path.write_bytes(content)
    assert problems(ledger, path)[0][0] == code


def test_a_missing_file_is_refused(ledger: Ledger, tmp_path: Path):
    assert problems(ledger, tmp_path / "none.csv") == [("IMP-002", "")]


def test_another_encoding_is_read_when_the_mapping_names_it(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "old.csv"
    path.write_bytes((HEADING + GOOD).encode("cp1252"))
    plan = read_mapping(MAPPING.replace('file: {delimiter: ";"', 'file: {encoding: cp1252, delimiter: ";"'))
    convert(ledger.door, path, plan)
    assert ledger.value("SELECT count(*) FROM person WHERE name = 'Jané Masters'") == 1


def test_rows_that_a_filter_leaves_out_are_not_taken_over(ledger: Ledger, tmp_path: Path):
    plan = read_mapping(MAPPING + "filters: [{column: Service, any_of: [G]}]\n")
    report = convert(ledger.door, a_file(tmp_path), plan)
    assert (report.row_count, report.total, report.notes[0]) == (
        1,
        usd("41.25"),
        "3 rows were left out by the mapping's filters.",
    )


def test_without_its_rows_the_command_is_refused(ledger: Ledger):
    command = ImportReceivables(
        file_name="x.csv", digest="0" * 64, mapping=mapping(), row_count=1, account_count=1, total=usd("1.00")
    )
    assert ledger.refusal(command, "adam") == "IMP-040"
    assert ledger.refusal(command, "ann") == "SEC-003"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name: [", "IMP-010"),
        ("- a\n- b", "IMP-010"),
        ("name: x\nname2: y", "IMP-011"),
        ("a: &a [x]\nname: *a", "IMP-010"),
        ("name: !!python/object/apply:os.system [ls]", "IMP-010"),
        (MAPPING.replace("currency: USD", "currency: dollars"), "IMP-011"),
        (MAPPING.replace("{column: Open}", "{colum: Open}"), "IMP-011"),
        (MAPPING.replace("{column: Open}", "{column: Open, template: x}"), "IMP-011"),
        (MAPPING.replace('thousands_mark: "."', 'thousands_mark: ","'), "IMP-011"),
        ("[" * 5000, "IMP-010"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(text: str, code: str):
    with pytest.raises(RuleViolation) as refusal:
        read_mapping(text)
    assert refusal.value.codes[0] == code


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_bills_of_a_real_city_arrive_to_the_cent(ledger: Ledger, shared_data: Path):
    report: ConversionReport = convert(
        ledger.door, shared_data / f"{HOUSTON}-2011H2.csv", read_mapping(find_mapping(HOUSTON))
    )
    assert (report.row_count, report.account_count, report.person_count) == (26_776, 4_912, 9)
    assert report.total == usd("68308884.64")
    assert ledger.value("SELECT sum(current_balance) FROM service_agreement") == 6_830_888_464
