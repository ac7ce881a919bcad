"""Setup: approval profiles are read, changed and refused as a whole."""

import pytest

from cashier_app.ui.views.setup import SetupScreen
from tests.ui.office import an_office


@pytest.fixture
def office(sqlite_url, tmp_path):
    with an_office(sqlite_url, tmp_path, "adam") as made:
        yield made


@pytest.fixture
def screen(office, qtbot):
    return office.screen(qtbot, SetupScreen)


def shown(table):
    model = table.model()
    return [
        tuple(model.index(row, column).data() for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_a_profile_shows_its_bands_from_the_lowest_up(screen):
    assert shown(screen.table) == [("FEES", "Fees and corrections", "USD")]
    assert shown(screen.bands) == [
        ("no lower end", "below 0.00", "Credit approvers"),
        ("0.00", "10.00", "nobody need"),
        ("above 10.00", "100.00", "Approvers of level 1"),
        ("above 100.00", "no upper end", "Approvers of level 1 → Approvers of level 2"),
    ]


def test_a_gap_and_an_overlap_are_refused_and_change_nothing(office, screen):
    screen._change()
    third = screen.sheet.bands.rows[2]
    third.low.set_value(2000)
    screen.sheet.wanted.emit()
    assert "lie in no band" in screen.sheet.problem
    third.low.set_value(500)
    screen.sheet.wanted.emit()
    assert "overlap" in screen.sheet.problem
    assert shown(screen.bands)[2][0] == "above 10.00"
    assert office.said == []


def test_levels_and_governed_types_are_saved_together(office, screen):
    screen._change()
    sheet = screen.sheet
    sheet.bands.rows[2].roles[1].choose("ADJ-HEAD")
    sheet.governs.tick({"FEE"})
    sheet.wanted.emit()
    assert sheet.isHidden()
    assert shown(screen.bands)[2][2] == "Approvers of level 1 → Head of customer accounting"
    assert [each.code for each in screen.rules.governed("FEES")] == ["FEE"]
    screen._change()
    sheet.governs.clear()
    sheet.wanted.emit()
    assert screen.rules.governed("FEES") == ()


def test_a_new_profile_begins_with_one_band_for_every_amount(office, screen):
    screen.sheet.start(None)
    screen.sheet.wanted.emit()
    assert screen.sheet.form.problem("code") == "Fill this in: a short code."
    screen.sheet.code.setText("HEAD")
    screen.sheet.currency.choose("USD")
    screen.sheet.bands.rows[0].roles[0].choose("ADJ-HEAD")
    screen.sheet.wanted.emit()
    assert [row[0] for row in shown(screen.table)] == ["FEES", "HEAD"]
    assert shown(screen.bands) == [("no lower end", "no upper end", "Head of customer accounting")]


def test_a_band_is_added_and_removed(screen):
    screen._change()
    bands = screen.sheet.bands
    bands.add.click()
    assert len(bands.rows) == 5
    bands.rows[-1].remove.click()
    bands.rows[0].low.setText("much")
    bands.rows[0].low.textEdited.emit("much")
    screen.sheet.wanted.emit()
    assert "Type an amount" in screen.sheet.problem
