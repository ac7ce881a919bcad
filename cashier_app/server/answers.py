"""Answers: our frozen values as JSON, files as files."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cashier_app.services.kernel.codec import to_json


class Answer(Response):
    """A value as JSON; amounts as `41.00 USD` or in minor units beside their currency."""

    media_type = "application/json"

    def __init__(self, value: Any = None, status_code: int = 200, **more: Any) -> None:
        super().__init__(to_json(value), status_code, **more)


class Pdf(Response):
    """A paper."""

    media_type = "application/pdf"

    def __init__(self, content: bytes, name: str) -> None:
        safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
        super().__init__(content, headers={"Content-Disposition": f'attachment; filename="{safe}.pdf"'})
