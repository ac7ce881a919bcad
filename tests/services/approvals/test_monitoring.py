"""What waits too long for approval is not forgotten (R adjustments 6.8)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from cashier_app.services.administration.users import ChangeUser
from cashier_app.services.approvals.monitoring import MonitorApprovals
from cashier_app.services.batch.chunks import PlanBatch
from cashier_app.services.batch.doing import Watching, run_here
from cashier_app.services.batch.executing import InThisProcess
from cashier_app.services.batch.jobs import Machine
from cashier_app.services.batch.running import run_in_chunks
from cashier_app.services.kernel.codec import to_json
from cashier_app.services.kernel.work import SYSTEM
from tests.builders import Ledger, an_account
from tests.services.adjustments.office import changed_type, set_up
from tests.services.approvals.office import an_office, approve, log_of, submitted, waiting_for

DAY = MonitorApprovals(hours=24, escalation_role="ADJ-HEAD", reminders=2)
"""Reminders after 8 and 16 hours, another role after 24."""


@pytest.fixture
def ledger(office_url: str) -> Iterator[Ledger]:
    made = an_office(office_url)
    yield made
    made.close()


def look(ledger: Ledger, given: MonitorApprovals = DAY) -> tuple[int, int]:
    """How many requests were reminded of, and how many escalated."""
    run_id = uuid.uuid4().hex
    hands = InThisProcess()
    totals = run_in_chunks(ledger.door, "APRTMOUT", given, run_id=run_id, user_id=SYSTEM.id, executor=hands).totals
    return totals.get("reminded", 0), totals.get("escalated", 0)


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
    ("given", "code"),
    [
        (MonitorApprovals(hours=0, escalation_role="ADJ-HEAD"), "APR-011"),
        (MonitorApprovals(hours=1, escalation_role="ADJ-HEAD", reminders=-1), "APR-011"),
        (MonitorApprovals(hours=1, escalation_role="NOBODY"), "CFG-001"),
    ],
)
def test_parameters_that_make_no_sense(ledger: Ledger, given: MonitorApprovals, code: str) -> None:
    plan = PlanBatch(run_id="a" * 32, job="APRTMOUT", parameters=to_json(given))
    assert ledger.refusal(plan, "olga") == code
    assert ledger.refusal(plan, "sue") == "SEC-003"


def test_a_run_that_stopped_goes_on_with_the_requests_that_are_left(ledger: Ledger) -> None:
    """Each request is escalated once, also when the run was killed in between (R batch 1)."""
    given = [{"name": "hours", "value": "24"}, {"name": "escalation_role", "value": "ADJ-HEAD"}]
    control = {"code": "APRTMOUT", "job": "monitor-approvals", "parameters": given, "chunk_size": 1}
    set_up(ledger, batch_control=[control])
    for _ in range(3):
        submitted(ledger, an_account(ledger), "20.00")
    ledger.clock.advance(hours=30)
    so_far: list[int] = []
    watching = Watching(progress=lambda done, _total: so_far.append(done), is_wanted=lambda: so_far[-1] < 2)
    asked = {"run_id": "c" * 32, "user_id": SYSTEM.id, "machine": Machine(processes=False)}
    stopped = run_here(ledger.door, "monitor-approvals", {}, watching=watching, **asked)
    assert (stopped.status, sorted(waiting_for(ledger))) == ("INTERRUPTED", ["ADJ-HEAD", "ADJ-HEAD", "ADJ-LEVEL-1"])
    changed_type(ledger, "batch_control", "APRTMOUT", parameters=[{"name": "hours", "value": "99"}])
    finished = run_here(ledger.door, "monitor-approvals", {}, **asked)
    assert finished.status == "FINISHED", "with the hours and the role that it began with"
    assert waiting_for(ledger) == ["ADJ-HEAD"] * 3
