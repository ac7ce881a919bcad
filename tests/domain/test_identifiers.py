"""Keys and numbers with check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.identifiers import (
    COUNTER_BITS,
    LARGEST_NODE,
    account_number,
    counter_of,
    has_valid_check_digit,
    key_of,
    node_of,
    receipt_number,
    with_check_digit,
)

digits = st.text("0123456789", min_size=1, max_size=14)


@given(st.integers(1, LARGEST_NODE), st.integers(0, 2**COUNTER_BITS - 1))
def test_a_key_tells_its_node_and_counter_and_fits_64_bits(node, counter):
    key = key_of(node, counter)
    assert (node_of(key), counter_of(key)) == (node, counter)
    assert 0 < key < 2**63


@pytest.mark.parametrize(("node", "counter"), [(0, 1), (LARGEST_NODE + 1, 1), (1, -1), (1, 2**COUNTER_BITS)])
def test_no_key_beyond_its_bits(node, counter):
    with pytest.raises(AssertionError):
        key_of(node, counter)


@given(digits)
def test_a_number_with_its_check_digit_is_valid(number):
    assert has_valid_check_digit(with_check_digit(number))


@given(digits, st.data())
def test_every_single_wrong_digit_is_found(number, data):
    full = with_check_digit(number)
    place = data.draw(st.integers(0, len(full) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != full[place]]))
    assert not has_valid_check_digit(full[:place] + wrong + full[place + 1 :])


@given(digits, st.data())
def test_every_swap_of_neighbors_is_found(number, data):
    full = with_check_digit(number)
    place = data.draw(st.integers(0, len(full) - 2))
    swapped = full[:place] + full[place + 1] + full[place] + full[place + 2 :]
    assert swapped == full or not has_valid_check_digit(swapped)


@pytest.mark.parametrize("text", ["", "0", "12a", "\uff11\uff12", "-12", " 12"])
def test_what_is_no_number_is_not_valid(text):
    assert not has_valid_check_digit(text)


def test_numbers_have_the_lengths_that_are_printed():
    assert len(account_number(1, 1)) == 11
    assert account_number(1, 7)[:10] == "0010000007"
    assert len(receipt_number(1, 1)) == 12
