"""What waits too long for approval is not forgotten (R adjustments 6.8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.approvals.monitoring import ApprovalsMonitored, MonitorApprovals
from cashier_app.services.batch.doing import run_here
from cashier_app.services.kernel.work import SYSTEM
from tests.builders import Ledger, an_account
from tests.services.approvals.office import an_office, approve, log_of, submitted, waiting_for

DAY = MonitorApprovals(hours=24, escalation_role="ADJ-HEAD", reminders=2)
"""Reminders after 8 and 16 hours, another role after 24."""


@pytest.fixture
def ledger(office_url: str) -> Iterator[Ledger]:
    made = an_office(office_url)
    yield made
    made.close()


def look(ledger: Ledger, command: MonitorApprovals = DAY) -> tuple[int, int]:
    """How many requests were reminded of, and how many escalated."""
    done: ApprovalsMonitored = ledger.do(command, "system")
    return len(done.reminded), len(done.escalated)


def test_reminders_at_equal_intervals_then_somebody_else(ledger: Ledger) -> None:
    request = submitted(ledger, an_account(ledger), "20.00")
    said = []
    for _ in range(6):
        ledger.clock.advance(hours=4.5)
        said.append(look(ledger))
    assert said == [(0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (0, 1)]
    assert waiting_for(ledger) == ["ADJ-HEAD"]
    assert ledger.refusal(approve(request), "ben") == "APR-008"
    assert ledger.do(approve(request), "head").status == "APPROVED"
    assert [action for _, action, _ in log_of(ledger, request)] == [
        "SUBMITTED",
        "ASKED",
        "REMINDED",
        "REMINDED",
        "ESCALATED",
        "ASKED",
        "APPROVED",
        "FROZEN",
    ]


def test_looking_twice_does_nothing_twice(ledger: Ledger) -> None:
    submitted(ledger, an_account(ledger), "20.00")
    ledger.clock.advance(hours=17)
    assert [look(ledger), look(ledger)] == [(1, 0), (0, 0)]
    ledger.clock.advance(hours=17)
    assert [look(ledger), look(ledger)] == [(0, 1), (0, 0)]


def test_each_level_has_its_own_time(ledger: Ledger) -> None:
    request = submitted(ledger, an_account(ledger), "150.00")
    ledger.clock.advance(hours=20)
    ledger.do(approve(request), "ben")
    ledger.clock.advance(hours=6)
    assert look(ledger) == (0, 0)
    ledger.clock.advance(hours=18)
    assert look(ledger) == (0, 1)


def test_only_the_requests_of_a_profile(ledger: Ledger) -> None:
    submitted(ledger, an_account(ledger), "20.00")
    ledger.clock.advance(hours=30)
    assert look(ledger, MonitorApprovals(hours=24, escalation_role="ADJ-HEAD", approval_profile="OTHERS")) == (0, 0)
    assert look(ledger, MonitorApprovals(hours=24, escalation_role="ADJ-HEAD", approval_profile="FEES")) == (0, 1)


def test_reminders_go_to_the_members_by_mail(ledger: Ledger) -> None:
    ledger.do(ChangeUser(login="ben", e_mail="ben@example.org"), "system")
    submitted(ledger, an_account(ledger), "20.00")
    ledger.clock.advance(hours=9)
    look(ledger)
    ((address, subject),) = ledger.rows("SELECT address, subject FROM outgoing_mail")
    assert address == "ben@example.org"
    assert "FEE of 20.00 USD" in subject


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (MonitorApprovals(hours=0, escalation_role="ADJ-HEAD"), "APR-011"),
        (MonitorApprovals(hours=1, escalation_role="ADJ-HEAD", reminders=-1), "APR-011"),
        (MonitorApprovals(hours=1, escalation_role="NOBODY"), "CFG-001"),
    ],
)
def test_parameters_that_make_no_sense(ledger: Ledger, command: MonitorApprovals, code: str) -> None:
    assert ledger.refusal(command, "system") == code


def test_it_is_no_business_of_people(ledger: Ledger) -> None:
    assert ledger.refusal(DAY, "sue") == "SEC-003"


def test_a_batch_job_looks_after_them(ledger: Ledger) -> None:
    submitted(ledger, an_account(ledger), "20.00")
    ledger.clock.advance(hours=30)
    given = {"hours": 24, "escalation_role": "ADJ-HEAD", "reminders": 2}
    run_here(ledger.door, "monitor-approvals", given, run_id="c" * 32, user_id=SYSTEM.id, progress=lambda *_: None)
    assert waiting_for(ledger) == ["ADJ-HEAD"]
