"""The server's secret: made once, kept in a file that nobody else may read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cashier_app.domain.errors import EnvironmentProblem

SIZE: Final = 32


def read_secret(path: Path) -> bytes:
    """The secret in a file, which is made where there is none.

    Raises:
        EnvironmentProblem: SRV-003 where others may read it, or it is too short to be one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SIZE) + "\n")
        file.flush()
        os.fsync(descriptor)
    return _read(path)


def _read(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise EnvironmentProblem(
            "SRV-003",
            f"Others may read the secret in {path}. Take the right from them (chmod 600), or delete the file.",
        )
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) < SIZE:
        raise EnvironmentProblem(
            "SRV-003", f"{path} holds no secret of {SIZE} bytes in hexadecimal. Delete it; a new one is made."
        )
    return secret
