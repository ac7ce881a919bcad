"""Steps that run a batch job, from its plan to its control totals."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, get_type_hints

from cashier_app.domain.batch_controls import BUILT_IN_CONTROLS
from cashier_app.scenarios.filling import filled
from cashier_app.scenarios.mistakes import UNKNOWN_NAME, WRONG_SHAPE, Mistake, did_you_mean
from cashier_app.scenarios.names import References
from cashier_app.scenarios.scenario import Step
from cashier_app.scenarios.stage import Stage
from cashier_app.scenarios.tree import Node
from cashier_app.services.batch.doing import run_here
from cashier_app.services.batch.jobs import JOBS, Job, Machine
from cashier_app.services.kernel.codec import from_json, to_plain
from cashier_app.services.kernel.door import Outcome


def job_at(
    node: Node, parameters: Node | None, controls: Iterable[Mapping[str, Any]], names: References, currency: str
) -> Job:
    """The job behind a batch control, of the file or of the program; its parameters are judged at once."""
    codes = {job: job for job in JOBS} | {code: control.job for code, control in BUILT_IN_CONTROLS.items()}
    codes |= {str(record.get("code")): str(record.get("job")) for record in controls}
    job = JOBS.get(codes.get(node.text, ""))
    if job is None:
        raise Mistake(UNKNOWN_NAME, node.line, f"There is no job {node.text!r}. {did_you_mean(node.text, codes)}")
    hints = get_type_hints(job.parameters)
    for name, value in parameters.entries(f"The parameters of {node.text}").items() if parameters else ():
        if name not in hints:
            raise Mistake(WRONG_SHAPE, value.line, f"{node.text} takes no {name!r}. {did_you_mean(name, hints)}")
        filled(value, hints[name], names, currency, name)
    return job


def run_job(stage: Stage, step: Step) -> Outcome:
    """Run a step's job in this process, as the user of the step."""
    assert step.job is not None
    hints = get_type_hints(step.job.parameters)
    written = step.fields.entries() if step.fields else {}
    given = {name: to_plain(stage.filled(node, hints[name])) for name, node in written.items()}
    run = run_here(
        stage.doors[step.workstation],
        step.batch_code,
        given,
        run_id=step.command_id or uuid.uuid4().hex,
        user_id=stage.user_id(step.user),
        machine=Machine(processes=False),
    )
    return Outcome(from_json(run.result, step.job.result))
