from datetime import UTC, datetime

import pytest

from cashier_app.domain.errors import EnvironmentProblem, NeedsConfirmation, Problem, RuleViolation, StaleData
from cashier_app.ui.presenting import Kind, Presenter


def find_customer(customers, name):
    return customers[name]


@pytest.fixture
def presenter(tmp_path):
    return Presenter(tmp_path / "reports", now=lambda: datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


def test_a_refusal_stands_beside_its_fields(presenter):
    refused = RuleViolation([Problem("PAY-001", "Too much.", "amount"), Problem("PAY-002", "No drawer is open.")])
    shown = presenter.present(refused)
    assert shown.kind is Kind.ANSWER
    assert shown.by_field()["amount"].sentence == "Too much."
    assert shown.notice == "No drawer is open."
    assert shown.report is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NeedsConfirmation([Problem("A", "Sure?")]), Kind.CONFIRM),
        (StaleData([Problem("B", "Changed meanwhile.")]), Kind.RELOAD),
        (EnvironmentProblem("C", "The disk is full."), Kind.RETRY),
    ],
)
def test_what_can_be_done_depends_on_the_error(presenter, error, kind):
    assert presenter.present(error).kind is kind


def test_anything_else_leaves_a_report_that_names_no_customer(presenter):
    with pytest.raises(KeyError) as raised:
        find_customer({}, "Jane Masters")
    shown = presenter.present(raised.value)
    assert shown.kind is Kind.REPORT
    assert shown.report is not None
    assert shown.report.stem in shown.notice
    report = shown.report.read_text(encoding="utf-8")
    assert "KeyError" in report
    assert "in find_customer" in report
    assert "Jane" not in report.replace('find_customer({}, "Jane Masters")', "")


def test_a_report_that_cannot_be_written_is_no_second_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    shown = Presenter(blocked).present(RuntimeError())
    assert shown.report is None
    assert shown.notice
