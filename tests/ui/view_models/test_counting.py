from cashier_app.ui.view_models.counting import CountedDenomination, Counting


def test_loose_and_packed_pieces_add_up():
    counting = Counting([CountedDenomination(2000, packed=100), CountedDenomination(25, coin=True, packed=40)])
    counting.count(0, loose=14, packs=1)
    counting.count(1, loose=7, packs=2)
    assert counting.amount(0) == 228_000
    assert counting.amount(1) == 2_175
    assert counting.total == 230_175
    assert counting.by_value() == {2000: 114, 25: 87}
    counting.clear()
    assert counting.total == 0
