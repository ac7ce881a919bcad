"""What the To Do screen calls things."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cashier_app.services.queries.approvals import NoteView, RequestView, WaitingByAge
from cashier_app.ui.widgets import when
from cashier_app.ui.widgets.words import Tone


def status_words(status: str) -> tuple[str, Tone]:
    """A status of an entry or a request, with its tone."""
    translate = QCoreApplication.translate
    words: dict[str, tuple[str, Tone]] = {
        "OPEN": (translate("to_do", "open"), "neutral"),
        "BEING_WORKED_ON": (translate("to_do", "being worked on"), "attention"),
        "COMPLETE": (translate("to_do", "complete"), "good"),
        "IN_PROGRESS": (translate("to_do", "approval in progress"), "attention"),
        "APPROVED": (translate("to_do", "approved"), "good"),
        "REJECTED": (translate("to_do", "rejected"), "danger"),
        "NOT_NEEDED": (translate("to_do", "no approval needed"), "neutral"),
    }
    return words.get(status, (status.lower().replace("_", " "), "neutral"))


def outcome_words(status: str) -> str:
    """What became of something that the user did."""
    translate = QCoreApplication.translate
    words = {
        "OPEN": translate("to_do", "Noted"),
        "BEING_WORKED_ON": translate("to_do", "Noted"),
        "COMPLETE": translate("to_do", "Complete"),
        "IN_PROGRESS": translate("to_do", "Approved; the next level is asked"),
        "APPROVED": translate("to_do", "Approved"),
        "REJECTED": translate("to_do", "Rejected; the adjustment is deleted"),
    }
    return words.get(status, translate("to_do", "Done"))


def action_words(action: str) -> str:
    """A line of a log."""
    translate = QCoreApplication.translate
    words = {
        "SUBMITTED": translate("to_do", "submitted"),
        "NOT_NEEDED": translate("to_do", "no approval needed"),
        "ASKED": translate("to_do", "asked"),
        "APPROVED": translate("to_do", "approved"),
        "REJECTED": translate("to_do", "rejected"),
        "REMINDED": translate("to_do", "reminded"),
        "ESCALATED": translate("to_do", "escalated"),
        "FROZEN": translate("to_do", "counts now"),
        "WAITS_FOR_BILL": translate("to_do", "counts with the next bill"),
        "TAKEN": translate("to_do", "taken"),
        "RETURNED": translate("to_do", "put back"),
        "FORWARDED": translate("to_do", "forwarded"),
        "COMMENT": translate("to_do", "said"),
        "COMPLETED": translate("to_do", "completed"),
    }
    return words.get(action, action.lower())


def log_words(note: NoteView) -> str:
    """A line of a request's log in a sentence."""
    words = QCoreApplication.translate("to_do", "Approval, {moment}: {what} by {who}").format(
        moment=when.moment(note.at),
        what=action_words(note.action),
        who=note.user or QCoreApplication.translate("to_do", "the program"),
    )
    return f"{words}: {note.text}" if note.text else words


def hindrance_words(request: RequestView) -> str:
    """Why the user may not approve it, in a sentence; empty where they may."""
    translate = QCoreApplication.translate
    role = request.levels[request.level - 1].description if 0 < request.level <= len(request.levels) else ""
    words = {
        "OWN": translate("to_do", "You have submitted it yourself; somebody else must approve it."),
        "ROLE": translate("to_do", "It is for {role} to approve; you may reject it.").format(role=role),
        "TWICE": translate("to_do", "You have approved another level; this one needs somebody else."),
    }
    return words.get(request.hindrance, "")


def age_words(step: WaitingByAge, after: WaitingByAge | None) -> str:
    """How long something has waited."""
    translate = QCoreApplication.translate
    if after is None:
        return translate("to_do", "{days} days and more").format(days=step.days)
    if after.days == step.days + 1:
        words = {0: translate("to_do", "today"), 1: translate("to_do", "1 day")}
        return words.get(step.days, translate("to_do", "{days} days").format(days=step.days))
    return translate("to_do", "{first} to {last} days").format(first=step.days, last=after.days - 1)
