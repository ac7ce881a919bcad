"""What the interfaces refuse, and how control tables of the general ledger must be (C4, C6)."""

from __future__ import annotations

import pytest

from cashier_app.domain.access import EVERYTHING
from cashier_app.domain.errors import RuleViolation
from cashier_app.services.accounting.adjustments import AdjustmentDraft, write_adjustments
from cashier_app.services.accounting.agreements import agreements_by_id
from cashier_app.services.administration.setup import LoadConfiguration
from cashier_app.services.general_ledger import check_runs, closing
from cashier_app.services.general_ledger.check_responses import CheckAnswer, TakeCheckAnswer
from cashier_app.services.general_ledger.runs import CloseGlRun, StageGlChunk, StartGlRun, run_of
from cashier_app.services.kernel.codec import from_plain
from cashier_app.services.kernel.commands import Handler, handler_of
from cashier_app.services.kernel.reading import reading
from tests.builders import a_charge, an_account
from tests.services.general_ledger.test_checks import account, answer, extracted, refund, status
from tests.services.general_ledger.test_runs import tampered, without_account

__all__ = ["account"]
GONE = 7


def charged(ledger):
    a_charge(ledger, an_account(ledger).sa["ELEC"], "42.00")


def staged(ledger):
    charged(ledger)
    started = ledger.do(StartGlRun(), "olga")
    outcome = ledger.outcome(StageGlChunk(run_id=started.run_id, number=1), "olga")
    return started.run_id, outcome


def test_a_run_that_is_not_there_is_refused(ledger):
    charged(ledger)
    started = ledger.do(StartGlRun(), "olga")
    assert ledger.refusal(CloseGlRun(run_id=GONE), "olga") == "GL-003"
    assert ledger.refusal(StageGlChunk(run_id=started.run_id, number=GONE), "olga") == "GL-003"


def test_a_closed_run_stays_closed(ledger):
    run_id, _ = staged(ledger)
    ledger.do(CloseGlRun(run_id=run_id), "olga")
    assert ledger.refusal(CloseGlRun(run_id=run_id), "olga") == "GL-006"


def test_a_run_that_does_not_balance_is_not_closed(ledger):
    run_id, _ = staged(ledger)
    tampered(ledger, "UPDATE gl_staged SET debit = debit + 1 WHERE debit > 0")
    assert ledger.refusal(CloseGlRun(run_id=run_id), "olga") == "GL-007"


def test_a_chunk_warns_of_what_has_no_account(ledger):
    an_account(ledger)
    without_account(ledger, "CONVERSION")
    _, outcome = staged(ledger)
    assert [problem.code for problem in outcome.warnings] == ["GL-009"]


def test_a_file_that_would_not_be_the_same_is_not_given(ledger):
    run_id, _ = staged(ledger)
    ledger.do(CloseGlRun(run_id=run_id), "olga")
    with reading(ledger.database, access=EVERYTHING) as store, pytest.raises(RuleViolation, match="GL-010"):
        closing.file_of(store, run_of(store, run_id), "NONE")
    tampered(ledger, "UPDATE gl_entry SET gl_account = '77'")
    with reading(ledger.database, access=EVERYTHING) as store, pytest.raises(RuleViolation, match="GL-011"):
        closing.file_of(store, run_of(store, run_id))


def test_a_file_of_checks_that_would_not_be_the_same_is_not_given(ledger, account):
    extracted(ledger, account)
    with reading(ledger.database, access=EVERYTHING) as store, pytest.raises(RuleViolation, match="CHK-005"):
        check_runs.file_of(store, GONE)
    ledger.unchecked = True
    on = "" if ledger.database.dialect == "sqlite" else " ON check_request"
    cursor = ledger.database.connection.cursor()
    cursor.execute(f"DROP TRIGGER protect_check_request_update{on}")
    cursor.execute("UPDATE check_request SET payee = 'Somebody else'")
    with reading(ledger.database, access=EVERYTHING) as store, pytest.raises(RuleViolation, match="CHK-006"):
        check_runs.file_of(store, 1)


