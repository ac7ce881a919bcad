"""The line to the server in words: the chip, the panel, the sign-in window. Being offline is quiet; an alarm is not."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from cashier_app.ui.branch_line import LineState, Phase
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.words import Tone

_MINUTES: int = 60
_DAY: int = 24 * 60


class Said(NamedTuple):
    """A state in words, with its tone."""

    words: str
    tone: Tone


def chip_words(state: LineState) -> Said:
    """The line in one look: how it stands, how much waits to be sent, since when."""
    translate = QCoreApplication.translate
    link = state.link
    if state.phase is Phase.REFUSED:
        return Said(_joined(translate("line", "Not sending"), waiting_words(state)), "danger")
    if state.phase is Phase.OFFLINE:
        return Said(_joined(offline_words(state), waiting_words(state)), "neutral")
    if state.phase is Phase.CONNECTING:
        return Said(_joined(translate("line", "Connecting …"), waiting_words(state)), "neutral")
    if link.unsent:
        return Said(translate("line", "Sending {count} …").format(count=number(link.unsent)), "neutral")
    if state.is_fetching:
        return Said(fetching_words(state), "neutral")
    return Said(translate("line", "Connected"), "neutral")


def widest_words() -> str:
    """As much as the chip usually says: room for it is kept."""
    translate = QCoreApplication.translate
    offline = translate("line", "Offline since {time}").format(time="00:00")
    count = translate("line", "{count} unsent").format(count="00")
    age = translate("line", "{count} min").format(count="00")
    return _joined(offline, translate("line", "{count}, oldest {age}").format(count=count, age=age))


def offline_words(state: LineState) -> str:
    """`Offline since 10:42`."""
    contact = state.link.contact_at
    if contact is None:
        return QCoreApplication.translate("line", "Offline")
    return QCoreApplication.translate("line", "Offline since {time}").format(time=_clock_or_day(contact, state.now))


def waiting_words(state: LineState) -> str:
    """`12 unsent, oldest 35 min`; empty where nothing waits."""
    translate = QCoreApplication.translate
    link = state.link
    if not link.unsent:
        return ""
    count = translate("line", "{count} unsent").format(count=number(link.unsent))
    minutes = _minutes(link.oldest_unsent, state.now)
    if minutes < 1:
        return count
    return translate("line", "{count}, oldest {age}").format(count=count, age=age_words(minutes))


def fetching_words(state: LineState) -> str:
    """How far the directory is."""
    translate = QCoreApplication.translate
    if not state.accounts:
        return translate("line", "Fetching the directory …")
    return translate("line", "Fetching the directory · {count} accounts").format(count=number(state.accounts))


def age_words(minutes: int) -> str:
    """An age in the largest unit that says enough."""
    translate = QCoreApplication.translate
    if minutes < _MINUTES:
        return translate("line", "{count} min").format(count=minutes)
    if minutes < _DAY:
        return translate("line", "{count} h").format(count=minutes // _MINUTES)
    return translate("line", "{count} days").format(count=minutes // _DAY)


def title_words(state: LineState) -> str:
    """The heading of the panel."""
    translate = QCoreApplication.translate
    words = {
        Phase.CONNECTED: translate("line", "Connected"),
        Phase.CONNECTING: translate("line", "Connecting …"),
        Phase.OFFLINE: offline_words(state),
        Phase.REFUSED: translate("line", "Nothing is sent until somebody has looked"),
    }
    return words[state.phase]


def advice_words(state: LineState) -> str:
    """What it means, and what to do about it."""
    translate = QCoreApplication.translate
    kept = translate("line", "What was taken here is kept, in order, and none of it is lost.")
    words = {
        Phase.CONNECTED: translate(
            "line",
            "What is taken here goes to the server at once. It distributes and books it, and tells what became of it.",
        ),
        Phase.CONNECTING: translate("line", "The server is being called. Nobody has to wait for it."),
        Phase.OFFLINE: translate(
            "line",
            "Take money as always. What is taken is recorded here and goes out by itself as soon as the server "
            "answers; it is tried again at least every half minute.",
        ),
        Phase.REFUSED: f"{kept} {alarm_advice(state)}",
    }
    return words[state.phase]


def alarm_advice(state: LineState) -> str:
    """What to do about a refusal."""
    translate = QCoreApplication.translate
    code = state.link.alarm.partition(":")[0]
    advice = {
        "SYNC-008": translate(
            "line", "Take no more money here: use another workstation, and call an administrator with this sentence."
        ),
        "LINE-004": translate(
            "line", "Money may still be taken. Ask an administrator whether this workstation was shut out on purpose."
        ),
    }
    other = translate("line", "Money may still be taken. Call an administrator with this sentence; then try again.")
    return advice.get(code, other)


def directory_words(state: LineState) -> str:
    """What is known of the customers, and from when."""
    translate = QCoreApplication.translate
    if state.is_fetching:
        return fetching_words(state)
    if state.link.contact_at is None:
        return translate("line", "whole")
    return translate("line", "whole, as of {moment}").format(moment=when.moment(state.link.contact_at))


def number(value: int) -> str:
    """`12,000` as the user's language writes it."""
    return QLocale().toString(value)


def _clock_or_day(value: datetime, now: datetime) -> str:
    return when.clock(value) if when.day(_local(value)) == when.day(_local(now)) else when.moment(value)


def _local(value: datetime) -> datetime:
    return value.astimezone()


def _minutes(value: datetime | None, now: datetime) -> int:
    return max(0, int((now - value).total_seconds() // 60)) if value is not None else 0


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
