"""The bill of materials names what the program is made of, and nothing that only its tests need (R reliability T15)."""

import json
import subprocess
import sys
from importlib.metadata import version

from tests.support.source_tree import ROOT


def test_everything_that_the_program_needs_is_on_the_bill_and_its_tests_needs_are_not(tmp_path):
    bills = [tmp_path / "first.json", tmp_path / "again.json"]
    for bill in bills:
        subprocess.run([sys.executable, str(ROOT / "scripts" / "bill_of_materials.py"), str(bill)], check=True)
    assert bills[0].read_bytes() == bills[1].read_bytes()
    told = json.loads(bills[0].read_text(encoding="utf-8"))
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == ("CycloneDX", "cashier")
    found = {part["purl"]: part for part in told["components"]}
    for name in ("sqlalchemy", "argon2-cffi", "argon2-cffi-bindings", "cryptography", "fastapi", "starlette", "httpx"):
        part = found[f"pkg:pypi/{name}@{version(name)}"]
        assert part["licenses"], name
        assert len(part["hashes"][0]["content"]) == 64
    names = {part["name"].lower() for part in told["components"]}
    assert names.isdisjoint({"pytest", "hypothesis", "ruff", "mypy", "cashier"})
    references = {edge for node in told["dependencies"] for edge in (node["ref"], *node["dependsOn"])}
    assert references == {*found, told["metadata"]["component"]["purl"]}
