"""What `installer/` holds for the server is accepted by the programs that it is for, and says what the server does."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from cashier_app.cli.app import app
from cashier_app.server.certificates import self_signed
from cashier_app.server.options import Limits
from tests.support.source_tree import ROOT

INSTALLER = ROOT / "installer"
UNIT = INSTALLER / "cashier-server.service"
NGINX = INSTALLER / "nginx-cashier.conf"
ENVIRONMENT = INSTALLER / "server.env.example"

HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictNamespaces": "yes",
    "UMask": "0077",
}


def _unit() -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    return unit


def test_the_unit_keeps_the_server_to_its_own_corner():
    service = _unit()["Service"]
    assert {name: service[name] for name in HARDENED} == HARDENED
    assert int(service["TimeoutStopSec"]) > Limits().stop_seconds


def test_systemd_accepts_the_unit(tmp_path: Path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not on this machine")
    # Programs and users that are not on this machine are no fault of the unit.
    text = UNIT.read_text(encoding="utf-8")
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", text, flags=re.MULTILINE)
    text = re.sub(r"^(User|Group)=.*$", r"\1=root", text, flags=re.MULTILINE)
    text = re.sub(r"^Documentation=.*$", "", text, flags=re.MULTILINE)
    unit = tmp_path / UNIT.name
    unit.write_text(text, encoding="utf-8")
    told = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
    about_it = [line for line in told.stderr.splitlines() if UNIT.name in line]
    assert about_it == []


def test_the_options_in_the_environment_file_are_those_of_the_program():
    text = ENVIRONMENT.read_text(encoding="utf-8")
    lines = re.findall(r"^#? ?CASHIER_SERVE=(.*)$", text, flags=re.MULTILINE)
    assert len(lines) == 2
    serve = typer.main.get_command(app).commands["serve"]  # type: ignore[attr-defined]
    known = {option for parameter in serve.params for option in parameter.opts}
    for line in lines:
        assert {word for word in shlex.split(line) if word.startswith("--")} <= known
    assert CliRunner().invoke(app, ["serve", "--help"]).exit_code == 0


def test_the_proxy_takes_what_the_server_takes():
    text = NGINX.read_text(encoding="utf-8")
    limits = Limits()
    sizes = [int(size) * 1024 * 1024 for size in re.findall(r"client_max_body_size (\d+)m;", text)]
    assert sizes == [limits.command_bytes, limits.delivery_bytes, limits.upload_bytes]
    assert "ssl_protocols TLSv1.3;" in text
    assert re.findall(r"client_(?:header|body)_timeout (\d+)s;", text) == [
        f"{limits.head_seconds}",
        f"{limits.body_seconds}",
    ]


def test_the_proxy_slows_down_what_can_be_guessed_and_no_branch_office_that_comes_back():
    """As `Limits.sign_ins` and `Limits.device_tokens`."""
    (pattern,) = re.findall(
        r"location ~ (\S+) \{\s+limit_req zone=cashier_signing_in", NGINX.read_text(encoding="utf-8")
    )
    guessed = {path for path in ("tokens", "branch/enrol") if re.search(pattern, f"/api/v1/{path}")}
    assert guessed == {"tokens", "branch/enrol"}
    for path in ("tokens/device", "tokens/device/challenge", "branch/state"):
        assert not re.search(pattern, f"/api/v1/{path}")


def test_nginx_accepts_the_example(tmp_path: Path):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not on this machine")
    certificate, key = self_signed(tmp_path)
    text = NGINX.read_text(encoding="utf-8")
    text = text.replace("/etc/cashier/server.pem", str(certificate)).replace("/etc/cashier/server.key", str(key))
    text = text.replace("/var/log/nginx/", f"{tmp_path}/")
    site = tmp_path / "cashier.conf"
    site.write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{ access_log off; {folders} include {site}; }}\n",
        encoding="utf-8",
    )
    told = subprocess.run(
        [nginx, "-t", "-q", "-c", str(whole), "-p", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
