"""What may import what, beyond the layers that import-linter guards (pyproject.toml, `make imports`)."""

import subprocess
import sys

import pytest

from tests.support.source_tree import PACKAGE, ROOT, files, imports, relative

_QT = ("PySide6", "shiboken6", "qasync")


def _is_below(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize(
    ("layer", "own"),
    [
        ("domain", ("cashier_app.domain",)),
        ("algorithms", ("cashier_app.domain", "cashier_app.algorithms")),
    ],
)
def test_rules_about_money_need_nothing_but_the_standard_library(layer, own):
    offending = [
        str(found)
        for path in files(".py", below=PACKAGE / layer)
        for found in imports(path)
        if found.module.partition(".")[0] not in sys.stdlib_module_names and not _is_below(found.module, *own)
    ]
    assert offending == []


def test_rules_about_money_open_no_files_and_no_connections():
    outside = ("socket", "sqlite3", "subprocess", "urllib", "http", "asyncio", "threading", "multiprocessing", "shutil")
    offending = [
        str(found)
        for layer in ("domain", "algorithms")
        for path in files(".py", below=PACKAGE / layer)
        for found in imports(path)
        if _is_below(found.module, *outside)
    ]
    assert offending == []


def test_qt_is_known_to_the_user_interface_alone():
    offending = [
        str(found)
        for path in files(".py", below=PACKAGE)
        if PACKAGE / "ui" not in path.parents
        for found in imports(path)
        if _is_below(found.module, *_QT)
    ]
    assert offending == []


def test_view_models_do_not_know_qt():
    offending = [
        str(found)
        for path in files(".py", below=PACKAGE / "ui" / "view_models")
        for found in imports(path)
        if _is_below(
            found.module, *_QT, "cashier_app.ui.views", "cashier_app.ui.widgets", "cashier_app.ui.table_models"
        )
    ]
    assert offending == []


def test_product_does_not_import_its_tests_or_their_tools():
    tools = ("tests", "benchmarks", "pytest", "hypothesis", "pytestqt", "pypdf", "zxingcpp")
    offending = [
        str(found) for path in files(".py", below=PACKAGE) for found in imports(path) if _is_below(found.module, *tools)
    ]
    assert offending == []


_IMPORT_EVERYTHING_WITHOUT_QT = """
import importlib, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "qasync"):
            raise ModuleNotFoundError(f"{name} is not on this machine", name=name)

sys.meta_path.insert(0, NoQt())
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}")
"""


def test_server_batch_and_command_line_need_no_display():
    modules = [
        relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in files(".py", below=PACKAGE)
        if not {"ui", "demo", "migrations"} & set(path.relative_to(PACKAGE).parts) and path.name != "__main__.py"
    ]
    result = subprocess.run(
        [sys.executable, "-c", _IMPORT_EVERYTHING_WITHOUT_QT, *modules],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
