"""Asking where a file goes, without stopping the window, and writing it there beside the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from cashier_app.ui.tasks import Tasks


def ask_where(parent: QWidget, title: str, proposal: str, then: Callable[[Path], None]) -> QFileDialog:
    """Ask for a file to write; `then` gets it, or nothing happens. The ending of the proposal is kept."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(Path(proposal).suffix.removeprefix("."))
    dialog.selectFile(proposal)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def write_file(tasks: Tasks, path: Path, content: bytes, said: Callable[[str, str], None]) -> None:
    """Write beside the window and say in one sentence how it went."""

    async def write() -> None:
        try:
            await tasks.in_files(path.write_bytes, content)
        except OSError as problem:
            words = QCoreApplication.translate("saving", "{path} was not written: {why}")
            said(words.format(path=path, why=problem.strerror or str(problem)), "danger")
            return
        said(QCoreApplication.translate("saving", "{name} saved").format(name=path.name), "good")

    tasks.start(write())
