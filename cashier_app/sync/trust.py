"""Whom a branch takes for its server: a certificate that was pinned, an authority's file, or the machine's own list.

What was pinned at enrolment is the only certificate believed from then on (R reliability T9).
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cashier_app.domain.errors import EnvironmentProblem, refuse
from cashier_app.services.branches.exchange import LineDown

CONNECT_SECONDS: Final = 5.0
_SCHEMES: Final = {"https": 443, "http": 80}
_HOST: Final = re.compile(r"[\w.:%-]+")


class UnknownServer(LineDown):
    """Somebody answers whose certificate is not known here; nothing was said to them."""

    def __init__(self, certificate: Certificate) -> None:
        words = f"The server's certificate is not known here. Its fingerprint is {certificate.fingerprint}."
        EnvironmentProblem.__init__(self, "LINE-002", words)
        self.certificate = certificate


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as somebody showed it."""

    pem: str
    fingerprint: str
    """SHA-256 in capitals, two digits and a colon at a time, as other programs show it."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Files beside a branch's database; where neither is there, the machine's own authorities decide."""

    pinned: Path
    """One certificate, which alone is believed, under whatever name the server is reached."""
    authority: Path
    """Certificates of authorities: the server's must come from one of them and bear its name."""

    def context(self) -> ssl.SSLContext:
        """How to speak to the server."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        if self.pinned.exists():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.check_hostname = False
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            context.load_verify_locations(self.pinned)
        elif self.authority.exists():
            context = ssl.create_default_context(cafile=str(self.authority))
            context.minimum_version = ssl.TLSVersion.TLSv1_3
        return context

    def pin(self, certificate: Certificate) -> None:
        """Believe this certificate and no other."""
        self.pinned.write_text(certificate.pem, encoding="ascii")


def server_address(text: str) -> str:
    """An address as it was read out, as a URL.

    Raises:
        RuleViolation: LINE-003 for what is no address, or would travel unencrypted to another machine.
    """
    typed = text.strip().rstrip("/")
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    beside = parts.path or parts.query or parts.fragment or parts.username
    if parts.scheme not in _SCHEMES or beside or not _HOST.fullmatch(host):
        refuse("LINE-003", f"{typed!r} is no server's address; cashier.example:8443 would be one.", "server")
    if parts.scheme == "http" and not is_this_machine(host):
        refuse("LINE-003", "What goes to another machine travels encrypted: begin the address with https.", "server")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


def is_this_machine(host: str) -> bool:
    """Whether a host is the loopback: what goes there never leaves the machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def certificate_of(url: str) -> Certificate:
    """The certificate that is shown at an address, believed or not; raises LineDown where none is."""
    parts = urlsplit(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is said: the certificate is only looked at
    try:
        address = (parts.hostname, parts.port or _SCHEMES["https"])
        with (
            socket.create_connection(address, CONNECT_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secured,
        ):
            shown = secured.getpeercert(binary_form=True)
    except OSError as problem:
        raise LineDown("The server cannot be reached, or does not speak TLS.") from problem
    assert shown is not None, "a TLS server shows a certificate"
    digest = hashlib.sha256(shown).hexdigest().upper()
    colons = ":".join(digest[place : place + 2] for place in range(0, len(digest), 2))
    return Certificate(ssl.DER_cert_to_PEM_cert(shown), colons)


def is_distrust(error: BaseException) -> bool:
    """Whether a connection failed because the certificate was not believed."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
