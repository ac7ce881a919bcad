"""Bands of amounts: each amount lies in exactly one (R adjustments 6.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.approvals import ApprovalBand, ApprovalProfile, band_problems
from cashier_app.domain.money import Money


def usd(text: str) -> Money:
    return Money.of(text, "USD")


SEED = (
    ApprovalBand(high=usd("0.00"), high_inclusive=False, roles=("CREDIT",)),
    ApprovalBand(low=usd("0.00"), high=usd("10.00")),
    ApprovalBand(low=usd("10.00"), low_inclusive=False, high=usd("100.00"), roles=("LEVEL1",)),
    ApprovalBand(low=usd("100.00"), low_inclusive=False, roles=("LEVEL1", "LEVEL2")),
)
"""The hierarchy of S1 p.98."""


@pytest.mark.parametrize(
    ("amount", "roles"),
    [
        ("-1000.00", ("CREDIT",)),
        ("-0.01", ("CREDIT",)),
        ("0.00", ()),
        ("10.00", ()),
        ("10.01", ("LEVEL1",)),
        ("100.00", ("LEVEL1",)),
        ("100.01", ("LEVEL1", "LEVEL2")),
        ("150.00", ("LEVEL1", "LEVEL2")),
    ],
)
def test_the_bounds_of_the_seeds_hierarchy(amount: str, roles: tuple[str, ...]) -> None:
    profile = ApprovalProfile(code="P", currency="USD", hierarchy=SEED)
    assert profile.band_of(usd(amount).minor).roles == roles


def test_the_seeds_hierarchy_is_whole() -> None:
    assert list(band_problems(SEED, "USD")) == []


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ((), "at least one band"),
        ((ApprovalBand(low=usd("0.00")),), "leave its lower end out"),
        ((ApprovalBand(high=usd("0.00")),), "leave its upper end out"),
        ((ApprovalBand(high=usd("10.00")), ApprovalBand(low=usd("10.00"))), "overlap"),
        ((ApprovalBand(), ApprovalBand(low=usd("5.00"), high=usd("6.00"))), "overlap"),
        (
            (
                ApprovalBand(high=usd("10.00"), high_inclusive=False),
                ApprovalBand(low=usd("10.00"), low_inclusive=False),
            ),
            "lie in no band",
        ),
        ((ApprovalBand(low=usd("5.00"), high=usd("4.00")),), "no amount lies in"),
        ((ApprovalBand(high=Money.of("1.00", "EUR")), ApprovalBand(low=usd("1.01"))), "not EUR"),
    ],
)
def test_what_is_refused(bands: tuple[ApprovalBand, ...], said: str) -> None:
    assert any(said in sentence for sentence in band_problems(bands, "USD"))


def test_a_step_of_one_cent_is_no_gap() -> None:
    assert not list(band_problems((ApprovalBand(high=usd("10.00")), ApprovalBand(low=usd("10.01"))), "USD"))


ENDS = st.none() | st.integers(-3, 3).map(lambda minor: Money(minor, "USD"))
BANDS = st.builds(ApprovalBand, low=ENDS, low_inclusive=st.booleans(), high=ENDS, high_inclusive=st.booleans())


@given(st.lists(BANDS, max_size=4))
def test_bands_are_taken_exactly_when_every_amount_lies_in_one(bands: list[ApprovalBand]) -> None:
    exactly_one = all(sum(band.holds(minor) for band in bands) == 1 for minor in range(-6, 7))
    none_empty = all(band.first <= band.last for band in bands)
    assert (not list(band_problems(bands, "USD"))) == (exactly_one and none_empty)
