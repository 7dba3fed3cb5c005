"""CodeBuild: moto asks for a place also where the pipeline hands the code over, and leaves out what AWS chooses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects

_HANDED = "CODEPIPELINE"


@corrects("codebuild", "CreateProject")
def create(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.codebuild.models import codebuild_backends

    sides = ("source", "artifacts")
    handed = [side for side in sides if call.params[side]["type"] == _HANDED and not call.params[side].get("location")]
    placed = {side: {**call.params[side], "location": "-"} for side in handed}
    body = json.dumps({**call.params, **placed}, default=str).encode()
    answer = ask(replace(call, asked=replace(call.asked, body=body)))
    project = codebuild_backends[call.account][call.region].codebuild_projects[call.params["name"]]
    for side in handed:
        project.project_metadata[side].pop("location", None)
        answer["project"][side].pop("location", None)
    project.project_metadata["projectVisibility"] = "PRIVATE"
    project.project_metadata["timeoutInMinutes"] = call.params.get("timeoutInMinutes", 60)
    return answer
