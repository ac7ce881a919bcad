"""What must never happen."""

from __future__ import annotations


class Violation(Exception):  # noqa: N818  # a fact about the product
    """Something that must never happen has happened."""

    def __init__(self, kind: str, sentence: str) -> None:
        self.kind = kind
        """lost, doubled, or the code of an invariant."""
        super().__init__(f"{kind}: {sentence}")


def require(condition: bool, kind: str, sentence: str) -> None:
    """Raise the violation unless all is right."""
    if not condition:
        raise Violation(kind, sentence)
