"""A log with a whole job in it, and what its read tables are."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import Connection, inspect, text, update

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.projections.building.builds import Build
from countersign.projections.building.placing import Placed
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.orders.control import Control
from countersign.projections.reports.report_register import register
from tests.integration.projections.desk import Desk
from tests.integration.projections.journal import ENGINEER, MANAGER
from tests.integration.projections.story import CLIENT, Story, identity_of

REGISTER = projection_named("report_register")


def whole_job(story: Story) -> UUID:
    """A report from its first draft to the mail that takes it to the client."""
    if not story.versions[ENGINEER]:
        story.account(ENGINEER, "Ann", Role.ENGINEER)
        story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    story.session(uuid4())
    story.api_client(str(uuid4()))
    story.refused()
    job = story.report(number=str(uuid4()))
    story.section_saved(job, "alarms", [{"id": "1", "result": ""}, {"id": "2", "result": "pass"}])
    story.tested(job, "alarms", "1", "", "fail", comment="no alarm")
    story.submitted(job)
    story.mail_sent(story.mail(story.stage_opened(job), identity_of(MANAGER)))
    story.changes_requested(job)
    story.header_changed(job, document_title=("Pumping station", "Pumps"))
    story.submitted(job)
    story.stage_opened(job)
    story.stage_approved(job)
    story.approved(job)
    final = story.rendering(job)
    story.rendered(final)
    story.rendering_failed(story.rendering(job), final=True)
    cause = story.issued(job, final, (Recipient(CLIENT, "Cleo Client", "cleo@example.com"),))
    story.mail_sent(story.mail(cause, CLIENT, EmailPurpose.REVISION_ISSUED_CLIENT))
    waiting = story.report(number=str(uuid4()))
    story.submitted(waiting)
    story.stage_opened(waiting)
    return job


def change_a_title(story: Story) -> None:
    with story.databases.read.write() as connection:
        connection.execute(update(register).values(title="Tampered"))


def tables_there(story: Story) -> set[str]:
    with story.databases.read.read() as connection:
        return set(inspect(connection).get_table_names())


def different(build: Build) -> int | None:
    assert build.report is not None
    found: int | None = build.report["different"]
    return found


def no_dress(connection: Connection, _placed: Placed) -> None:
    connection.execute(text("CREATE INDEX needless ON no_such_table (x)"))


def control_of(desk: Desk) -> Control:
    journal = desk.journal
    return Control(journal.log, journal.store.mapper.happened, desk.read, PROJECTIONS)
