"""Adjustments are approved by the right people before they count (R adjustments 6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from cashier_app.domain.errors import CashierError
from cashier_app.services.adjustments.adding import AddAdjustment, AdjustmentFinish
from cashier_app.services.adjustments.deleting import DeleteAdjustment
from cashier_app.services.adjustments.freezing import FreezeAdjustment, FreezeAtCompletion
from cashier_app.services.adjustments.generating import GenerateAdjustment
from cashier_app.services.adjustments.transfers import TransferBalance
from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.approvals.submitting import SubmitForApproval
from cashier_app.services.kernel.door import Door
from tests.builders import AnAccount, Ledger, an_account, usd
from tests.services.adjustments.office import changed_type, installation
from tests.services.approvals.office import (
    a_freezable,
    an_office,
    approve,
    balance,
    in_roles,
    log_of,
    reject,
    submitted,
    waiting_for,
)


@pytest.fixture
def ledger(office_url: str) -> Iterator[Ledger]:
    made = an_office(office_url)
    yield made
    made.close()


@pytest.fixture
def account(ledger: Ledger) -> AnAccount:
    return an_account(ledger)


class TestTheWorkedRun:
    """R adjustments 6.11: +150.00 on 3 June, approved by two levels until 5 June."""

    def test_approved(self, ledger: Ledger, account: AnAccount) -> None:
        entered = ledger.clock.business_date()
        request = submitted(ledger, account, "150.00")
        assert (request.status, request.roles) == ("IN_PROGRESS", ("ADJ-LEVEL-1", "ADJ-LEVEL-2"))
        assert waiting_for(ledger) == ["ADJ-LEVEL-1"]
        first = ledger.do(approve(request), "ben")
        assert (first.status, first.level, waiting_for(ledger)) == ("IN_PROGRESS", 2, ["ADJ-LEVEL-2"])
        ledger.clock.advance(days=2)
        assert balance(ledger, account) == 0
        last = ledger.do(approve(request, 2), "cleo")
        assert (last.status, len(last.frozen), waiting_for(ledger)) == ("APPROVED", 1, [])
        assert balance(ledger, account) == 15000
        ((accounting_date,),) = ledger.rows("SELECT accounting_date FROM financial_transaction WHERE kind = 'AD'")
        assert date.fromisoformat(str(accounting_date)) == entered
        assert log_of(ledger, request) == [
            (0, "SUBMITTED", "olga"),
            (1, "ASKED", "olga"),
            (1, "APPROVED", "ben"),
            (2, "ASKED", "ben"),
            (2, "APPROVED", "cleo"),
            (2, "FROZEN", "cleo"),
        ]

    def test_rejected_by_the_second(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "150.00")
        ledger.do(approve(request), "ben")
        rejected = ledger.do(reject(request, "duplicate"), "cleo")
        assert (rejected.status, len(rejected.deleted), waiting_for(ledger)) == ("REJECTED", 1, [])
        assert balance(ledger, account) == 0
        assert ledger.rows("SELECT id FROM adjustment") == ledger.rows("SELECT id FROM unfrozen_ft") == []
        kept = ledger.rows("SELECT adjustment_type, amount, sa_id, reject_reason, requested_by FROM approval_request")
        assert kept == [("FEE", 15000, account.sa["ELEC"], "duplicate", ledger.people["olga"])]
        assert [who for _, action, who in log_of(ledger, request) if action != "ASKED"] == ["olga", "ben", "cleo"]


@pytest.mark.parametrize(
    ("amount", "roles"),
    [
        ("-0.01", ("ADJ-CREDIT",)),
        ("10.00", ()),
        ("10.01", ("ADJ-LEVEL-1",)),
        ("100.00", ("ADJ-LEVEL-1",)),
        ("100.01", ("ADJ-LEVEL-1", "ADJ-LEVEL-2")),
    ],
)
def test_the_band_of_the_amount_decides(
    ledger: Ledger, account: AnAccount, amount: str, roles: tuple[str, ...]
) -> None:
    request = submitted(ledger, account, amount)
    assert request.roles == roles
    assert bool(request.frozen) is (not roles)
    assert balance(ledger, account) == (0 if roles else usd(amount).minor)


class TestWhoMay:
    def test_nobody_their_own_on_any_device(self, ledger: Ledger, account: AnAccount) -> None:
        in_roles(ledger, "sue", "ADJ-LEVEL-1")
        changed_type(ledger, "user_group", "SUPERVISOR", rights=["*"])
        request = submitted(ledger, account, "20.00", by="sue")
        assert ledger.refusal(approve(request), "sue") == "APR-007"
        elsewhere = ledger.another_door("COUNTER-2")
        with pytest.raises(CashierError, match="APR-007"):
            elsewhere.execute(approve(request), user_id=ledger.people["sue"])
        assert ledger.do(approve(request), "ben").status == "APPROVED"

    def test_only_members_of_the_role_that_is_asked(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "150.00")
        assert ledger.refusal(approve(request), "cleo") == "APR-008"
        assert ledger.refusal(approve(request), "carl") == "APR-008"
        in_roles(ledger, "ben")
        assert ledger.refusal(approve(request), "ben") == "APR-008"

    def test_nobody_two_levels_of_one_request(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "150.00")
        ledger.do(approve(request), "both")
        assert ledger.refusal(approve(request, 2), "both") == "APR-009"
        assert ledger.do(approve(request, 2), "cleo").status == "APPROVED"

    def test_whoever_saw_another_level_looks_again(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "150.00")
        ledger.do(approve(request), "ben")
        assert ledger.refusal(approve(request), "both") == "APR-006"
        assert ledger.refusal(approve(request, 7), "both") == "APR-006"

    def test_the_requester_withdraws(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "20.00")
        assert ledger.refusal(reject(request, "  "), "olga") == "APR-010"
        assert ledger.do(reject(request, "typing error"), "olga").status == "REJECTED"

    def test_what_is_decided_stays_decided(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "20.00")
        ledger.do(approve(request), "ben")
        assert ledger.refusal(approve(request), "bea") == "APR-002"
        assert ledger.refusal(reject(request), "bea") == "APR-002"

    def test_nobody_half_a_transfer_of_their_own(self, ledger: Ledger) -> None:
        """R reliability C5, at each level: the half that decides may be somebody else's."""
        code = _a_governed_transfer_type(ledger)
        one, own = an_account(ledger), an_account(ledger, "Ben Brown")
        ledger.do(ChangeUser(login="ben", own_accounts=(own.id,)), "system")
        transfer = TransferBalance(
            from_sa_id=one.sa["ELEC"], to_sa_id=own.sa["ELEC"], adjustment_type=code, amount=usd("150.00")
        )
        moved = ledger.do(transfer, "olga")
        request = ledger.do(SubmitForApproval(adjustment_id=moved.debit_adjustment_id), "olga")
        assert ledger.refusal(approve(request), "ben") == "SEC-030"
        assert ledger.do(approve(request), "bea").status == "IN_PROGRESS"


