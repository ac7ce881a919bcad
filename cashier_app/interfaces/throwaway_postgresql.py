"""A PostgreSQL server that exists only as long as somebody looks at it: for tests, benchmarks and demonstrations.

It needs the server's programs on this machine, no running cluster and no rights: data and socket live in a directory of
their own below the temporary directory, and the server listens on the loopback address alone, on a free port.

Whoever starts such a server may be killed before it can stop it. So the stopping is left to a small guardian process,
which waits for the end of a pipe: it comes when the caller is done, and just as surely when the caller is gone.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SUPERUSER: Final = "postgres"
_ATTEMPTS: Final = 5
_ENOUGH_MEMORY: Final = 1 << 30
_SOCKET_PATH_LIMIT: Final = 107  # bytes, in every Unix; a longer temporary directory leaves the loopback address

# An interrupt from the keyboard reaches every process of the terminal; the guardian must outlive it to clean up.
_GUARDIAN: Final = """
trap '' INT TERM HUP
read -r _
"$1" -D "$2/data" -s -m immediate stop
rm -rf "$2"
"""
_GUARDIAN_OF_KEPT_DATA: Final = """
trap '' INT TERM HUP
read -r _
"$1" -D "$2/data" -s -t 600 -m fast stop
"""


class PostgresqlMissing(RuntimeError):  # noqa: N818 - a fact about the machine, not an error of the program
    """No PostgreSQL server programs were found on this machine."""


@contextmanager
def throwaway_postgresql(
    *, durable: bool = False, below: Path | None = None, kept: Path | None = None
) -> Iterator[str]:
    """Run a fresh server for the length of the block; yields the address of its database `postgres`.

    Without `durable` nothing waits for the disk, which is right for tests and dishonest in a measurement. The data lie
    `below` a directory, by default the temporary one; without `durable` in memory, where there is room. With `kept`
    they lie in that directory and outlive the server: who names it again is served the same databases.
    """
    programs = server_programs()
    if programs is None:
        raise PostgresqlMissing("no PostgreSQL server programs found (Debian: apt-get install postgresql)")
    below = below or (None if durable else _memory_file_system())
    directory = kept or Path(tempfile.mkdtemp(prefix="cashier-postgresql-", dir=below))
    directory.mkdir(parents=True, exist_ok=True)
    server = _Server(programs, directory, durable=durable, kept=kept is not None)
    try:
        port = server.start()
        yield f"postgresql+psycopg://{_SUPERUSER}@127.0.0.1:{port}/postgres"
    finally:
        server.stop()


def server_programs() -> Path | None:
    """The directory that holds `initdb` and `pg_ctl` of the newest installed release."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class _Server:
    def __init__(self, programs: Path, directory: Path, *, durable: bool, kept: bool) -> None:
        self._programs = programs
        self._directory = directory
        self._durable = durable
        self._kept = kept
        self._owner = _unprivileged_owner()
        self._guardian: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        if self._owner is not None:
            os.chown(self._directory, *self._owner)
        guardian = _GUARDIAN_OF_KEPT_DATA if self._kept else _GUARDIAN
        self._guardian = self._popen(
            "sh", "-c", guardian, "guardian", str(self._programs / "pg_ctl"), str(self._directory)
        )
        if not (self._directory / "data" / "PG_VERSION").exists():
            self._run(
                "initdb", "--username", _SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8",
                "--no-sync",
            )  # fmt: skip
        for remaining in reversed(range(_ATTEMPTS)):
            # Between looking for a free port and taking it, another worker may have taken it.
            port = _free_port()
            try:
                self._run("pg_ctl", "-w", "-s", "-l", str(self._directory / "log"), "-o", self._options(port), "start")
            except subprocess.CalledProcessError as error:
                if not remaining:
                    error.add_note((self._directory / "log").read_text(errors="replace")[-2000:])
                    raise
            else:
                return port
        raise AssertionError("unreachable")

    def stop(self) -> None:
        if self._guardian is not None:
            assert self._guardian.stdin is not None
            self._guardian.stdin.close()
            self._guardian.wait()
        if not self._kept:
            shutil.rmtree(self._directory, ignore_errors=True)

    def _options(self, port: int) -> str:
        settings = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._directory) if self._has_room_for_a_socket() else "''",
            "max_connections": "100",
            "shared_buffers": "128MB",
            # The tests read their own clock and language, never the machine's.
            "timezone": "UTC",
        }
        if not self._durable:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "autovacuum": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
                "max_wal_size": "128MB",
            }
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _has_room_for_a_socket(self) -> bool:
        return len(os.fsencode(self._directory / ".s.PGSQL.65535.lock")) <= _SOCKET_PATH_LIMIT

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - our own arguments
            [str(self._programs / program), "-D", str(self._directory / "data"), *arguments],
            check=True,
            cwd=self._directory,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            # Not a pipe: the server inherits it, and reading it to its end would last as long as the server lives.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if program == "pg_ctl" else None,
            user=self._owner[0] if self._owner else None,
            group=self._owner[1] if self._owner else None,
            extra_groups=[] if self._owner else None,
            start_new_session=True,
        )

    def _popen(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own arguments
            command,
            cwd="/",
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._owner[0] if self._owner else None,
            group=self._owner[1] if self._owner else None,
            extra_groups=[] if self._owner else None,
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._directory),
            "LC_ALL": "C.UTF-8",
        }


def _memory_file_system() -> Path | None:
    """Copying a database of some six hundred small files takes a disk a quarter of a second, and memory none."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a directory of our own in it
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ENOUGH_MEMORY
    return memory if has_room else None


def _unprivileged_owner() -> tuple[int, int] | None:
    """Whom the server runs as: PostgreSQL refuses to run as root, so root lends it another identity."""
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - exists on Unix only, and so does root

    for name in (_SUPERUSER, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise PostgresqlMissing("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
        return port