def test_a_batch_that_refunds_needs_an_address_too(ledger):
    sa_id = an_account(ledger).sa["ELEC"]

    def refund_by_batch(work):
        agreement = agreements_by_id(work.store, [sa_id])[sa_id]
        write_adjustments(work, [AdjustmentDraft(agreement, "REFUNDAP", 100)])

    with pytest.raises(RuleViolation, match="CHK-001"):
        _within(ledger, refund_by_batch)


def _within(ledger, function):
    """Do something as a batch job would inside one command, and keep nothing."""
    known = handler_of(StartGlRun())
    batch = Handler(known.command, lambda _command, work: function(work), known.right, known.result)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cashier_app.services.kernel.door.handler_of", lambda _command: batch)
        ledger.door.preview(StartGlRun(), user_id=ledger.people["system"])


def test_accounts_payable_cannot_pay_what_was_taken_back(ledger, account, tmp_path):
    _, request = refund(ledger, account)
    early = TakeCheckAnswer(
        file_name="x",
        file_digest="0",
        line=2,
        answer=CheckAnswer(request_id=str(request), status="P", check_number="1"),
    )
    assert ledger.refusal(early, "olga") == "CHK-002"
    assert status(ledger, request) == "REQUESTED"
    taken = answer(ledger, tmp_path, f"{request},P,1,2026-01-08,63.00")
    assert "CHK-002" in taken.exceptions[0]


def test_a_cancel_reason_is_needed_for_what_accounts_payable_cancels(ledger, account, tmp_path):
    _, request = extracted(ledger, account)
    ledger.do(LoadConfiguration(tables={"installation": ({"name": "Oakfield"},)}), "system")
    taken = answer(ledger, tmp_path, f"{request},X,,,")
    assert "CHK-011" in taken.exceptions[0]
    assert status(ledger, request) == "EXTRACTED"


def period(**more):
    day = {"begin": "2040-01-01", "end": "2040-01-31", "open_from": "2040-01-01", "open_to": "2040-02-10"}
    return {"year": 2040, "number": 1, **day, **more}


def layout(**more):
    return {"code": "X", "delimiter": ";", "detail": ({"value": "amount"},), **more}


@pytest.mark.parametrize(
    ("code", "table", "record"),
    [
        ("CFG-060", "accounting_calendar", {"code": "X", "periods": (period(end="2039-12-01"),)}),
        ("CFG-061", "accounting_calendar", {"code": "X", "periods": (period(open_to="2039-12-01"),)}),
        (
            "CFG-062",
            "accounting_calendar",
            {"code": "X", "periods": (period(), period(begin="2040-02-01", end="2040-02-29"))},
        ),
        (
            "CFG-063",
            "distribution_code",
            {"code": "X", "gl_accounts": ({"effective": "2026-01-01", "gl_account": "1"},) * 2},
        ),
        ("CFG-064", "distribution_code", {"code": "X", "write_off_sa_type": "ELEC"}),
        ("CFG-065", "file_layout", layout(detail=())),
        ("CFG-066", "file_layout", layout(detail=({"value": "sum"},))),
        ("CFG-067", "file_layout", layout(delimiter="")),
        ("CFG-068", "file_layout", layout(detail=({"value": "amount", "fill": "--"},))),
        ("CFG-069", "installation", {"name": "X", "gl_file_layouts": ("AP-STANDARD",)}),
    ],
)
def test_control_tables_that_could_not_work_are_refused(ledger, code, table, record):
    command = from_plain({"tables": {table: (record,)}}, LoadConfiguration)
    assert code in _codes(ledger, command)


def _codes(ledger, command):
    try:
        ledger.do(command, "system")
    except RuleViolation as refused:
        return refused.codes
    return ()
