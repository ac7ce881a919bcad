"""What a server is told at its start: where its ledger is, where it listens, how much it takes from whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from cashier_app.services.to_do.mail_password import NO_PASSWORD, MailPassword

TOKEN_LIFE: Final = timedelta(minutes=15)
"""Of every token; nothing lives longer (R reliability T9)."""

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something may be done."""

    per_second: float
    burst: int
    """So often at once after a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds for whoever asks; each refusal names its own."""

    command_bytes: int = 2 * MEGABYTE
    delivery_bytes: int = 32 * MEGABYTE
    upload_bytes: int = 256 * MEGABYTE
    per_identity: Rate = Rate(50, 200)
    per_address: Rate = Rate(200, 800)
    sign_ins: Rate = Rate(1 / 6, 10)
    """Of one address: passwords and enrolment codes, which can be guessed."""
    device_tokens: Rate = Rate(10, 200)
    """Of one address: challenges and their answers. A key cannot be guessed, and after a power cut a whole branch
    office comes back at once, behind one address."""
    head_bytes: int = 32 * 1024
    """Of a request's address and headers."""
    head_seconds: float = 10
    """Until a request's head is whole."""
    body_seconds: float = 30
    """Between two pieces of a body."""
    idle_seconds: int = 65
    door_seconds: float = 10
    """How long a request waits for a door before it is sent away."""
    stop_seconds: int = 30
    """How long what is under way may take after the stop was asked for."""
    connections: int = 2000
    watchers: int = 100
    """Of runs, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One server."""

    database: str
    state: Path
    """Folder for its secret and for files on their way in."""
    name: str = "SERVER"
    """Its workers write as `SERVER-1`, `SERVER-2` …"""
    host: str = "127.0.0.1"
    port: int = 8443
    certificate: Path | None = None
    key: Path | None = None
    workers: int = 4
    """Doors: so many commands at once."""
    behind_proxy: str = ""
    """Addresses of proxies that are believed whom they forward, between commas; empty for none."""
    secret_file: Path | None = None
    mail_password: MailPassword = NO_PASSWORD
    metrics_key: str = ""
    """With which another machine reads the metrics; without it only this machine does."""
    limits: Limits = field(default_factory=Limits)

    @property
    def secure(self) -> bool:
        """Whether what it says travels encrypted."""
        return self.certificate is not None or bool(self.behind_proxy)
