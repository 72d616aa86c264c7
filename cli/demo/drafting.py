"""The first part of the story: people are let in, and the engineer writes the report."""

from __future__ import annotations

from typing import Final

from countersign.aggregates.role import Role
from countersign.cli.demo.sample import FAILED_TEST
from countersign.cli.demo.scene import Scene, Step, version_tag

_ENGINEER: Final = Role.ENGINEER
_ROUTE: Final = {1: Role.TECHNICAL_MANAGER, 2: Role.PROJECT_MANAGER}
_EMPTY: Final = '"empty"'


def let_people_in(scene: Scene) -> str:
    """The administrator registers everybody else."""
    administrator = scene.desk(Role.ADMINISTRATOR)
    newcomers = [person for role, person in scene.people.items() if role is not Role.ADMINISTRATOR]
    for person in newcomers:
        form = {"name": person.name, "email": person.email, "password": person.password, "role": person.role}
        account = administrator.give(f"account-{person.role}", "POST", "/v1/accounts", form)
        scene.accounts[person.role] = account.body["id"]
    return f"{len(newcomers)} accounts, one for each role"


def begin_report(scene: Scene) -> str:
    """The engineer begins a report; its number is reserved."""
    form = {"report_type": "SAT", "header": scene.sample.header}
    begun = scene.desk(_ENGINEER).give("report", "POST", "/v1/reports", form).body
    scene.report_id = begun["id"]
    return f"{begun['document_number']}, revision {begun['revision']}"


def fill_sections(scene: Scene) -> str:
    """The engineer fills every section."""
    draft = scene.sample.first_draft()
    for key, content in draft.items():
        path = f"{scene.report_path}/sections/{key}"
        scene.desk(_ENGINEER).give(f"section-{key}", "PUT", path, {"content": content}, if_match=_EMPTY)
    rows = sum(len(content) for content in draft.values() if isinstance(content, list))
    return f"{len(draft)} sections with {rows} rows"


def record_failure(scene: Scene) -> str:
    """The last test fails; the engineer records it with what was seen."""
    section, row_id = FAILED_TEST
    path = f"{scene.report_path}/sections/{section}"
    digest = scene.desk(_ENGINEER).get(path).etag
    row = scene.sample.row(FAILED_TEST)
    found = {key: row[key] for key in ("result", "comment", "verified_by")}
    scene.desk(_ENGINEER).give("failure", "POST", f"{path}/rows/{row_id}/result", found, if_match=digest)
    return f"{row['tag']} {row['description']}: {row['result']}"


def assign_approvers(scene: Scene) -> str:
    """The engineer asks a person for each stage."""
    for stage, role in _ROUTE.items():
        path = f"{scene.report_path}/stages/{stage}/approver"
        seen = version_tag(scene.report(_ENGINEER))
        form = {"approver": scene.accounts[role]}
        scene.desk(_ENGINEER).give(f"approver-{stage}", "PUT", path, form, if_match=seen)
    return ", then ".join(scene.people[role].name for role in _ROUTE.values())


DRAFTING: Final = (
    Step("The administrator lets people in", let_people_in),
    Step("The engineer begins a site acceptance test report", begin_report),
    Step("The engineer fills every section", fill_sections),
    Step("The engineer records a failed test", record_failure),
    Step("The engineer assigns the approvers", assign_approvers),
)
