"""Control tables: checked together before anything is stored, every mistake named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import CashierError
from cashier_app.services.accounting.ledger import gl_account
from cashier_app.services.administration.founding import administrators_group
from cashier_app.services.administration.nodes import register_workstation
from cashier_app.services.administration.packages import tables_of
from cashier_app.services.administration.setup import LoadConfiguration, dump
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.reading import reading
from cashier_app.services.payments.taking import TakePayment
from tests.builders import Ledger, a_ledger, a_payment, an_account, an_open_drawer, cash, demo_package
from tests.checkers import digest


def _load(**tables: Any) -> LoadConfiguration:
    return from_plain({"tables": tables}, LoadConfiguration)


_OPEN = {"open_from": "2026-01-01", "open_to": "2026-03-10"}
_JANUARY = {"year": 2026, "number": 1, "begin": "2026-01-01", "end": "2026-01-31", **_OPEN}
_LATE_FEBRUARY = {"year": 2026, "number": 2, "begin": "2026-02-02", "end": "2026-02-28", **_OPEN}
_DRAWER = {"code": "CASH-A09", "bank_account": "MAIN", "receipt_series": 9}


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ("CFG-002", {"algorithm": [{"code": "PYDIST-AGE", "rule": "no-such-rule"}]}),
        ("CFG-002", {"customer_class": [{"code": "RES", "payment_distribution": "OVRPY-PRIORITY"}]}),
        ("CFG-003", {"color": [{"code": "RED"}]}),
        ("CFG-004", {"cis_division": [{"code": "EAST"}, {"code": "EAST"}]}),
        ("CFG-005", {"gl_division": [{"code": "CITY", "calendar": "NONE"}]}),
        ("CFG-006", {"accounting_calendar": [{"code": "MONTHS", "periods": [_JANUARY, _LATE_FEBRUARY]}]}),
        ("CFG-007", {"tender_source": [{**_DRAWER, "currency": "EUR"}]}),
        ("CFG-007", {"tender_source": [{**_DRAWER, "tolerance": "-1.00 USD"}]}),
        ("CFG-008", {"tender_source": [{**_DRAWER, "receipt_series": 1}]}),
        ("CFG-023", {"tender_source": [{**_DRAWER, "workstation": "BRANCH-7", "suspense_agreement": ""}]}),
        ("CFG-009", {"pay_cancel_reason": [{"code": "AGAIN", "system_default": "REOPENED_BILL"}]}),
        ("CFG-010", {"pay_cancel_reason": [{"code": "ODD", "cash_only_points": -1}]}),
        ("CMD-003", {"tender_type": [{"code": "CASH", "colour": "green"}]}),
    ],
)  # fmt: skip
def test_a_mistake_in_a_package_is_named_and_nothing_is_stored(code: str, tables: dict[str, Any], ledger: Ledger):
    before = digest(ledger.database)
    with pytest.raises(CashierError, match=code):
        ledger.do(_load(**tables), "adam")
    assert digest(ledger.database) == before


def test_all_mistakes_are_told_at_once(ledger: Ledger):
    tables = {"color": [], "tender_type": [{"code": "CASH", "like_cash": "maybe"}, {"description": "?"}]}
    with pytest.raises(CashierError) as refusal:
        ledger.do(_load(**tables), "adam")
    assert [problem.code for problem in refusal.value.problems] == ["CFG-003", "CMD-003", "CMD-003"]


def test_what_is_dumped_loads_again_and_changes_nothing(ledger: Ledger):
    ledger.do(from_plain({"tables": demo_package()}, LoadConfiguration), "adam")
    plain = dump(ledger.door.config)
    again = ledger.do(from_plain({"tables": plain}, LoadConfiguration), "adam")
    assert (again.added, again.changed) == (0, 0)


def test_a_change_is_seen_by_the_next_command_at_every_workstation(ledger: Ledger):
    elsewhere = ledger.another_door("COUNTER-2")
    account = an_account(ledger, owing="9.00")
    an_open_drawer(ledger)
    payment: TakePayment = a_payment(account, cash("1.00"))
    elsewhere.execute(payment, user_id=ledger.people["ann"])
    ledger.do(_load(tender_type=[{"code": "CASH", "offered_at_counter": False}]), "adam")
    with pytest.raises(CashierError, match="PAY-103"):
        elsewhere.execute(payment, user_id=ledger.people["ann"])


def test_a_distribution_code_without_an_account_on_that_day_says_so(sqlite_url: str):
    ledger = a_ledger(sqlite_url)
    with reading(ledger.database, access=EVERYTHING) as store:
        config = ledger.door.current_config(store)
    assert gl_account(config, "CASH-MAIN", date(2026, 1, 5)) == "10-1010"
    with pytest.raises(CashierError, match="GL-001"):
        gl_account(config, "CASH-MAIN", date(2004, 12, 31))


@pytest.mark.parametrize(
    "authorization",
    [{"valid_to": "2025-12-31"}, {"valid_from": "2026-02-01"}, {"last_number": 1}],
    ids=["expired", "not yet valid", "used up"],
)
def test_receipts_are_numbered_only_within_what_was_authorized(authorization: dict[str, Any], ledger: Ledger):
    account = an_account(ledger, owing="9.00")
    an_open_drawer(ledger)
    ledger.do(a_payment(account, cash("1.00")))
    ledger.do(_load(issuing_center=[{"code": "OAKFIELD", "receipt_series": 1, **authorization}]), "adam")
    before = digest(ledger.database)
    assert ledger.refusal(a_payment(account, cash("1.00"))) == "PAY-091"
    assert digest(ledger.database) == before


@pytest.mark.parametrize("name", ["", " ", "x" * 100, "a\nb", "COUNTER-1"])
def test_a_workstation_has_a_name_of_its_own(name: str, ledger: Ledger):
    with pytest.raises(CashierError, match="NODE-002"):
        register_workstation(ledger.database, name)


@pytest.mark.parametrize("text", ["- a list", "currency: {code: USD}", "a: [", "just a word", "currency: [1]"])
def test_a_file_that_is_no_package_says_what_one_is(text: str):
    with pytest.raises(CashierError, match="CFG-020"):
        tables_of(text, "mine")


def test_a_package_without_administrators_founds_nothing(ledger: Ledger):
    groups = [{"code": "ADMIN", "rights": ["SetPassword"]}]
    ledger.do(_load(user_group=groups), "adam")
    with pytest.raises(CashierError, match="CFG-021"):
        administrators_group(ledger.door)
