"""`cashier serve` and `cashier device`: the server, and the branches that it lets in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cashier_app import settings
from cashier_app.cli.shared import DatabaseOption, JsonOption, NodeOption, open_ledger, refusals, report
from cashier_app.domain.errors import EnvironmentProblem

if TYPE_CHECKING:
    from cashier_app.server.options import Options

_device = typer.Typer(help="Branch workstations that the server lets in.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the workstation, such as BRANCH-7.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("serve")(serve)
    app.add_typer(_device, name="device")


def serve(
    *,
    database: DatabaseOption,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8443,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate with its chain, PEM.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Commands at once, each on a connection.")] = 4,
    behind_proxy: Annotated[
        str, typer.Option(help="Addresses of proxies whose X-Forwarded-… headers are believed, between commas.")
    ] = "",
    name: Annotated[str, typer.Option(help="Its workers write as NAME-1, NAME-2 …")] = "SERVER",
    secret_file: Annotated[Path | None, typer.Option(help="Default: beside what the program keeps.")] = None,
    metrics_key_file: Annotated[
        Path | None, typer.Option(help="With the key in it other machines may read /metrics.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="A demonstration utility on a throw-away PostgreSQL, with TLS.")
    ] = False,
) -> None:
    """Serve the ledger to branches and programs over HTTPS. See docs/server.md."""
    with refusals():
        _need_packages()
        from cashier_app.server.options import Options  # noqa: PLC0415  # help answers at once
        from cashier_app.server.serving import serve as listen  # noqa: PLC0415
        from cashier_app.services.to_do.mail_password import MailPassword  # noqa: PLC0415

        here = settings.read()
        options = Options(
            database=database,
            state=here.state / "server",
            name=name,
            host=host,
            port=port,
            certificate=certificate,
            key=key,
            workers=workers,
            behind_proxy=behind_proxy,
            secret_file=secret_file,
            mail_password=MailPassword(given=here.mail_password, file=here.mail_password_file),
            metrics_key=metrics_key_file.read_text(encoding="utf-8").strip() if metrics_key_file else "",
        )
        with _demonstration(options) if demo else contextlib.nullcontext(options) as wanted:
            listen(wanted)


def _need_packages() -> None:
    try:
        import cryptography  # noqa: F401, PLC0415
        import fastapi  # noqa: F401, PLC0415
        import jwt  # noqa: F401, PLC0415
        import prometheus_client  # noqa: F401, PLC0415
        import uvicorn  # noqa: F401, PLC0415
    except ImportError as missing:
        raise EnvironmentProblem(
            "SRV-006", f"{missing.name} is not installed: pip install 'cashier[server]'."
        ) from missing


@contextlib.contextmanager
def _demonstration(options: Options) -> Iterator[Options]:
    from cashier_app.demo.server import demonstration  # noqa: PLC0415

    with demonstration(options, typer.echo) as wanted:
        yield wanted


@_device.command("invite")
def invite(  # noqa: PLR0917  # the command line has as many options
    name: Name,
    database: DatabaseOption,
    node: NodeOption,
    group: Annotated[
        list[str] | None, typer.Option("--group", "-g", help="Access group whose accounts it may hold; default: all.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=168, help="How long the code is good for.")] = 24,
    as_json: JsonOption = False,
) -> None:
    """Let a branch workstation enrol; tells its one-time code, here and nowhere else."""
    from cashier_app.services.branches.devices import InviteDevice, code_hash, new_code  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    code = new_code()
    with refusals(), open_ledger(database, node) as door:
        command = InviteDevice(
            name=name,
            access_groups=tuple(group or ("*",)),
            code_hash=code_hash(code),
            expires=door.clock.now() + timedelta(hours=hours),
        )
        invited = door.execute(command, user_id=SYSTEM.id).result
    told = {"name": invited.name, "device_id": invited.device_id, "code": code, "expires": invited.expires}
    report(told, as_json=as_json, text=f"{name} enrols with {code} until {invited.expires:%Y-%m-%d %H:%M} UTC.")


@_device.command("list")
def list_devices(database: DatabaseOption, node: NodeOption, as_json: JsonOption = False) -> None:
    """List branch workstations, and when each was last heard."""
    from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415
    from cashier_app.services.branches.devices import devices  # noqa: PLC0415
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415

    with refusals(), open_ledger(database, node) as door, reading(door.database, access=EVERYTHING) as store:
        found = devices(store)
    lines = []
    for row in found:
        heard = f"{row.heard_at:%Y-%m-%d %H:%M} UTC" if row.heard_at else "never"
        groups = ",".join(row.access_groups)
        lines.append(f"{row.name:<16} {row.status:<9} {groups:<16} {row.commands:>10,} commands, last heard {heard}")
    report(found, as_json=as_json, text="\n".join(lines) or "There is none.")


@_device.command("revoke")
def revoke(
    name: Name,
    database: DatabaseOption,
    node: NodeOption,
    reason: Annotated[str, typer.Option("--reason", help="Stolen, replaced, given up.")],
    as_json: JsonOption = False,
) -> None:
    """Shut a branch workstation out, at once and for ever."""
    from cashier_app.domain.access import EVERYTHING  # noqa: PLC0415
    from cashier_app.services.branches.devices import RevokeDevice, device_by_name  # noqa: PLC0415
    from cashier_app.services.kernel.reading import reading  # noqa: PLC0415
    from cashier_app.services.kernel.work import SYSTEM  # noqa: PLC0415

    with refusals(), open_ledger(database, node) as door:
        with reading(door.database, access=EVERYTHING) as store:
            device = device_by_name(store, name)
        done = door.execute(RevokeDevice(device_id=device.device_id, reason=reason), user_id=SYSTEM.id).result
    report(done, as_json=as_json, text=f"{name} is shut out. What it has sent stays.")
