"""For whom something is printed, and what every paper shares: letterhead, imprint, how moments and keys are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from cashier_app.documents.paper import Imprint, Letterhead
from cashier_app.documents.text import date_text
from cashier_app.domain.identifiers import counter_of, node_of
from cashier_app.services.kernel.configuration import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom something is printed."""

    name: str
    now: datetime
    may_see_expected: bool = False
    zone: tzinfo | None = None
    """Where it is read; default: the workstation's own zone."""
    locale: str = "en_US"

    def moment(self, instant: datetime | None) -> str:
        """A date and time as it is to be read; empty for none."""
        if instant is None:
            return ""
        local = instant.astimezone(self.zone)
        return f"{date_text(local.date(), self.locale)}, {local:%H:%M}"

    def day(self, instant: datetime) -> date:
        """The day on which something happened, where it is read."""
        return instant.astimezone(self.zone).date()

    def time(self, instant: datetime | None) -> str:
        """A time of day as it is to be read; empty for none."""
        return "" if instant is None else f"{instant.astimezone(self.zone):%H:%M}"

    def imprint(self, document_id: str) -> Imprint:
        """When and by whom a page is printed."""
        return Imprint(printed_at=self.moment(self.now), printed_by=self.name, document_id=document_id)


def letterhead(config: Configuration) -> Letterhead:
    """The utility as it introduces itself."""
    return Letterhead(utility_name=config.installation.name, address_lines=config.installation.address)


def shown_key(key: int) -> str:
    """A key as people can say it: node and counter, `1-1042`."""
    return f"{node_of(key)}-{counter_of(key)}"
