"""The pages a stranger works from say what the program does today, and their examples hold."""

import re

import pytest

from cashier_app.scenarios.running import run_scenario
from cashier_app.services.administration.packages import package_text, read_package, tables_of
from tests.support.reference_pages import CONFIGURATION, SCENARIOS, pages


@pytest.mark.parametrize("page", [SCENARIOS, CONFIGURATION], ids=lambda page: page.stem)
def test_page_is_not_stale(page):
    assert page.read_text(encoding="utf-8") == pages()[page], "run python -m tests.support.reference_pages"


def examples():
    blocks = re.findall(r"```yaml\n(.*?)```", SCENARIOS.read_text(encoding="utf-8"), re.DOTALL)
    return [block for block in blocks if block.startswith("scenario:")]


def test_page_has_three_whole_examples():
    assert len(examples()) == 3


@pytest.mark.parametrize("example", examples(), ids=lambda text: text.split("\n")[0].removeprefix("scenario: "))
def test_example_of_the_page_holds(example, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    report = run_scenario(path)
    assert [each for each in report.findings if not each.holds] == []
    assert report.holds


def test_a_package_is_the_same_after_it_was_written_and_read():
    tables = read_package("demo-utility")
    assert tables_of(package_text(tables), "copy") == tables
