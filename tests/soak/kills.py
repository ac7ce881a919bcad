"""Kills a workstation at moments of its day, and holds what its people were told against what its file has."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cashier_app.services.kernel.database import Database
from cashier_app.services.verifying import verify
from tests.soak.revisions import Revisions
from tests.soak.workstation import Orders
from tests.support.source_tree import ROOT

_FIRST_GUESS = 0.02
_QUICK = 100
"""Commands that are verified after each kill; all of them are at the end."""


@dataclass
class Told:
    """What was heard from a workstation over all its lives: the people's side of the story."""

    sent: dict[str, int] = field(default_factory=dict)
    """Minor units by command id; nothing for what takes no money."""
    done: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    resolved: int = 0
    """Commands that nobody knew the outcome of after a kill, and learned it of the next start."""
    taken_after_all: int = 0
    """Of these, those that had been taken."""
    closed: int = 0
    """Times that it closed by itself before it could be killed."""


class Victim:
    """One workstation: its orders, its many lives, and what was heard of it."""

    def __init__(self, orders: Orders, choice: random.Random, revisions: Revisions) -> None:
        self.orders = msgspec.structs.replace(orders, migrations=str(revisions.folder))
        self.told = Told()
        self.kills: Counter[str] = Counter()
        self._choice = choice
        self._revisions = revisions
        self._spans: dict[str, float] = {}
        self._left: dict[str, bool] = {}
        """Commands under way at the last kill: whether the journal had them."""

    @property
    def file(self) -> Path:
        """Its database."""
        return Path(self.orders.database)

    # -- a life

    def live(self, stage: str) -> bool:
        """Start it and kill it somewhere in the stage; tells whether it was killed before it closed by itself."""
        self.orders = msgspec.structs.replace(
            self.orders,
            seed=self._choice.getrandbits(32),
            days=1 if stage == "close" else 1_000_000,
            revision=self._revisions.add() if stage == "upgrade" else self.orders.revision,
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.workstation", msgspec.json.encode(self.orders).decode()],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        let_pass = 0 if stage in {"upgrade", "open", "sign-in", "close"} else self._choice.randrange(6)
        for line in self._lines(process):
            if line == f"doing {stage}":
                if not let_pass:
                    time.sleep(self._choice.uniform(0, 1.3 * self._spans.get(stage, _FIRST_GUESS)))
                    process.kill()
                    break
                let_pass -= 1
        for _ in self._lines(process):
            pass
        ended = process.wait()
        assert ended in {0, -signal.SIGKILL}, f"the workstation ended by itself with {ended}"
        if ended == 0:
            self.told.closed += 1
            return False
        self.kills[stage] += 1
        return True

    def close(self) -> None:
        """One last life that nobody cuts short; a branch stays until the server has everything."""
        self.orders = msgspec.structs.replace(
            self.orders, seed=self._choice.getrandbits(32), days=1, drains=self.orders.exchanges
        )
        process = subprocess.run(
            [sys.executable, "-m", "tests.soak.workstation", msgspec.json.encode(self.orders).decode()],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        for line in process.stdout.decode().splitlines():
            self._hear(line)

    @property
    def taken(self) -> int:
        """Minor units that were handed over in commands which its people know to be taken."""
        return sum(self.told.sent[command_id] for command_id in self.told.done)

    def _lines(self, process: subprocess.Popen[bytes]) -> Iterator[str]:
        assert process.stdout is not None
        stage, since = "", time.monotonic()
        for raw in process.stdout:
            line = raw.decode().rstrip("\n")
            now = time.monotonic()
            if line.startswith(("done", "doing", "closed")) and stage:
                known = self._spans.get(stage, now - since)
                self._spans[stage] = 0.8 * known + 0.2 * (now - since)
                stage = ""
            if line.startswith("doing"):
                stage, since = line.partition(" ")[2], now
            self._hear(line)
            yield line

    def _hear(self, line: str) -> None:
        word, *rest = line.split()
        told = self.told
        match word:
            case "sent":
                told.sent[rest[0]] = int(rest[2])
            case "done":
                assert rest[0] in told.sent, f"{rest[0]} was never sent"
                was = self._left.pop(rest[0], None)
                if was is not None:
                    assert (rest[1] == "again") == was, f"{rest[0]} was sent {rest[1]} though taken: {was}"
                    told.resolved += 1
                    told.taken_after_all += was
                told.done.add(rest[0])
            case "refused":
                told.refused[rest[0]] = rest[1]
            case "left":
                expected = self._left.get(rest[0])
                assert expected is None or expected == (rest[1] == "taken"), f"{rest[0]} is {rest[1]}"
            case "broken":
                raise AssertionError(line)

    # -- what must hold after a kill

    def examine(self, *, whole: bool = False) -> None:
        """Hold the file against what was told; after a kill, and wholly at the end."""
        database = Database(str(self.file), any_revision=True)
        try:
            assert verify(database, quick=not whole, recent=_QUICK).problems == ()
            journal = self._journaled(database)
            lost = self.told.done - journal.keys()
            assert not lost, f"acknowledged and gone: {sorted(lost)[:5]}"
            doubled = [command_id for command_id, number in journal.items() if number > 1]
            assert not doubled, f"journaled twice: {doubled[:5]}"
            self._look_at_money(database, journal)
        finally:
            database.close()
        self._look_at_copies()
        noted = self._noted()
        unseen = (journal.keys() & self.told.sent.keys()) - self.told.done - noted
        assert not unseen, f"taken, never told, and not asked for at the next start (S3): {sorted(unseen)}"
        self._left = {command_id: command_id in journal for command_id in noted - self.told.done}

    def _journaled(self, database: Database) -> dict[str, int]:
        rows = database.connection.execute("SELECT command_id, count(*) FROM journal GROUP BY command_id")
        return dict(rows.fetchall())

    def _look_at_money(self, database: Database, journal: dict[str, int]) -> None:
        """Each payment carries its command's id as a note: one event each, of the amount that was handed over."""
        rows = database.connection.execute(
            "SELECT e.note, count(DISTINCT e.id), sum(t.amount) FROM payment_event e "
            "JOIN tender t ON t.event_id = e.id WHERE e.note <> '' GROUP BY e.note"
        ).fetchall()
        found = {note: (number, amount) for note, number, amount in rows if note in self.told.sent}
        taken = {command_id for command_id, minor in self.told.sent.items() if minor and command_id in journal}
        assert found == {command_id: (1, self.told.sent[command_id]) for command_id in taken}

    def _look_at_copies(self) -> None:
        """A copy that an upgrade has made is whole, whatever became of the upgrade."""
        for path in self.file.parent.glob(f"{self.file.stem}-before-upgrade-*{self.file.suffix}"):
            copy = Database(str(path), any_revision=True)
            # A branch may be killed before its first command: then the journal is there, and empty.
            assert copy.connection.execute("SELECT count(*) FROM journal").fetchone()[0] >= 0, path
            assert copy.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), path
            copy.close()
            path.unlink()

    def _noted(self) -> set[str]:
        """Commands that the program has written down as under way."""
        paths = (Path(self.orders.state) / "under-way").glob("*/*.json")
        return {json.loads(path.read_text(encoding="utf-8"))["command_id"] for path in paths}


def stages_in_turn(stages: Sequence[str], choice: random.Random) -> Iterator[str]:
    """Each stage as often as it is named, in an order of chance, for ever."""
    while True:
        yield from choice.sample(stages, len(stages))
