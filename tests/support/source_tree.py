"""The project's own files, as tests of the tree see them: what is made or fetched is left out."""

import ast
import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cashier_app"

_MADE_OR_FETCHED = {"build", "dist", "__pycache__", "node_modules"}
_KEPT_THOUGH_HIDDEN = {".ci", ".github"}


@dataclass(frozen=True)
class Import:
    """One imported name and where it stands."""

    path: Path
    line: int
    module: str
    """Dotted, with the imported name where it may itself be a module: `cashier_app.domain.money`."""

    def __str__(self) -> str:
        return f"{relative(self.path)}:{self.line} imports {self.module}"


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files(*suffixes: str, below: Path = ROOT) -> list[Path]:
    """Every file of the project with one of these suffixes (all files without suffixes), in a fixed order."""
    found = []
    for directory, subdirectories, names in os.walk(below):
        subdirectories[:] = sorted(name for name in subdirectories if _is_ours(name))
        found += [Path(directory, name) for name in sorted(names) if not suffixes or Path(name).suffix in suffixes]
    return found


def _is_ours(directory: str) -> bool:
    if directory.startswith("."):
        return directory in _KEPT_THOUGH_HIDDEN
    return directory not in _MADE_OR_FETCHED and not directory.endswith(".egg-info")


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


def imports(path: Path) -> Iterator[Import]:
    """Every import of a module, those inside functions and behind TYPE_CHECKING included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            origin = _absolute(path, node)
            for alias in node.names:
                yield Import(path, node.lineno, f"{origin}.{alias.name}")


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        assert node.module is not None
        return node.module
    package = path.relative_to(ROOT).parent.parts
    parents = package[: len(package) - node.level + 1]
    return ".".join((*parents, *([node.module] if node.module else [])))
