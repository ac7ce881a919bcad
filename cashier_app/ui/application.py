"""The Qt application around the window: style, type, language, the asyncio loop, and unforeseen errors."""

import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import resources
from cashier_app.ui import look
from cashier_app.ui.presenting import Presented, Presenter

if TYPE_CHECKING:
    from cashier_app.ui.tasks import LoopTasks

Ready = Callable[["LoopTasks"], None]


def make_application(
    arguments: Sequence[str] = ("cashier",), *, theme: look.Theme = look.Theme.SYSTEM, language: str = ""
) -> QApplication:
    """The one QApplication, in our look and the user's language. Cheap: the sign-in window waits for it."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(arguments))
    app.setApplicationName("cashier")
    app.setApplicationDisplayName("Cashier")
    speak(app, language)
    look.apply(app, theme)
    return app


def speak(app: QApplication, language: str = "") -> None:
    """Take the words from the translation of a language such as "es_MX"; empty follows the machine.

    Words already shown stay as they are; the language is chosen before signing in.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    qt_words = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qt_words), ("cashier", str(resources.path("translations")))):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
    app.setLayoutDirection(locale.textDirection())


def run(app: QApplication, presenter: Presenter, show: Callable[[Presented], None], ready: Ready) -> int:
    """Run until the last window is closed and return the exit code.

    The window is painted before anything heavy is imported: show it first, then call this. `ready` is called once with
    the tasks of the running loop; `show` is told of every error that nobody else took.
    """
    app.processEvents()
    # Imported late: asyncio and qasync cost as much as the whole sign-in window.
    import asyncio  # noqa: PLC0415

    import qasync  # noqa: PLC0415

    from cashier_app.ui.tasks import LoopTasks  # noqa: PLC0415

    loop: Any = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)

    def present(error: BaseException) -> None:
        show(presenter.present(error))

    install_hooks(present)
    tasks = LoopTasks(loop, on_error=present)
    closed = asyncio.Event()
    app.setQuitOnLastWindowClosed(False)  # the loop must end first, or qasync complains about a stopped loop
    app.lastWindowClosed.connect(closed.set)
    QTimer.singleShot(0, lambda: ready(tasks))
    with loop:
        loop.run_until_complete(closed.wait())
        tasks.close()
    return 0


def install_hooks(present: Callable[[BaseException], None]) -> None:
    """Send every exception that reached the top, in the window's thread or any other, to `present`."""

    def in_window(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            QCoreApplication.quit()
            return
        present(error)

    def in_thread(happened: threading.ExceptHookArgs) -> None:
        error = happened.exc_value
        app = QCoreApplication.instance()
        if error is None or app is None:
            return
        # Widgets may only be touched from the window's own thread.
        QTimer.singleShot(0, app, lambda: present(error))

    sys.excepthook = in_window
    threading.excepthook = in_thread
