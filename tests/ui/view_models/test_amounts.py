import pytest

from cashier_app.ui.view_models.amounts import AmountFormat, AmountRefused

DOLLARS = AmountFormat()
EUROS = AmountFormat.of_currency("EUR", decimal_mark=",", group_mark=".")
YEN = AmountFormat.of_currency("JPY")
DINARS = AmountFormat.of_currency("KWD")


@pytest.mark.parametrize(
    ("currency", "value", "text"),
    [
        (DOLLARS,         0, "0.00"),
        (DOLLARS,         5, "0.05"),
        (DOLLARS,     12550, "125.50"),
        (DOLLARS,  -2535000, "\u221225,350.00"),
        (EUROS,      123456, "1.234,56"),
        (YEN,          1234, "1,234"),
        (DINARS,       1234, "1.234"),
    ],
)  # fmt: skip
def test_amounts_are_written_in_the_users_manner(currency, value, text):
    assert currency.text(value) == text


def test_a_credit_is_marked_as_on_the_bill():
    assert DOLLARS.balance(-2535) == "25.35 CR"
    assert DOLLARS.balance(2535) == "25.35"


def test_zero_is_a_dash_in_grids():
    assert DOLLARS.grid(0) == "\u2013"


@pytest.mark.parametrize(
    ("currency", "typed", "value"),
    [
        (DOLLARS, "125.50",      12550),
        (DOLLARS, "125",         12500),
        (DOLLARS, ".5",             50),
        (DOLLARS, "125.",        12500),
        (DOLLARS, "1,234.50",   123450),
        (DOLLARS, "1,234",      123400),
        (DOLLARS, "125,50",      12550),
        (DOLLARS, " 1 234.5 ",  123450),
        (EUROS,   "1.234,50",   123450),
        (EUROS,   "125.50",      12550),
        (EUROS,   "1.250",      125000),
        (YEN,     "1,234",        1234),
        (DINARS,  "1.234",        1234),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(currency, typed, value):
    assert currency.parse(typed) == value


def test_figures_without_a_mark_may_be_minor_units_as_on_a_cash_register():
    assert DOLLARS.parse("12550", implied_decimals=True) == 12550
    assert DOLLARS.parse("125.", implied_decimals=True) == 12500
    assert YEN.parse("125", implied_decimals=True) == 125


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("",         "not_a_number"),
        ("x",        "not_a_number"),
        ("1.2.3",    "not_a_number"),
        ("1,23,4.5", "not_a_number"),
        ("1e3",      "not_a_number"),
        ("٣",        "not_a_number"),
        ("125.505",  "too_many_decimals"),
        ("-5",       "negative"),
        ("5 CR",     "negative"),
        ("9" * 20,   "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_reason(typed, code):
    with pytest.raises(AmountRefused) as refused:
        DOLLARS.parse(typed)
    assert refused.value.code == code


@pytest.mark.parametrize("value", [0, 1, 99, 100, 12550, -12550, 10**15])
def test_what_is_written_is_read_back(value):
    for currency in (DOLLARS, EUROS, YEN, DINARS):
        assert currency.parse(currency.text(value), negative=True) == value
        assert currency.parse(currency.balance(value), negative=True) == value