class TestWhatMayBeSubmitted:
    def test_somebody_else_must_be_there_for_each_level(self, ledger: Ledger, account: AnAccount) -> None:
        """R adjustments, choice 6: a request that nobody can approve would wait for ever."""
        waiting = a_freezable(ledger, account, "150.00")
        in_roles(ledger, "both")
        in_roles(ledger, "cleo")
        assert ledger.refusal(SubmitForApproval(adjustment_id=waiting), "olga") == "APR-012"
        in_roles(ledger, "olga", "ADJ-LEVEL-2")
        assert ledger.refusal(SubmitForApproval(adjustment_id=waiting), "olga") == "APR-012"
        in_roles(ledger, "cleo", "ADJ-LEVEL-2")
        ledger.do(ChangeUser(login="cleo", active=False), "system")
        assert ledger.refusal(SubmitForApproval(adjustment_id=waiting), "olga") == "APR-012"
        ledger.do(ChangeUser(login="cleo", active=True), "system")
        assert ledger.do(SubmitForApproval(adjustment_id=waiting), "olga").roles == ("ADJ-LEVEL-1", "ADJ-LEVEL-2")

    def test_freezing_is_refused_and_once_is_enough(self, ledger: Ledger, account: AnAccount) -> None:
        adjustment_id = a_freezable(ledger, account, "20.00")
        assert ledger.refusal(FreezeAdjustment(adjustment_id=adjustment_id), "olga") == "ADJ-018"
        ledger.do(SubmitForApproval(adjustment_id=adjustment_id), "olga")
        assert ledger.refusal(SubmitForApproval(adjustment_id=adjustment_id), "olga") == "ADJ-012"
        assert ledger.refusal(DeleteAdjustment(adjustment_id=adjustment_id), "olga") == "ADJ-012"
        regenerate = GenerateAdjustment(adjustment_id=adjustment_id, amount=usd("1.00"))
        assert ledger.refusal(regenerate, "olga") == "ADJ-012"

    def test_only_what_is_freezable_and_governed(self, ledger: Ledger, account: AnAccount) -> None:
        add = AddAdjustment(
            sa_id=account.sa["ELEC"], adjustment_type="FEE", amount=usd("20.00"), finish=AdjustmentFinish.ADD
        )
        begun = ledger.do(add, "olga").adjustment_id
        assert ledger.refusal(SubmitForApproval(adjustment_id=begun), "olga") == "APR-004"
        request = submitted(ledger, account, "5.00")
        assert ledger.refusal(SubmitForApproval(adjustment_id=request.frozen[0]), "olga") == "APR-004"
        assert ledger.refusal(approve(request), "ben") == "APR-002"
        changed_type(ledger, "adjustment_type", "FEE", approval_profile="")
        ungoverned = a_freezable(ledger, account, "5.00")
        assert ledger.refusal(SubmitForApproval(adjustment_id=ungoverned), "olga") == "APR-003"


