import pytest
from PySide6.QtCore import Qt

from cashier_app.ui.widgets.bars import AgedDebt, AgedDebtBar, LimitBar, Part, StackedBar, shares


def show(qtbot, bar, width=400):
    qtbot.addWidget(bar)
    bar.resize(width, bar.heightForWidth(width))
    bar.show()
    return bar.grab().toImage()


@pytest.mark.parametrize("parts", [(1, 1, 1), (100, 1, 0), (0, 0, 7), (10**12, 1, 1)])
def test_lengths_fill_the_bar_and_no_debt_is_invisible(parts):
    wide = shares(parts, 300)
    assert sum(wide) == 300
    assert all(width >= 4 for width, part in zip(wide, parts, strict=True) if part)
    assert all(width == 0 for width, part in zip(wide, parts, strict=True) if not part)


def test_debt_is_said_in_words_by_age(qtbot):
    bar = AgedDebtBar()
    bar.show_debt(AgedDebt(new=2000, to_30=8410, older=350))
    show(qtbot, bar)
    assert bar.accessibleName() == "New 20.00; 0-30 84.10; Older 3.50"
    bar.show_debt(AgedDebt())
    assert bar.accessibleName() == "Nothing is owed"


def test_a_narrow_bar_breaks_its_labels_and_leaves_none_out(qtbot):
    bar = AgedDebtBar()
    bar.show_debt(AgedDebt(1000, 2000, 3000, 4000, 5000))
    assert bar.heightForWidth(150) > bar.heightForWidth(600)


def test_right_to_left_the_bar_starts_at_the_right(qtbot):
    debt = AgedDebt(new=100, older=900)
    bar = AgedDebtBar()
    bar.show_debt(debt)
    image = show(qtbot, bar)
    mirrored = AgedDebtBar()
    mirrored.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    mirrored.show_debt(debt)
    other = show(qtbot, mirrored)
    assert image.pixelColor(10, 6) == other.pixelColor(other.width() - 11, 6)
    assert image.pixelColor(10, 6) != other.pixelColor(10, 6)


@pytest.mark.parametrize(
    ("used", "limit", "tone", "words"),
    [
        (1000, 200_000, "accent", "10.00 of 2,000.00"),
        (160_000, 200_000, "attention", "1,600.00 of 2,000.00"),
        (223_400, 200_000, "danger", "234.00 over the limit of 2,000.00"),
        (500, 0, "accent", "5.00, no limit"),
    ],
)
def test_a_limit_says_how_near_it_is(qtbot, used, limit, tone, words):
    bar = LimitBar("Cash")
    bar.show_used(used, limit)
    show(qtbot, bar)
    assert bar.tone == tone
    assert bar.accessibleName() == f"Cash: {words}"


def test_takings_are_named_by_tender_type(qtbot):
    bar = StackedBar("Takings")
    bar.show_parts([Part("Cash", 90000), Part("Check", 4500)], 300_000)
    show(qtbot, bar)
    assert bar.accessibleName() == "Takings: Cash 900.00, Check 45.00"
