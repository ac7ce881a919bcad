"""A line that can be cut: passes bytes on between a branch and its server, and understands none of them.

What travels is encrypted from one end to the other; a cut ends every connection in the middle of whatever it says.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Final

HOST: Final = "127.0.0.1"
_PIECE: Final = 65_536


class Cable:
    """Listens at a port of this machine for as long as it is whole; `port` stays the same when it is mended."""

    def __init__(self, target: int, port: int = 0) -> None:
        self._target = target
        self._ends: list[socket.socket] = []
        self._listening: socket.socket | None = None
        self.port = port
        self.mend()

    def mend(self) -> None:
        """From now on bytes are passed on."""
        listening = self._listening = socket.create_server((HOST, self.port))
        self.port = listening.getsockname()[1]
        threading.Thread(target=self._welcome, args=(listening,), name="cable", daemon=True).start()

    def cut(self) -> None:
        """From now on nobody is reached, and whoever was hears no more."""
        ends, self._ends = self._ends, []
        if self._listening is not None:
            ends.append(self._listening)
            self._listening = None
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _welcome(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it was cut
            while True:
                near, _ = listening.accept()
                far = socket.create_connection((HOST, self._target))
                self._ends += [near, far]
                for come, go in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(come, go), name="cable", daemon=True).start()


def _pass_on(come: socket.socket, go: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := come.recv(_PIECE):
            go.sendall(piece)
        go.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def cable(target: int, wanted: int) -> Iterator[Cable]:
    """A whole line to a port of this machine, at the port that is wanted if that is free."""
    try:
        made = Cable(target, wanted)
    except OSError:
        made = Cable(target)
    try:
        yield made
    finally:
        made.cut()