def test_a_request_keeps_the_hierarchy_that_it_started_with(ledger: Ledger, account: AnAccount) -> None:
    request = submitted(ledger, account, "150.00")
    changed_type(ledger, "approval_profile", "FEES", hierarchy=[{"roles": ["ADJ-CREDIT"]}])
    ledger.do(approve(request), "ben")
    assert ledger.do(approve(request, 2), "cleo").status == "APPROVED"
    assert submitted(ledger, account, "150.00").roles == ("ADJ-CREDIT",)


class TestBills:
    def test_approved_before_the_bill_freezes_with_it(self, ledger: Ledger, account: AnAccount) -> None:
        _at_completion(ledger)
        request = submitted(ledger, account, "20.00")
        decided = ledger.do(approve(request), "ben")
        assert (decided.status, decided.frozen, len(decided.waiting)) == ("APPROVED", (), 1)
        assert balance(ledger, account) == 0
        ledger.do(FreezeAtCompletion(account_id=account.id), "system")
        assert balance(ledger, account) == 2000

    def test_not_approved_in_time_waits_for_the_bill_after(self, ledger: Ledger, account: AnAccount) -> None:
        _at_completion(ledger)
        request = submitted(ledger, account, "20.00")
        ledger.do(FreezeAtCompletion(account_id=account.id), "system")
        assert balance(ledger, account) == 0
        ledger.do(approve(request), "ben")
        ledger.do(FreezeAtCompletion(account_id=account.id), "system")
        assert balance(ledger, account) == 2000

    @pytest.mark.parametrize("amount", ["5.00", "20.00"])
    def test_what_nobody_objected_to_counts_as_it_was(self, ledger: Ledger, account: AnAccount, amount: str) -> None:
        """Made anew with another amount it would count without anybody having approved that."""
        _at_completion(ledger)
        request = submitted(ledger, account, amount)
        if request.roles:
            ledger.do(approve(request), "ben")
        ((adjustment_id,),) = ledger.rows("SELECT id FROM adjustment")
        assert (
            ledger.refusal(GenerateAdjustment(adjustment_id=adjustment_id, amount=usd("5000.00")), "olga") == "ADJ-023"
        )
        ledger.do(FreezeAtCompletion(account_id=account.id), "system")
        assert balance(ledger, account) == usd(amount).minor


def test_what_needs_no_approval_freezes_on_the_day_where_its_books_are_closed(
    ledger: Ledger, account: AnAccount
) -> None:
    """S1 p.69: the current date is what is proposed; here nobody is asked."""
    waiting = a_freezable(ledger, account, "5.00")
    ledger.clock.advance(days=60)
    ledger.do(SubmitForApproval(adjustment_id=waiting), "olga")
    ((accounting_date,),) = ledger.rows("SELECT accounting_date FROM financial_transaction WHERE kind = 'AD'")
    assert date.fromisoformat(str(accounting_date)) == ledger.clock.business_date()


def _at_completion(ledger: Ledger) -> None:
    installation(ledger, bill_segment_freeze="AT_BILL_COMPLETION")
    changed_type(ledger, "adjustment_type", "FEE", freeze_option="AT_BILL_COMPLETION")


