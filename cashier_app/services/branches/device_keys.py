"""Keys of branch devices: Ed25519, so that what a branch sends is known to be its own (R reliability T9)."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_SIZE = 32


class Purpose(StrEnum):
    """What is signed. It stands before the message, so that no signature can be used for something else."""

    ENROLMENT = "cashier enrolment"
    TOKEN = "cashier token"  # noqa: S105  # what a signature is for, not a secret
    DELIVERY = "cashier delivery"

    def signed(self, message: bytes) -> bytes:
        """The bytes under the signature."""
        return self.value.encode() + b"\n" + message


class DeviceKey:
    """The secret half of a device's key. It never leaves the device."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> DeviceKey:
        """A new key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # not at start

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path) -> DeviceKey:
        """The key that `save` wrote."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return cls(Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_text(encoding="ascii"))))

    def save(self, path: Path) -> None:
        """Write it to a new file that nobody else may read."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(self._private.private_bytes_raw()).decode() + "\n")
            file.flush()
            os.fsync(descriptor)

    @property
    def public(self) -> str:
        """The public half, which the server keeps: base64 of 32 bytes."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, purpose: Purpose, message: bytes) -> str:
        """A signature as base64."""
        return base64.b64encode(self._private.sign(purpose.signed(message))).decode()


def is_public_key(text: str) -> bool:
    """Whether a text is the public half of some key."""
    with contextlib.suppress(ValueError, binascii.Error):
        return len(base64.b64decode(text, validate=True)) == KEY_SIZE
    return False


def is_signed(public_key: str, purpose: Purpose, message: bytes, signature: str) -> bool:
    """Whether the device of that public key signed the message for that purpose. Never raises on what came in."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), purpose.signed(message))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
