"""What the runner promises: honest comparison, nothing half run, the actual figures in the same words."""

import pytest

from cashier_app.domain.errors import EnvironmentProblem, RuleViolation
from cashier_app.scenarios.running import check_scenario, run_scenario
from resources import path as resource
from tests.scenarios.writing import small_day, written


def differences(report):
    return [(each.line, each.what, each.expected, each.found) for each in report.findings if not each.holds]


def test_a_wrong_figure_is_shown_with_its_line_and_what_was_found(tmp_path):
    report = run_scenario(small_day(tmp_path, "- expect: {balances: {jane: {current: 61.00, payoff: 60.00}}}"))
    assert not report.holds
    assert differences(report) == [(17, "balances jane current", "61.00", "60.00")]
    assert [each.holds for each in report.findings] == [False, True]


def test_a_figure_that_nobody_expected_is_a_difference(tmp_path):
    more = "- expect: {journal: {of: pay, debit: {CASH-MAIN: 40.00}, credit: {}}, segments: {pay: none}}"
    assert differences(run_scenario(small_day(tmp_path, more))) == [
        (17, "journal pay credit A/R-ELEC", "0.00", "40.00"),
        (17, "segments pay jane.electric", "0.00", "40.00"),
    ]


def test_actual_figures_are_written_into_the_same_file_and_then_hold(tmp_path):
    more = """
        - expect:  # figures from the top of the head
            balances: {jane: {current: 1.00, payoff: 2.00}}  # both wrong
            journal:
              debit:
                CASH-EUR: 40.00
              credit: {A/R-ELEC: 3.00}
            aged_debt: {jane: none}
            drawers: {drawer: {expected: {CHEC: 5.00}, openings: none, status: BALANCED}}
            tenders: {pay: []}
            alerts: {jane: [CASH-ONLY]}
            receipts: {pay: none}
    """
    path = small_day(tmp_path, more)
    report = run_scenario(path)
    assert not report.holds
    path.write_text(report.actual, encoding="utf-8")
    again = run_scenario(path)
    assert differences(again) == []
    assert "# both wrong" in report.actual
    assert "balances: {jane: {current: 60.00, payoff: 60.00}}" in report.actual
    assert "expected: {CASH: 140.00}" in report.actual


def test_results_and_codes_are_written_as_they_were_found(tmp_path):
    more = """
        - as: ann
          do: TakePayment
          with: {payor_account_id: jane, tenders: [{tender_type: CHEC, amount: 1.00}]}
          expect: {refused: PAY-001}
        - as: ann
          do: TakePayment
          with: {payor_account_id: jane, tenders: [{tender_type: CASH, amount: 1.00}]}
          expect: {result: {change: 3.00, payments: [{status: CANCELED}]}, warnings: PAY-012}
    """
    path = small_day(tmp_path, more)
    path.write_text(run_scenario(path).actual, encoding="utf-8")
    report = run_scenario(path)
    assert differences(report) == []
    assert "refused: PAY-102" in report.text
    assert "warnings: none" in report.text


def test_the_run_stops_after_a_refusal_that_nobody_expected(tmp_path):
    more = """
        - {as: ann, do: OpenTenderControl, with: {tender_source: CASH-A01}}
        - expect: {balances: {jane: {current: 60.00}}}
    """
    report = run_scenario(small_day(tmp_path, more))
    assert not report.holds
    assert (report.steps_done, report.steps) == (3, 5)
    assert differences(report)[0][1] == "outcome"


def test_a_refusal_that_did_not_come_is_a_difference(tmp_path):
    more = "- {as: ann, do: OpenDrawer, with: {tender_control_id: drawer, note: x}, expect: {refused: TC-016}}"
    assert differences(run_scenario(small_day(tmp_path, more))) == [(17, "refused", "TC-016", "none")]


def test_what_was_committed_survives_a_restart_and_what_was_previewed_does_not(tmp_path, empty_database_url):
    more = """
        - as: ann
          do: TakePayment
          with: {payor_account_id: jane, tenders: [{tender_type: CASH, amount: 9.00}]}
          preview: true
        - {restart: true}
        - expect: {balances: {jane: {current: 60.00}}, commands: {TakePayment: 1}, verify: clean}
    """
    assert run_scenario(small_day(tmp_path, more), empty_database_url).holds


