"""A document of a report is wanted: by a reaction, or a draft by somebody who works on it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.render_input import Material, order_rendering
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.aggregates.report.refusals import NotReady, WrongStatus
from countersign.aggregates.report.report import Report
from countersign.aggregates.template import Template, template_id
from countersign.commands.permit import NotPermitted, permit
from countersign.commands.report.reading import contents_of, type_of
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRendering:
    report_id: UUID
    revision: str
    kind: Kind
    format: Format


def request_rendering(command: RequestRendering, store: Store) -> Receipt:
    """Order the document; one that was ordered before is not ordered again. The receipt names its stream.

    One that was called off is made after all.

    Raises:
        NotPermitted: only drafts are made at a person's wish.
        WrongStatus: the revision is another one by now, or has not come that far.
        NotReady: no template is in force.
    """
    report = store.guard(Report, command.report_id)
    permit(store, "RequestRendering", own=[report.owner])
    if command.kind is not Kind.DRAFT and store.context.actor != SYSTEM:
        raise NotPermitted("Review copies and final documents are made by themselves, in due course.")
    if report.revision != command.revision:
        raise WrongStatus(
            f"The report is at revision {report.revision}.", (("/revision", "is not this one"),)
        )
    order = order_rendering(report, command.kind, command.format, _material(report, command.kind, store))
    rendering = store.find(Rendering, order.rendering_id)
    if rendering is None:
        store.blobs.put(order.encoded)
        rendering = Rendering.request(store.now, order)
    elif rendering.status is RenderingStatus.CANCELLED:
        rendering.retry(store.now, store.context.actor)
    return store.save(rendering)


def _material(report: Report, kind: Kind, store: Store) -> Material:
    report_type = type_of(report, store)
    definition = report_type.at_version(report.type_version)
    return Material(
        definition=report_type.spelled(report.type_version),
        contents=contents_of(report, definition, store),
        template_digest=_template_digest(report, kind, definition.template_slug, store),
    )


def _template_digest(report: Report, kind: Kind, slug: str, store: Store) -> str:
    if kind is not Kind.DRAFT and report.template is not None:
        return report.template.digest
    template = store.guard_or_none(Template, template_id(slug))
    if template is None or template.active is None:
        raise NotReady("No template is in force.", (("/template", "has no version in force"),))
    return template.active.digest
