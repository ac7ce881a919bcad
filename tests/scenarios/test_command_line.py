"""`cashier scenario` as an accountant and as a program use it."""

import json

from typer.testing import CliRunner

from cashier_app.cli.app import app
from tests.scenarios.writing import small_day, written

GOOD = "- expect: {balances: {jane: {current: 60.00}}, verify: clean}"
WRONG = "- expect: {balances: {jane: {current: 61.00}}}"


def cashier(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "160"})


def test_a_scenario_that_holds_shows_each_figure_and_exits_with_0(tmp_path):
    answer = cashier("scenario", "run", small_day(tmp_path, GOOD))
    assert answer.exit_code == 0
    assert "balances jane current" in answer.output
    assert "60.00" in answer.output
    assert "A small day: holds" in answer.output


def test_a_difference_is_marked_and_exits_with_1(tmp_path):
    answer = cashier("scenario", "run", small_day(tmp_path, WRONG))
    assert answer.exit_code == 1
    assert "✗" in answer.output
    assert "1 of 1 expectations differ" in answer.output


def test_a_program_gets_one_json_object(tmp_path):
    answer = cashier("scenario", "run", "--json", small_day(tmp_path, WRONG))
    assert answer.exit_code == 1
    report = json.loads(answer.stdout)
    assert report["holds"] is False
    (scenario,) = report["scenarios"]
    assert scenario["expectations"] == [
        {
            "line": 17,
            "step": "4",
            "what": "balances jane current",
            "expected": "61.00",
            "found": "60.00",
            "holds": False,
        }
    ]


def test_the_actual_figures_are_written_in_the_same_format(tmp_path):
    out = tmp_path / "actual.yaml"
    assert cashier("scenario", "run", small_day(tmp_path, WRONG), "--write-actual", out).exit_code == 1
    assert cashier("scenario", "run", out).exit_code == 0


def test_mistakes_go_to_standard_error_with_file_and_line(tmp_path):
    path = written(tmp_path, "scenario: A\nsteps:\n  - {as: system, do: SealDays}\n")
    for command in ("run", "check"):
        answer = cashier("scenario", command, path)
        assert answer.exit_code == 1
        assert f"{path}:3: SCN-006" in answer.stderr
    assert json.loads(cashier("scenario", "check", "--json", path).stdout)["mistakes"][0]["code"] == "SCN-006"


def test_several_files_are_summed_up_and_take_no_common_database(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = small_day(tmp_path / "a", GOOD), small_day(tmp_path / "b", WRONG)
    answer = cashier("scenario", "run", *files)
    assert answer.exit_code == 1
    assert "1 of 2 scenarios hold" in answer.output
    assert "SCN-009" in cashier("scenario", "run", *files, "--database", tmp_path / "one.db").stderr
