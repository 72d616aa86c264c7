"""The second part: the report is signed, sent back once, mended, and signed by everybody."""

from __future__ import annotations

from typing import Final

from countersign.aggregates.role import Role
from countersign.cli.demo.sample import MISTYPED
from countersign.cli.demo.scene import Scene, Step, version_tag
from countersign.cli.demo.waiting import finished_rendering

_ENGINEER: Final = Role.ENGINEER
_TECHNICAL: Final = Role.TECHNICAL_MANAGER
_PROJECT: Final = Role.PROJECT_MANAGER


def submit(scene: Scene) -> str:
    """The engineer signs and submits."""
    return _submit(scene, "submit", "All tests are done; one has failed, see punch item PL-01.")


def wait_for_review_copy(scene: Scene) -> str:
    """The workers render what the approvers read."""
    made = finished_rendering(scene, "review", scene.submitted_digest)
    return f"{made['artifacts'][0]['size_bytes']} bytes of {made['format']}"


def ask_for_changes(scene: Scene) -> str:
    """The technical manager finds something to mend."""
    section, row_id = MISTYPED
    remark = "Check the date against the certificate: 2025 or 2026?"
    form = {
        "reason": "The insulation tester would have been out of calibration during the test.",
        "items": [{"section": section, "row": row_id, "text": remark}],
    }
    path = f"{scene.report_path}/stages/1/request-changes"
    seen = version_tag(scene.report(_TECHNICAL))
    scene.desk(_TECHNICAL).give("changes", "POST", path, form, if_match=seen)
    return remark


def mend(scene: Scene) -> str:
    """The engineer corrects the row."""
    section, row_id = MISTYPED
    path = f"{scene.report_path}/sections/{section}"
    digest = scene.desk(_ENGINEER).get(path).etag
    content = {"content": scene.sample.sections[section]}
    scene.desk(_ENGINEER).give("mend", "PUT", path, content, if_match=digest)
    return f"{section} {row_id}: calibration due {scene.sample.row(MISTYPED)['calibration_due']}"


def submit_again(scene: Scene) -> str:
    """The engineer signs the mended report."""
    return _submit(scene, "submit-again", "The date was mistyped; the certificate says 2026.")


def approve_technically(scene: Scene) -> str:
    """The technical manager signs stage 1."""
    return _approve(scene, _TECHNICAL, 1, "technical approval")


def approve_project(scene: Scene) -> str:
    """The project manager signs stage 2, and the revision is approved."""
    return _approve(scene, _PROJECT, 2, "approval for issue")


def _submit(scene: Scene, step: str, comment: str) -> str:
    seen = version_tag(scene.report(_ENGINEER))
    submitted = scene.desk(_ENGINEER).give(
        step, "POST", f"{scene.report_path}/submit", {"comment": comment}, if_match=seen, signing=True
    )
    scene.submitted_digest = submitted.body["content_digest"]
    return f"content {scene.submitted_digest[:12]} is frozen"


def _approve(scene: Scene, role: Role, stage: int, meaning: str) -> str:
    report = scene.report(role)
    path = f"{scene.report_path}/stages/{stage}/approve"
    form = {"content_digest": report["content_digest"], "meaning": meaning}
    desk = scene.desk(role)
    decided = desk.give(f"approve-{stage}", "POST", path, form, if_match=version_tag(report), signing=True)
    return f"signed by {desk.person.name}; the revision is {decided.body['status'].replace('_', ' ')}"


REVIEWING: Final = (
    Step("The engineer signs and submits", submit),
    Step("The workers make a review copy", wait_for_review_copy),
    Step("The technical manager asks for changes", ask_for_changes),
    Step("The engineer mends the report", mend),
    Step("The engineer signs and submits again", submit_again),
    Step("The workers make another review copy", wait_for_review_copy),
    Step("The technical manager approves", approve_technically),
    Step("The project manager approves", approve_project),
)
