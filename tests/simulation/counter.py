"""A counter at which payments are taken on a faulty disk, and what its operator remembers."""

import random
from dataclasses import dataclass, field

from cashier_app.simulation.apsw_driver import Connection, DatabaseError, OperationalError
from cashier_app.simulation.faults import FaultKind, MachineStopped
from cashier_app.simulation.faulty_files import FaultyDisk

TABLES = (
    "CREATE TABLE IF NOT EXISTS payment (id INTEGER PRIMARY KEY, command TEXT NOT NULL UNIQUE, amount INTEGER) STRICT",
    "CREATE TABLE IF NOT EXISTS segment (payment INTEGER REFERENCES payment, amount INTEGER, note TEXT) STRICT",
    "CREATE TABLE IF NOT EXISTS drawer (id INTEGER PRIMARY KEY, total INTEGER NOT NULL) STRICT",
    "INSERT INTO drawer VALUES (1, 0) ON CONFLICT DO NOTHING",
)


@dataclass
class Counter:
    disk: FaultyDisk
    rng: random.Random
    synchronous: str = "FULL"
    journal: str = "WAL"
    acknowledged: set[str] = field(default_factory=set)
    serial: int = 0

    def open(self) -> Connection:
        connection = self.disk.connect("branch.db", autocheckpoint=20)
        mode = connection.execute(f"PRAGMA journal_mode={self.journal}").fetchone()[0]
        if mode.upper() != self.journal:
            # In the old mode FULL would not be enough.
            raise OperationalError(f"journal mode is {mode}")
        connection.execute(f"PRAGMA synchronous={self.synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=12")  # so that reading goes to the disk, too
        for table in TABLES:
            connection.execute(table)
        return connection

    def pay(self, connection: Connection) -> None:
        """One payment of four segments. It is acknowledged when this returns."""
        self.serial += 1
        command = f"command-{self.serial}"
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO payment (command, amount) VALUES (?, 100)", (command,))
        note = "x" * self.rng.randrange(2500)
        cursor.executemany("INSERT INTO segment VALUES (?, 25, ?)", [(cursor.lastrowid, note)] * 4)
        cursor.execute("UPDATE drawer SET total = total + 100")
        connection.commit()
        self.acknowledged.add(command)

    def work(self, connection: Connection, payments: int) -> None:
        """Take payments; an operator whose payment was refused goes on with the next."""
        for _ in range(payments):
            try:
                self.pay(connection)
            except OperationalError:
                connection.rollback()

    def until_it_stops(self, payments: int) -> None:
        try:
            self.work(self.open(), payments)
        except MachineStopped:
            return
        except OperationalError:
            pass  # a fault while opening: the cashier gives up for the day
        self.disk.cut_power()

    def found(self) -> tuple[set[str], str]:
        """After a restart: the commands that are there, and what SQLite thinks of the file."""
        self.disk.disarm()
        connection = self.open()
        health = connection.execute("PRAGMA integrity_check").fetchone()[0]
        commands = {command for (command,) in connection.execute("SELECT command FROM payment")}
        payments, segments, total = connection.execute(
            "SELECT (SELECT count(*) FROM payment), (SELECT count(*) FROM segment), (SELECT total FROM drawer)"
        ).fetchone()
        assert (segments, total) == (4 * payments, 100 * payments), "a payment is neither whole nor absent"
        connection.close()
        return commands, health


def lost_after_cuts(
    synchronous: str, cuts: int, seed: int, *, extra: tuple[FaultKind, ...] = (), journal: str = "WAL"
) -> tuple[int, int]:
    """Cut the power again and again.

    Returns after how many cuts an acknowledged payment was missing, and after how many SQLite or
    the sums found the file damaged. One payment more than acknowledged is right: it was committed
    when the power went, and nobody was told.
    """
    rng = random.Random(seed)
    losses = damages = 0
    counter = Counter(FaultyDisk(rng), rng, synchronous, journal)
    for cut in range(cuts):
        if cut % 40 == 0:
            counter = Counter(FaultyDisk(rng), rng, synchronous, journal)
        for fault in extra:
            counter.disk.arm(fault, after=rng.randrange(60))
        kind = FaultKind.POWER_CUT if rng.random() < 0.8 else FaultKind.PROCESS_KILLED
        counter.disk.arm(kind, after=rng.randrange(150))
        counter.until_it_stops(payments=12)
        counter.disk.restart()
        try:
            present, health = counter.found()
        except (AssertionError, DatabaseError):
            present, health = counter.acknowledged, "damaged"
        losses += not counter.acknowledged <= present
        damages += health != "ok"
        if counter.acknowledged != present or health != "ok":
            assert len(present - counter.acknowledged) <= 1 or extra
            counter = Counter(FaultyDisk(rng), rng, synchronous, journal)
    return losses, damages
