import subprocess
import sys
import threading
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cashier_app.ui import application, pictures
from cashier_app.ui.idle import IdleWatch

HEAVY = ("sqlalchemy", "reportlab", "httpx", "alembic", "typer", "qasync", "asyncio", "pypdfium2")


def test_nothing_heavy_is_imported_before_the_sign_in_window():
    program = (
        "import sys; import cashier_app.ui.application, cashier_app.ui.views.main_window;"
        f"print([name for name in {HEAVY!r} if name in sys.modules],"
        " [name for name in sys.modules if name.startswith('cashier_app.services')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[] []"


def test_a_whole_run_on_the_real_loop(tmp_path):
    program = """
import sys
from pathlib import Path
from cashier_app.ui import application
from cashier_app.ui.presenting import Presenter
from PySide6.QtWidgets import QWidget

app = application.make_application(language="en_US")
window = QWidget(); window.show()
shown = []

def ready(tasks):
    async def work():
        print("database said", await tasks.in_database(lambda: 42))
        tasks.start(fail())
    async def fail():
        print("files said", await tasks.in_files(lambda: 43))
        raise ValueError("not foreseen")
    tasks.start(work())

def show(presented):
    print("shown", presented.kind.name)
    window.close()

sys.exit(application.run(app, Presenter(Path(sys.argv[1])), show, ready))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        check=False, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.splitlines() == ["database said 42", "files said 43", "shown REPORT"], done.stderr
    assert done.returncode == 0
    assert "Traceback" not in done.stderr.replace("not foreseen\nTraceback", "")


def test_an_error_in_another_thread_is_shown_in_the_windows_own(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    shown = []
    application.install_hooks(lambda error: shown.append((str(error), threading.current_thread())))
    threading.excepthook(threading.ExceptHookArgs((ValueError, ValueError("no"), None, None)))
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [("no", threading.main_thread())]


def test_right_to_left_languages_turn_the_window_round(qapp):
    try:
        application.speak(qapp, "ar_EG")
        assert qapp.layoutDirection().name == "RightToLeft"
    finally:
        application.speak(qapp, "en_US")
    assert qapp.layoutDirection().name == "LeftToRight"


def test_an_unattended_screen_is_noticed_and_a_used_one_is_not(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    watch = IdleWatch(80, widget)
    with qtbot.waitSignal(watch.idle, timeout=1000):
        pass
    watch.watch(300)
    heard = []
    watch.idle.connect(lambda: heard.append(1))
    for _ in range(5):
        QTest.keyClicks(widget, "x")
        qtbot.wait(40)
    assert heard == []
    watch.watch(0)


def test_pictures_are_taken_at_any_scale(qapp, qtbot, tmp_path):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(120, 80)
    picture = pictures.grab(widget, tmp_path / "docs" / "picture.png", scale=2)
    assert picture.read_bytes().startswith(b"\x89PNG")
    again = pictures.grab(widget, tmp_path / "again.png", scale=2)
    assert picture.read_bytes() == again.read_bytes()
