"""Days and moments in the user's words. Stored as data, shown as the user's language writes them."""

from datetime import UTC, date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime


def day(value: date | None) -> str:
    """`14 Oct 2026`; empty for no day."""
    return QLocale().toString(QDate(value.year, value.month, value.day), "d MMM yyyy") if value else ""


def clock(value: datetime | None) -> str:
    """`11:42`, in this workstation's time."""
    if value is None:
        return ""
    local = _local(value)
    return QLocale().toString(QTime(local.hour, local.minute), "HH:mm")


def moment(value: datetime | None) -> str:
    """`14 Oct 2026 11:42`, in this workstation's time."""
    return f"{day(_local(value).date())} {clock(value)}" if value else ""


def since(value: datetime | None, now: datetime) -> str:
    """How long ago in the largest unit that says enough: `4 min ago`."""
    if value is None:
        return ""
    translate = QCoreApplication.translate
    minutes = max(0, int((now - _aware(value)).total_seconds() // 60))
    if minutes < 1:
        return translate("when", "just now")
    if minutes < 60:  # noqa: PLR2004
        return translate("when", "{count} min ago").format(count=minutes)
    if minutes < 24 * 60:
        return translate("when", "{count} h ago").format(count=minutes // 60)
    return translate("when", "{count} days ago").format(count=minutes // (24 * 60))


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _local(value: datetime) -> datetime:
    return _aware(value).astimezone()
