"""Money: exact or refused."""

import pickle
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.money import (
    LARGEST_AMOUNT,
    Money,
    NotMoney,
    amount_to_ask_for,
    converted,
    decimal_text,
    minor_digits,
    minor_of,
    rounded_quotient,
    split,
)

minors = st.integers(-LARGEST_AMOUNT, LARGEST_AMOUNT)
currencies = st.sampled_from(["USD", "JPY", "KWD", "CLF", "EUR"])


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("41.00", "USD", 4100),
        ("41", "USD", 4100),
        ("-0.05", "USD", -5),
        ("+1.5", "USD", 150),
        (" 7 ", "JPY", 7),
        ("1.234", "KWD", 1234),
        ("0.0001", "CLF", 1),
        (".5", "USD", 50),
        ("1.000", "USD", 100),
    ],
)
def test_a_plain_decimal_is_read_exactly(text, currency, minor):
    assert minor_of(text, currency) == minor


_HOSTILE = [
    "", " ", ".", "-", "1e3", "1E3", "NaN", "Infinity", "0x10", "1_000", "1,000.00", "1.005", "--1", "1-", "1.2.3",
    "\uff11\uff12", "\u0661", "1\u00a0000", "$5", "5 USD 6", "10000000000000.01", "1" * 400, "1\x00",
]  # fmt: skip


@pytest.mark.parametrize("text", _HOSTILE)
def test_anything_else_is_refused(text):
    with pytest.raises(NotMoney):
        Money.of(text, "USD")


@pytest.mark.parametrize("value", [1.0, True, None, "5", Decimal(5), LARGEST_AMOUNT + 1, -LARGEST_AMOUNT - 1])
def test_minor_units_are_whole_and_in_range(value):
    with pytest.raises(NotMoney):
        Money(value, "USD")


@pytest.mark.parametrize("value", [1.0, 5, None, b"1.00"])
def test_amounts_are_read_from_text_only(value):
    with pytest.raises(NotMoney):
        minor_of(value, "USD")


@pytest.mark.parametrize("currency", ["", "US", "usd", "USDX", "U$D", "ÜSD", "12A"])
def test_a_currency_is_three_capital_letters(currency):
    with pytest.raises(NotMoney):
        minor_digits(currency)


@given(minors, currencies)
def test_what_is_printed_is_read_again(minor, currency):
    money = Money(minor, currency)
    assert Money.parse(str(money)) == money
    assert pickle.loads(pickle.dumps(money)) == money


@given(minors, currencies)
def test_the_text_is_what_decimal_arithmetic_says(minor, currency):
    assert Decimal(decimal_text(minor, currency)) == Decimal(minor).scaleb(-minor_digits(currency))


@given(st.lists(minors.filter(lambda m: abs(m) < 10**12), max_size=50))
def test_sums_of_minor_units_are_sums_of_decimals(amounts):
    assert Decimal(decimal_text(sum(amounts), "USD")) == sum((Decimal(a) / 100 for a in amounts), Decimal(0))


def test_money_is_a_value():
    five = Money.of("5.00", "USD")
    assert five == Money(500, "USD")
    assert hash(five) == hash(Money(500, "USD"))
    assert five != Money(500, "EUR")
    assert five != 500
    assert five < Money(501, "USD")
    assert five >= Money(500, "USD")
    assert repr(five) == "Money(500, 'USD')"
    with pytest.raises(AttributeError):
        five.minor = 7
    with pytest.raises(NotMoney):
        assert five < Money(500, "EUR")


def test_no_part_of_a_split_goes_against_its_sign():
    assert split(176, [21, 102, 6248, 1]) == [1, 3, 172, 0]
    assert split(-176, [21, 102, 6248, 1]) == [-1, -3, -172, 0]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_a_split_loses_no_cent(amount, weights):
    parts = split(amount, weights)
    assert sum(parts) == amount
    left = amount
    for part, weight in list(zip(parts, weights, strict=True))[:-1]:
        exact = Decimal(amount) * weight / sum(weights)
        assert abs(part - exact) <= Decimal("0.5") + Decimal("1e-9") or part == left, "rounded, or all that is left"
        left -= part


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_quotients_round_half_up_away_from_zero(numerator, denominator):
    exact = Decimal(numerator) / Decimal(denominator)
    if abs(exact - exact.to_integral_value()) != Decimal("0.5") or denominator % 2 == 0:
        assert rounded_quotient(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_conversion_rounds_half_up_once_and_asking_rounds_up():
    assert converted(1000, "EUR", "USD", Decimal("1.08505")) == 1085
    assert converted(10, "EUR", "JPY", Decimal(155)) == 16
    assert amount_to_ask_for(1000, "USD", "EUR", Decimal("1.10")) == 910


@given(st.integers(1, 10**9), st.decimals("0.01", "200", places=5))
def test_what_is_asked_for_covers_what_is_due(due, rate):
    assert converted(amount_to_ask_for(due, "USD", "KWD", rate), "KWD", "USD", rate) >= due
