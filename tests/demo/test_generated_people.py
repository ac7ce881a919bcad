"""The customers of the demonstration are plausible, lively and as many as one likes."""

import itertools
import tracemalloc
import unicodedata

import pytest

from cashier_app.demo.generated_people import LIVELY, demo_customers


def test_the_day_begins_with_sixty_customers_who_have_something_to_do():
    customers = list(demo_customers())
    assert len(customers) == LIVELY == 60
    assert [customer.number for customer in customers] == list(range(1, 61))
    assert sum(customer.current_balance != 0 for customer in customers) >= 58


def test_a_longer_sequence_begins_as_a_shorter_one():
    assert list(demo_customers(count=50)) == list(demo_customers(count=500))[:50]


def test_same_seed_same_people_other_seed_other_people():
    assert list(demo_customers(seed=7)) == list(demo_customers(seed=7))
    assert list(demo_customers(seed=7)) != list(demo_customers(seed=8))


def test_jane_masters_pays_an_ordinary_bill():
    jane = next(demo_customers())
    assert (jane.name, jane.sort_name) == ("Jane Masters", "Masters, Jane")
    assert jane.address.street == "18 Oak Lane"
    assert {agreement.service: agreement.current_balance for agreement in jane.agreements} == {
        "electric": 8_410,
        "gas": 4_125,
        "deposit": 0,
    }


def test_stories_cover_what_a_counter_sees():
    told = [customer for customer in demo_customers() if customer.story]
    agreements = [agreement for customer in told for agreement in customer.agreements]
    assert len(told) >= 20
    assert {agreement.service for agreement in agreements} == {"electric", "gas", "water", "deposit"}
    assert any(customer.cash_only for customer in told)
    assert any(customer.alert for customer in told)
    assert any(customer.is_business for customer in told)
    assert any(customer.current_balance == 0 for customer in told)
    assert any(customer.current_balance < 0 for customer in told)
    assert any(customer.current_balance > 100_000_000 for customer in told)
    assert any(debt.days > 120 for agreement in agreements for debt in agreement.debts)


def test_a_deposit_held_is_money_the_customer_has_lent():
    agreements = [agreement for customer in demo_customers(count=500) for agreement in customer.agreements]
    for agreement in agreements:
        if agreement.service == "deposit":
            assert agreement.payoff_balance == -agreement.deposit_held <= 0
        else:
            assert agreement.deposit_held == 0
            assert agreement.payoff_balance == agreement.current_balance


def test_debts_are_listed_oldest_first_and_lie_in_the_past():
    for customer in demo_customers(count=2_000):
        for agreement in customer.agreements:
            days = [debt.days for debt in agreement.debts]
            assert days == sorted(days, reverse=True)
            assert all(day > 0 for day in days)
            assert all(debt.cents != 0 for debt in agreement.debts)


def test_no_customer_has_two_agreements_for_one_service():
    for customer in demo_customers(count=2_000):
        services = [agreement.service for agreement in customer.agreements]
        assert services
        assert len(services) == len(set(services))


def test_names_come_from_many_alphabets_and_nobody_can_be_called_or_written_to():
    customers = list(demo_customers(count=2_000))
    letters = set("".join(customer.name for customer in customers))
    assert letters >= set("łøñçğễßō")
    assert {unicodedata.name(letter).split()[0] for letter in letters if letter.isalpha()} == {
        "LATIN",
        "GREEK",
        "CYRILLIC",
    }
    for customer in customers:
        assert ") 555-01" in customer.phone
        assert customer.email.isascii()
        assert not customer.email or customer.email.endswith(".example")


def test_most_customers_after_the_lively_ones_owe_nothing():
    ordinary = list(itertools.islice(demo_customers(count=5_000), LIVELY, None))
    owing = sum(customer.current_balance > 0 for customer in ordinary)
    assert 0.3 < owing / len(ordinary) < 0.45


@pytest.mark.slow
def test_twenty_thousand_take_no_more_memory_than_one():
    for _ in demo_customers(count=5_000):  # fill the caches first
        pass
    tracemalloc.start()
    for _ in demo_customers(count=20_000):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
