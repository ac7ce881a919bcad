"""Looking over HTTP: the same queries as the screens, the same blindness, the same papers."""

from __future__ import annotations

from cashier_app.services.cashiering.deposit_controls import AddTenderDeposit, BalanceDeposit, StartDepositBalancing
from cashier_app.services.cashiering.drawer_balancing import BalanceDrawer, CountDrawer, StartBalancing
from tests.builders import (
    Ledger,
    a_payment,
    an_account,
    an_open_deposit,
    an_open_drawer,
    cash,
    check,
    counted,
    paid,
    usd,
)
from tests.documents.reading import all_text
from tests.server.office import Office, refusal
from tests.services.provoking import balanced


def test_an_account_is_found_and_looked_at(office: Office, ledger: Ledger):
    account = an_account(ledger, "Jane Masters", owing="50.00")
    (found,) = office.get("/accounts/search", params={"text": "masters"}).json()
    assert (found["account_id"], found["current_balance"]) == (account.id, 5000)
    glance = office.get(f"/accounts/{account.id}").json()
    assert glance["number"] == account.number
    assert refusal(office.get("/accounts/7")) == (404, "CUS-010")


def test_history_comes_in_pages(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    for amount in ("1.00", "2.00", "3.00"):
        paid(ledger, account, amount)
    first = office.get(f"/accounts/{account.id}/history", params={"limit": 2}).json()
    assert [row["amount"] for row in first["rows"]] == [-300, -200]
    second = office.get(f"/accounts/{account.id}/history", params={"limit": 2, "before": first["before"]}).json()
    assert [row["amount"] for row in second["rows"]] == [-100, 5000]
    only = office.get(f"/accounts/{account.id}/history", params={"kind": ["ADJUSTMENT"]}).json()
    assert [row["kind"] for row in only["rows"]] == ["ADJUSTMENT"]
    for wrong in ("rubbish", "AAAA", first["before"][:-2], "x" * 300):
        answer = office.get(f"/accounts/{account.id}/history", params={"before": wrong})
        assert refusal(answer) == (422, "API-005"), wrong


def test_parameters_that_are_wrong_are_all_named(office: Office):
    answer = office.get("/accounts/search", params={"text": "a\x00", "limit": "many"})
    assert refusal(answer) == (422, "API-005")
    assert {problem["field"] for problem in answer.json()["problems"]} == {"text", "limit"}
    assert refusal(office.get("/accounts/search?text=a&text=b")) == (422, "API-005")
    assert refusal(office.get("/accounts/search?text=a&txet=b")) == (422, "API-005")
    assert refusal(office.get(f"/accounts/{2**63}")) == (422, "API-005")
    assert refusal(office.get("/accounts/-1")) == (422, "API-005")


def test_an_event_and_its_receipt(office: Office, ledger: Ledger):
    account = an_account(ledger, "Jane Masters", owing="50.00")
    an_open_drawer(ledger)
    taken = ledger.do(a_payment(account, cash("50.00")))
    event = office.get(f"/events/{taken.event_id}").json()
    assert event["receipt_number"] == taken.receipt_number
    answer = office.get(f"/documents/receipts/{taken.receipt_number}")
    assert answer.headers["content-type"] == "application/pdf"
    assert taken.receipt_number in answer.headers["content-disposition"]
    text = all_text(answer.content)
    assert "50.00" in text
    assert "COPY" in text.upper()
    assert ledger.rows("SELECT * FROM receipt_print") == []
    assert refusal(office.get("/documents/receipts/000000000000")) == (404, "PAY-120")


def test_a_drawer_is_told_blind_to_whom_it_is_blind(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    drawer = an_open_drawer(ledger)
    paid(ledger, account, "12.34")
    assert "11234" not in office.get(f"/drawers/{drawer}").text
    assert "11234" not in office.get("/drawers/mine").text
    assert "112.34" not in all_text(office.get(f"/documents/drawers/{drawer}/x").content)
    assert "11234" in office.get(f"/drawers/{drawer}", by="sue").text
    assert "112.34" in all_text(office.get(f"/documents/drawers/{drawer}/x", by="sue").content)
    assert [card["tender_control_id"] for card in office.get("/drawers", by="sue").json()] == [drawer]


def test_a_colleague_s_drawer_is_nobody_s_business(office: Office, ledger: Ledger):
    drawer = an_open_drawer(ledger)
    assert refusal(office.get(f"/drawers/{drawer}", by="bob")) == (403, "SEC-003")
    assert refusal(office.get(f"/documents/drawers/{drawer}/x", by="bob")) == (403, "SEC-003")
    assert refusal(office.get("/drawers/mine", by="bob")) == (404, "TC-001")


def test_a_z_report_as_it_was_sealed(office: Office, ledger: Ledger):
    balanced(ledger)
    answer = office.get("/documents/z-reports/COUNTER-1/1", by="sue")
    assert "Z 000001" in all_text(answer.content)
    assert refusal(office.get("/documents/z-reports/COUNTER-1/2", by="sue")) == (404, "ZRP-001")
    assert refusal(office.get("/documents/z-reports/NOWHERE/1", by="sue")) == (404, "ZRP-001")


def test_a_deposit_and_its_slip(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    deposit = an_open_deposit(ledger)
    drawer = an_open_drawer(ledger)
    ledger.do(a_payment(account, check("50.00")))
    _close_with_check(ledger, drawer)
    ledger.do(StartDepositBalancing(deposit_control_id=deposit), "sue")
    assert office.get(f"/deposits/{deposit}", by="sue").json()["summary"]["to_deposit"] == 5000
    added = AddTenderDeposit(deposit_control_id=deposit, amount=usd("50.00"), bank_account="MAIN")
    slip = ledger.do(added, "sue").slip_number
    ledger.do(BalanceDeposit(deposit_control_id=deposit), "sue")
    answer = office.get(f"/documents/deposit-slips/{slip}", by="sue")
    assert "50.00" in all_text(answer.content)
    rows = office.get("/deposits", by="sue", params={"status": "BALANCED"}).json()
    assert [row["deposit_control_id"] for row in rows] == [deposit]


def _close_with_check(ledger: Ledger, drawer: int) -> None:
    ledger.do(StartBalancing(tender_control_id=drawer))
    count = (*counted("100.00"), *counted("50.00", "CHEC"))
    ledger.do(CountDrawer(tender_control_id=drawer, count=count))
    ledger.do(BalanceDrawer(tender_control_id=drawer))


def test_changes_come_after_a_cursor_and_only_once(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    an_open_drawer(ledger)
    cursor = office.get("/changes").json()["cursor"]
    taken = paid(ledger, account, "5.00")
    told = office.get("/changes", params={"after": cursor}).json()
    assert {"kind": "event", "key": taken.event_id} in told["changes"]
    assert not told["reset"]
    assert office.get("/changes", params={"after": told["cursor"]}).json()["changes"] == []
    assert refusal(office.get("/changes", params={"after": "rubbish"})) == (422, "FEED-001")


def test_devices_are_listed_and_invited_with_a_code_that_is_told_once(office: Office):
    invitation = {
        "command_id": "a" * 32,
        "name": "BRANCH-7",
        "access_groups": ["*"],
        "current_password": "correct horse battery",
    }
    answer = office.ask("POST", "/devices", "adam", json=invitation)
    assert answer.status_code == 200, answer.text
    code = answer.json()["code"]
    (row,) = office.get("/devices", by="adam").json()
    assert (row["name"], row["status"]) == ("BRANCH-7", "INVITED")
    assert code not in str(row)
    assert refusal(office.ask("POST", "/devices", "adam", json=invitation)) == (409, "CMD-002")
    late = invitation | {"command_id": "b" * 32, "hours": 1000}
    assert refusal(office.ask("POST", "/devices", "adam", json=late)) == (422, "DEV-006")
    unsure = invitation | {"command_id": "c" * 32, "current_password": "wrong"}
    assert refusal(office.ask("POST", "/devices", "adam", json=unsure)) == (403, "SEC-020")


def test_an_address_that_is_none_says_so(office: Office):
    assert refusal(office.get("/nothing")) == (404, "API-003")
    answer = office.ask("DELETE", "/me", by="ann")
    assert refusal(answer) == (405, "API-004")
    assert answer.headers["allow"]


def test_a_figure_is_explained_to_whom_it_is_shown(office: Office, ledger: Ledger):
    account = an_account(ledger, owing="50.00")
    drawer = an_open_drawer(ledger)
    paid(ledger, account, "20.00")
    told = office.get("/explanations", params={"figure": f"agreement:{account.sa['ELEC']}:current", "limit": 1}).json()
    assert (told["amount"], told["currency"], told["rest"]) == (3000, "USD", 5000)
    assert [part["amount"] for part in told["parts"]] == [-2000]
    rest = office.get("/explanations", params={"figure": told["figure"], "after": told["next"]}).json()
    assert [part["amount"] for part in rest["parts"]] == [5000]
    further = office.get("/explanations", params={"figure": told["parts"][0]["figure"]}).json()
    assert any(reason["words"].startswith("TakePayment by Ann") for reason in further["reasons"])
    mine = {"figure": f"drawer:{drawer}:CASH:expected"}
    assert office.get("/explanations", "sue", params=mine).json()["amount"] == 12000
    for blind in ("ann", "bob"):  # one must not know before counting, the other not at all
        assert refusal(office.get("/explanations", blind, params=mine)) == (403, "SEC-003")
    assert refusal(office.get("/explanations", "ann", params={"figure": "company-debt:USD:owed:0:0"})) == (
        403,
        "SEC-003",
    )
    for nothing in ("", "figure", "agreement:x:current", "agreement:7", "drawer:1:CASH:everything"):
        assert refusal(office.get("/explanations", params={"figure": nothing})) == (422, "EXP-001"), nothing
