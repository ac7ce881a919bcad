"""Packages of control tables: YAML files that travel with the program or lie anywhere (design D9)."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cashier_app.domain.configuration import CONTROL_TABLES
from cashier_app.domain.errors import EnvironmentProblem, refuse
from resources import path as resource

Tables = dict[str, list[dict[str, Any]]]
"""Records of control tables by the table's name, as `LoadConfiguration` takes them."""


def shipped() -> tuple[str, ...]:
    """Names of the packages that travel with the program."""
    return tuple(sorted(file.stem for file in resource("packages").glob("*.yaml")))


def read_package(name: str, beside: Path | None = None) -> Tables:
    """The tables of a shipped package, or of a file; a relative path starts at `beside`.

    Raises:
        RuleViolation: CFG-020 where it is no YAML mapping of tables to lists of records.
        EnvironmentProblem: PKG-001 where there is no such package or file.
    """
    if name in shipped():
        return _shipped_tables(name)
    file = (beside or Path()) / Path(name).expanduser()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        there_are = ", ".join(shipped())
        raise EnvironmentProblem(
            "PKG-001", f"There is no package {name!r}: give a YAML file, or one of {there_are}."
        ) from problem
    return tables_of(text, name)


@cache
def _shipped_tables(name: str) -> Tables:
    return tables_of(resource(f"packages/{name}.yaml").read_text(encoding="utf-8"), name)


def tables_of(text: str, name: str) -> Tables:
    """The tables that a YAML text holds."""
    try:
        content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe
    except yaml.YAMLError as problem:
        refuse("CFG-020", f"Package {name} is no YAML: {str(problem).replace(chr(10), ' ')}")
    return checked(content, name)


def checked(content: Any, name: str) -> Tables:
    """The content as tables, or a refusal that says what a package looks like."""
    shape = f"tables ({', '.join(CONTROL_TABLES)}), each with a list of records"
    if not isinstance(content, dict):
        refuse("CFG-020", f"Package {name} is not a mapping of {shape}.")
    for table, records in content.items():
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            refuse("CFG-020", f"Package {name}: {table} is not a list of records; a package is a mapping of {shape}.")
    return content


def with_overrides(tables: Tables, overrides: Tables) -> Tables:
    """Tables in which single fields are replaced: an override names a record by its code, or adds one."""
    merged = {name: [dict(record) for record in records] for name, records in tables.items()}
    for name, records in overrides.items():
        present = merged.setdefault(name, [])
        for record in records:
            code = record.get("code", "MAIN")
            known = next((each for each in present if each.get("code", "MAIN") == code), None)
            if known is None:
                present.append(dict(record))
            else:
                known.update(record)
    return merged


def package_text(tables: Tables) -> str:
    """Tables as YAML that `read_package` takes: one record per line, in the order of dependency."""
    lines = []
    for name in CONTROL_TABLES:
        if tables.get(name):
            lines.append(f"{name}:")
            lines += [f"  - {_in_one_line(record)}" for record in tables[name]]
            lines.append("")
    return "\n".join(lines)


def _in_one_line(record: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(record, default_flow_style=True, allow_unicode=True, sort_keys=False, width=sys.maxsize)
    return text.strip()
