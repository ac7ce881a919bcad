"""What a password becomes, with the product's own hasher; all other tests have a quick one."""

from argon2 import Type, extract_parameters

from cashier_app.services.administration import users


def test_a_stolen_hash_costs_who_guesses_as_much_as_owasp_asks(slow_hasher):
    made = extract_parameters(slow_hasher().hash("correct horse battery"))
    assert made.type is Type.ID
    assert made.memory_cost >= 19 * 1024
    assert made.time_cost >= 2
    assert made.salt_len >= 16


def test_a_hash_is_another_each_time_and_still_fits():
    first, second = (users.hashed("correct horse battery") for _ in range(2))
    assert first != second
    assert users._hasher().verify(first, "correct horse battery")
