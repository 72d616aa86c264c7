"""The last part: the final document is made, issued to the client, mailed and downloaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from countersign.aggregates.role import Role
from countersign.cli.demo.durable_file import replace_file
from countersign.cli.demo.people import CLIENT, address
from countersign.cli.demo.scene import Scene, Step, version_tag
from countersign.cli.demo.waiting import OPEN, NotDone, finished_rendering, in_time

_PROJECT: Final = Role.PROJECT_MANAGER
_MAILS: Final = 7
"""Three requests for approval, one for changes, the news of a stage and of the approval, and the client's."""


def wait_for_document(scene: Scene) -> str:
    """The workers render the final document."""
    made = finished_rendering(scene, "final", scene.report(_PROJECT)["content_digest"])
    scene.rendering_id = made["id"]
    return f"{made['artifacts'][0]['size_bytes']} bytes of {made['format']}"


def issue(scene: Scene) -> str:
    """The project manager issues the document."""
    name, local = CLIENT
    recipient = {"name": name, "email": address(scene.run, local)}
    form = {"rendering_id": scene.rendering_id, "issue_status": "final", "recipients": [recipient]}
    seen = version_tag(scene.report(_PROJECT))
    scene.desk(_PROJECT).give("issue", "POST", f"{scene.report_path}/issue", form, if_match=seen)
    return f"to {name} <{recipient['email']}>"


def wait_for_mail(scene: Scene) -> str:
    """The workers send every mail that the story has caused."""
    mails = in_time(lambda: _settled_mails(scene), "the mails")
    doubtful = [mail for mail in mails if mail["state"] == "in_doubt"]
    lost = [mail for mail in mails if mail["state"] not in ("succeeded", "in_doubt")]
    if lost:
        raise NotDone(f"mails were not sent: {[(mail['subject'], mail['error']) for mail in lost]}")
    if doubtful:
        purposes = ", ".join(mail["subject"] for mail in doubtful)
        return f"{len(mails) - len(doubtful)} sent; in doubt after a crash, so not sent again: {purposes}"
    return f"{len(mails)} mails, the last one with the document"


def download(scene: Scene) -> str:
    """The project manager downloads what was issued."""
    report = scene.report(_PROJECT)
    content = scene.desk(_PROJECT).download(f"/v1/renderings/{scene.rendering_id}/document")
    digest = sha256(content).hexdigest()
    if digest != report["issue"]["document_digest"]:
        raise NotDone(f"the document that was downloaded ({digest}) is not the one that was issued")
    scene.document = scene.folder.documents / f"{report['document_number']}_{report['revision']}.docx"
    replace_file(scene.document, content)
    return f"{len(content)} bytes, SHA-256 {digest[:12]} as issued"


def _settled_mails(scene: Scene) -> Sequence[Mapping[str, Any]] | None:
    answer = scene.desk(Role.OPERATOR).get("/v1/jobs", kind="email", report_id=scene.report_id)
    mails: Sequence[Mapping[str, Any]] = answer.body["items"]
    settled = len(mails) >= _MAILS and all(mail["state"] not in OPEN for mail in mails)
    return mails if settled else None


DELIVERING: Final = (
    Step("The workers make the final document", wait_for_document),
    Step("The project manager issues it to the client", issue),
    Step("The workers send the mails", wait_for_mail),
    Step("The project manager downloads the document", download),
)
