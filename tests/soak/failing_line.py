"""A line that fails: a proxy on the loopback that spoils three requests in ten, each in one of the ways lines fail."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Fate(StrEnum):
    """What becomes of a request."""

    PASSED = "passed"
    REFUSED = "refused"
    """Nobody listens."""
    CUT_BEFORE = "cut before it arrived"
    CUT_AFTER = "cut after the server had done it"
    CUT_WITHIN = "cut in the middle of the answer"
    DELAYED = "answered when nobody waits any more"


_SPOILED = tuple(fate for fate in Fate if fate is not Fate.PASSED)
_HEAD_END = b"\r\n\r\n"


class FailingLine:
    """Forwards requests to a server, or does not. What it does is drawn from a seed."""

    def __init__(self, server_url: str, share: float, patience: float, seed: int) -> None:
        address = urlsplit(server_url)
        self._server = (address.hostname or "", address.port or 80)
        self._share, self._patience = share, patience
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.fates: Counter[Fate] = Counter()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def share_spoiled(self) -> float:
        """Of all requests so far."""
        return 1 - self.fates[Fate.PASSED] / self.fates.total()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(self._server) as server:
            while self._one(client, server):
                pass

    def _one(self, client: socket.socket, server: socket.socket) -> bool:
        """Handle one request; tells whether the connection goes on."""
        head = _until_head(client)
        if not head:
            return False
        fate = self._draw()
        if fate is Fate.REFUSED:
            return False
        request = _whole(client, head)
        if fate is Fate.CUT_BEFORE:
            return False
        server.sendall(request)
        answer = _whole(server, _until_head(server))
        match fate:
            case Fate.CUT_AFTER:
                return False
            case Fate.CUT_WITHIN:
                client.sendall(answer[: len(answer) // 2])
                return False
            case Fate.DELAYED:
                time.sleep(self._patience * 1.2)
        client.sendall(answer)
        return True

    def _draw(self) -> Fate:
        with self._lock:
            spoiled = self._random.random() < self._share
            fate = self._random.choice(_SPOILED) if spoiled else Fate.PASSED
            self.fates[fate] += 1
        return fate


@contextmanager
def failing_line(server_url: str, *, share: float, patience: float, seed: int) -> Iterator[FailingLine]:
    """A line to a server that fails for so large a share of requests."""
    line = FailingLine(server_url, share, patience, seed)
    try:
        yield line
    finally:
        line.close()


def _until_head(connection: socket.socket) -> bytes:
    """What came until the head of a message was whole, and perhaps more; nothing where the other side has ended."""
    found = b""
    while _HEAD_END not in found:
        piece = connection.recv(65536)
        if not piece:
            return b""
        found += piece
    return found


def _whole(connection: socket.socket, begun: bytes) -> bytes:
    """The message with its body, of which the head is there."""
    head, _, _ = begun.partition(_HEAD_END)
    length = len(head) + len(_HEAD_END)
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length += int(value)
    pieces, size = [begun], len(begun)
    while size < length:
        piece = connection.recv(1 << 20)
        if not piece:
            raise ConnectionError
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)
