"""Writes what the installed program is made of as CycloneDX 1.6: `make sbom`.

From the environment it runs in: the program and everything that it needs, with server and branch, as installed, with
licence and the digest of each package's own list of files. The same environment gives the same bytes (R reliability
T15, ASVS 15.1.2).
"""

# ruff: noqa: INP001

from __future__ import annotations

import hashlib
import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

PROGRAM = "cashier"
EXTRAS = ("server", "branch")


def needed(name: str, extras: tuple[str, ...] = ()) -> list[str]:
    """The names of what a package needs here, as they are written in package indexes."""
    asked = [Requirement(text) for text in distribution(name).requires or ()]
    wanted = [
        each
        for each in asked
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]
    return sorted({_canonical(each.name) for each in wanted})


def graph() -> dict[str, list[str]]:
    """Every package that is needed, and what it needs itself; what is not installed was not needed here."""
    found: dict[str, list[str]] = {}
    waiting = [(PROGRAM, EXTRAS)]
    while waiting:
        name, extras = waiting.pop()
        if name in found:
            continue
        found[name] = [each for each in needed(name, extras) if _installed(each)]
        waiting += [(each, ()) for each in found[name]]
    return dict(sorted(found.items()))


def document() -> dict[str, Any]:
    """The bill of materials."""
    packages = graph()
    components = {name: _component(distribution(name)) for name in packages}
    program = components.pop(PROGRAM)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**program, "type": "application"}},
        "components": list(components.values()),
        "dependencies": [
            {"ref": _address(distribution(name)), "dependsOn": [_address(distribution(each)) for each in needs]}
            for name, needs in packages.items()
        ],
    }


def _component(package: Distribution) -> dict[str, Any]:
    address = _address(package)
    record = (package.read_text("RECORD") or "").encode()
    found: dict[str, Any] = {"type": "library", "bom-ref": address, "name": package.name, "version": package.version}
    licence = package.metadata.get("License-Expression")
    if licence:
        found["licenses"] = [{"expression": licence}]
    elif names := _licence_names(package):
        found["licenses"] = [{"license": {"name": name}} for name in names]
    if record:
        found["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(record).hexdigest()}]
    return {**found, "purl": address}


def _licence_names(package: Distribution) -> list[str]:
    told = [
        line.rpartition(" :: ")[2] for line in package.metadata.get_all("Classifier", []) if line.startswith("License")
    ]
    text = (package.metadata.get("License") or "").strip().split("\n")[0]
    return sorted(set(told)) or [text for text in (text,) if text]


def _address(package: Distribution) -> str:
    return f"pkg:pypi/{_canonical(package.name)}@{package.version}"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document(), indent=2) + "\n", encoding="utf-8")