def test_workstations_share_one_ledger_and_keep_their_own_chains(tmp_path, empty_database_url):
    text = """
        scenario: Two workstations
        workstations: [LEFT, RIGHT]
        users: {sue: {groups: SUPERVISOR}}
        customers: {jane: {customer_class: RES, agreements: {electric: {sa_type: ELEC, owes: 9.00}}}}
        steps:
          - {as: sue, do: OpenDepositControl}
          - {as: sue, workstation: LEFT, do: OpenTenderControl, with: {tender_source: CASH-A01}}
          - as: sue
            workstation: RIGHT
            do: TakePayment
            with: {payor_account_id: jane, tenders: [{tender_type: CASH, amount: 9.00}]}
          - expect: {balances: {jane: {current: 0.00}}, verify: clean}
    """
    assert run_scenario(written(tmp_path, text), empty_database_url).holds


def test_a_package_may_stand_in_the_file_or_beside_it(tmp_path):
    shipped = (resource("packages/demo-utility.yaml")).read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(shipped.replace("code: RES,", "code: HOME,"), encoding="utf-8")
    inline = "".join(f"  {line}\n" for line in shipped.replace("code: RES,", "code: HOME,").splitlines())
    rest = "customers: {jane: {customer_class: HOME}}\nsteps: []\n"
    assert run_scenario(written(tmp_path, f"scenario: Beside\npackage: mine.yaml\n{rest}")).holds
    assert run_scenario(written(tmp_path, f"scenario: Inline\npackage:\n{inline}{rest}")).holds
    with pytest.raises(RuleViolation, match="HOME"):
        run_scenario(written(tmp_path, f"scenario: Shipped\npackage: demo-utility\n{rest}"))


def test_a_database_that_holds_a_ledger_is_left_alone(tmp_path, empty_database_url):
    path = small_day(tmp_path)
    assert run_scenario(path, empty_database_url).holds
    with pytest.raises(EnvironmentProblem, match="DB-EXISTS"):
        run_scenario(path, empty_database_url)


def test_a_mistake_in_the_set_up_leaves_a_given_database_empty(tmp_path, empty_database_url):
    text = """
        scenario: Bad
        users: {ann: {groups: [NOBODY]}}
        steps: []
    """
    path = written(tmp_path, text)
    with pytest.raises(RuleViolation, match="SCN-007"):
        run_scenario(path, empty_database_url)
    assert run_scenario(small_day(tmp_path), empty_database_url).holds


def test_check_says_nothing_about_a_good_file(tmp_path):
    assert len(check_scenario(small_day(tmp_path)).steps) == 3


def test_amounts_never_pass_through_a_float(tmp_path):
    text = """
        scenario: Large and exact
        users: {ann: {groups: CASHIER, drawers: CASH-A01}, sue: {groups: SUPERVISOR}}
        customers: {jane: {customer_class: RES, agreements: {electric: {sa_type: ELEC, owes: 1234567890123.45}}}}
        steps:
          - expect: {balances: {jane: {current: 1234567890123.45}}}
    """
    assert run_scenario(written(tmp_path, text)).holds


@pytest.mark.parametrize(
    "tender", ["pay", "pay.tenders.1", "pay.tender_ids.1", "@pay.tenders.1", "'@pay.tender_ids.1'", "'@pay'"]
)
def test_every_form_of_a_reference_finds_the_tender(tmp_path, tender):
    more = f"""
        - {{as: sue, do: CancelTender, with: {{tender_id: {tender}, reason: ERROR}}}}
        - expect: {{status: {{pay.tenders.1: CANCELED}}, balances: {{'@jane': {{current: 100.00}}}}, verify: clean}}
    """
    assert run_scenario(small_day(tmp_path, more)).holds


def test_texts_may_hold_references_and_begin_with_the_sign_itself(tmp_path):
    more = """
        - {as: ann, do: OpenDrawer, with: {tender_control_id: drawer, note: '@pay.receipt_number'}}
        - {as: ann, do: OpenDrawer, with: {tender_control_id: drawer, note: '@@home'}}
        - expect: {drawers: {drawer: {openings: [PAYMENT, NO_SALE, NO_SALE]}}, verify: clean}
    """
    assert run_scenario(small_day(tmp_path, more)).holds