def _a_governed_transfer_type(ledger: Ledger) -> str:
    found = ledger.rows("SELECT code, content FROM control_record WHERE table_name = 'adjustment_type' ORDER BY code")
    code = next(str(code) for code, content in found if json.loads(content).get("transfer"))
    changed_type(ledger, "adjustment_type", code, approval_profile="FEES")
    return code


@pytest.mark.parametrize(("side", "roles"), [("DEBIT", ("ADJ-LEVEL-1",)), ("CREDIT", ("ADJ-CREDIT",))])
def test_one_half_of_a_transfer_decides_for_both(ledger: Ledger, side: str, roles: tuple[str, ...]) -> None:
    code = _a_governed_transfer_type(ledger)
    changed_type(ledger, "approval_profile", "FEES", transfer_side=side)
    one, other = an_account(ledger), an_account(ledger, "Rosa Luna")
    moved = ledger.do(
        TransferBalance(
            from_sa_id=one.sa["ELEC"], to_sa_id=other.sa["ELEC"], adjustment_type=code, amount=usd("50.00")
        ),
        "olga",
    )
    request = ledger.do(SubmitForApproval(adjustment_id=moved.credit_adjustment_id), "olga")
    assert request.roles == roles
    decided = ledger.do(approve(request), "ben" if side == "DEBIT" else "carl")
    assert set(decided.frozen) == {moved.debit_adjustment_id, moved.credit_adjustment_id}
    assert (balance(ledger, one), balance(ledger, other)) == (5000, -5000)


def test_rejecting_a_transfer_deletes_both_halves(ledger: Ledger) -> None:
    code = _a_governed_transfer_type(ledger)
    one, other = an_account(ledger), an_account(ledger, "Rosa Luna")
    transfer = TransferBalance(
        from_sa_id=one.sa["ELEC"], to_sa_id=other.sa["ELEC"], adjustment_type=code, amount=usd("50.00")
    )
    moved = ledger.do(transfer, "olga")
    request = ledger.do(SubmitForApproval(adjustment_id=moved.debit_adjustment_id), "olga")
    assert len(ledger.do(reject(request), "sue").deleted) == 2
    assert ledger.rows("SELECT id FROM adjustment") == []


class TestTwoAtOnce:
    """Whoever is quicker decides; nobody is taken for an approver of what they did not see."""

    def test_two_of_one_role_settle_one_level(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "150.00")
        in_roles(ledger, "bea", "ADJ-LEVEL-1", "ADJ-LEVEL-2")
        said = _both(ledger, ("ben", approve(request)), ("bea", approve(request)))
        assert said.count("") == 1
        assert set(said) - {""} <= {"APR-006", "STALE-001"}
        assert waiting_for(ledger) == ["ADJ-LEVEL-2"]

    def test_two_cannot_both_be_the_last(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "20.00")
        said = _both(ledger, ("ben", approve(request)), ("bea", approve(request)))
        assert sorted(said) == ["", "APR-002"]
        assert balance(ledger, account) == 2000

    def test_one_approves_while_another_rejects(self, ledger: Ledger, account: AnAccount) -> None:
        request = submitted(ledger, account, "20.00")
        said = _both(ledger, ("ben", approve(request)), ("bea", reject(request)))
        assert sorted(said) == ["", "APR-002"]
        assert balance(ledger, account) == (2000 if said[0] == "" else 0)

    def test_two_submit_at_once(self, ledger: Ledger, account: AnAccount) -> None:
        command = SubmitForApproval(adjustment_id=a_freezable(ledger, account, "20.00"))
        said = _both(ledger, ("olga", command), ("olga", command))
        assert sorted(said) == ["", "ADJ-012"]
        assert waiting_for(ledger) == ["ADJ-LEVEL-1"]


def _both(ledger: Ledger, *asked: tuple[str, object]) -> list[str]:
    """What each is told who does this at the same moment as the other, from a workstation of their own."""
    doors = [ledger.another_door(f"DESK-{place}") for place in range(len(asked))]

    def told(door: Door, login: str, command: object) -> str:
        try:
            door.execute(command, user_id=ledger.people[login])
        except CashierError as refusal:
            return refusal.problems[0].code
        return ""

    with ThreadPoolExecutor(len(asked)) as pool:
        waiting = [pool.submit(told, door, *one) for door, one in zip(doors, asked, strict=True)]
        return [each.result() for each in waiting]
