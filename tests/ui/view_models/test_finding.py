import pytest

from cashier_app.ui.view_models.finding import find

ACTIONS = ["Take payment", "Turn in", "Cancel payment", "Print receipt", "Pay out", "Open drawer", "Bezählen"]


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("take", "Take payment"),
        ("tp", "Take payment"),
        ("cp", "Cancel payment"),
        ("receipt", "Print receipt"),
        ("pay", "Pay out"),
        ("drw", "Open drawer"),
        ("BEZA", "Bezählen"),
    ],
)
def test_a_few_letters_find_the_action(letters, first):
    assert find(letters, ACTIONS, str)[0] == first


def test_no_letters_find_everything_in_its_order():
    assert find("", ACTIONS, str) == ACTIONS


def test_letters_in_no_name_find_nothing():
    assert find("zzz", ACTIONS, str) == []
