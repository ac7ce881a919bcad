"""A line that can be cut, and mended at the same place."""

import contextlib
import socket
import threading

import pytest

from cashier_app.demo.cable import HOST, cable


@pytest.fixture
def echo():
    """A port that says everything again."""

    def answer(listening):
        with contextlib.suppress(OSError):
            while True:
                near, _ = listening.accept()
                threading.Thread(target=repeat, args=(near,), daemon=True).start()

    def repeat(near):
        with contextlib.suppress(OSError), near:
            while piece := near.recv(100):
                near.sendall(piece)

    with socket.create_server((HOST, 0)) as listening:
        threading.Thread(target=answer, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def call(port):
    return socket.create_connection((HOST, port), timeout=5)


def test_a_whole_line_passes_on_what_both_ends_say(echo):
    with cable(echo, 0) as line, call(line.port) as caller:
        caller.sendall(b"hello")
        assert caller.recv(100) == b"hello"


def test_a_cut_ends_what_is_being_said_and_lets_nobody_through(echo):
    with cable(echo, 0) as line, call(line.port) as caller:
        caller.sendall(b"hello")
        assert caller.recv(100) == b"hello"
        line.cut()
        with contextlib.suppress(ConnectionError):
            assert caller.recv(100) == b""
        with pytest.raises(ConnectionError):
            call(line.port)


def test_a_mended_line_is_at_the_same_place(echo):
    with cable(echo, 0) as line:
        port = line.port
        line.cut()
        line.mend()
        assert line.port == port
        with call(port) as caller:
            caller.sendall(b"again")
            assert caller.recv(100) == b"again"


def test_a_place_that_is_taken_is_no_obstacle(echo):
    with cable(echo, echo) as line, call(line.port) as caller:
        assert line.port != echo
        caller.sendall(b"hello")
        assert caller.recv(100) == b"hello"
