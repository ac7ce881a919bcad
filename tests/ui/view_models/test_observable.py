import gc

from cashier_app.ui.view_models import observable
from cashier_app.ui.view_models.observable import Observable, Signal


class Listener:
    def __init__(self):
        self.heard = []

    def hear(self, *facts):
        self.heard.append(facts)


def test_listeners_hear_in_the_order_they_came():
    signal, heard = Signal(), []
    signal.connect(lambda fact: heard.append(("first", fact)))
    signal.connect(lambda fact: heard.append(("second", fact)))
    signal.emit(1)
    assert heard == [("first", 1), ("second", 1)]


def test_a_closed_view_is_forgotten():
    signal, listener = Signal(), Listener()
    signal.connect(listener.hear)
    del listener
    gc.collect()
    signal.emit()
    assert len(signal) == 0


def test_connecting_twice_is_connecting_once():
    signal, listener = Signal(), Listener()
    signal.connect(listener.hear)
    signal.connect(listener.hear)
    signal.emit()
    assert len(listener.heard) == 1
    signal.disconnect(listener.hear)
    signal.emit()
    assert len(listener.heard) == 1


def test_several_changes_can_be_told_as_one():
    thing, listener = Observable(), Listener()
    thing.changed.connect(listener.hear)
    with thing.changing(), thing.changing():
        thing.notify()
        thing.notify()
    assert len(listener.heard) == 1
    with thing.changing():
        pass
    assert len(listener.heard) == 1


def test_a_view_that_the_toolkit_deleted_is_told_nothing(monkeypatch):
    deleted = []
    monkeypatch.setattr(observable, "_checks", [lambda owner: owner not in deleted])
    signal, listener = Signal(), Listener()
    signal.connect(listener.hear)
    deleted.append(listener)
    signal.emit()
    assert listener.heard == []
    assert len(signal) == 0
