"""Everything that a document is made of, in one canonical form: equal input, equal document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from countersign.aggregates.canonical_json import canonical_json
from countersign.aggregates.render_order import Format, Kind, RenderOrder
from countersign.aggregates.report.refusals import WrongStatus
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.signature import AUTHOR_STAGE, Signature
from countersign.aggregates.report.status import Status
from countersign.aggregates.type_definition import HEADER

ENGINE_VERSION: Final = "1"
"""Raised when the engine would make other bytes of the same input."""

_FROM: Final = {
    Kind.DRAFT: frozenset(Status),
    Kind.REVIEW: frozenset({Status.IN_REVIEW, Status.APPROVED, Status.ISSUED}),
    Kind.FINAL: frozenset({Status.APPROVED, Status.ISSUED}),
}


@dataclass(frozen=True, slots=True)
class Material:
    """What a document needs besides the report.

    `definition` is the type as the catalogue spells it; `contents` are the sections' contents by key.
    """

    definition: Mapping[str, Any]
    contents: Mapping[str, Any]
    template_digest: str


def order_rendering(report: Report, kind: Kind, form: Format, material: Material) -> RenderOrder:
    """The order for a document of the report as it is now.

    A draft carries no signature, a review copy the author's, the final document all of them.

    Raises:
        WrongStatus: the revision has not come as far as that kind of document.
    """
    if report.status not in _FROM[kind]:
        raise WrongStatus(
            f"Revision {report.revision} is {report.status.spoken}: too early for a {kind} document."
        )
    content_digest = report.current_digest
    encoded = canonical_json(
        {
            "report": _facts(report),
            "revision": report.revision,
            "kind": kind,
            "format": form,
            "definition": material.definition,
            "content": {HEADER: report.header, **material.contents},
            "signatures": [_spelled(each) for each in _shown(report.signatures, kind)],
            "content_digest": content_digest,
            "template_digest": material.template_digest,
            "engine_version": ENGINE_VERSION,
        }
    )
    return RenderOrder(
        report_id=report.id,
        revision=report.revision,
        kind=kind,
        format=form,
        content_digest=content_digest,
        template_digest=material.template_digest,
        engine_version=ENGINE_VERSION,
        encoded=encoded,
    )


def _facts(report: Report) -> dict[str, Any]:
    return {
        "id": str(report.id),
        "document_number": report.document_number,
        "report_type": report.report_type,
        "type_version": report.type_version,
        "title": report.title,
        "project_reference": report.project_reference,
        "client_name": report.client_name,
    }


def _shown(signatures: Iterable[Signature], kind: Kind) -> list[Signature]:
    if kind is Kind.DRAFT:
        return []
    return [each for each in signatures if kind is Kind.FINAL or each.stage == AUTHOR_STAGE]


def _spelled(signature: Signature) -> dict[str, Any]:
    return {
        "signature_id": str(signature.signature_id),
        "stage": signature.stage,
        "printed_name": signature.printed_name,
        "role": signature.role,
        "meaning": signature.meaning,
        "at": signature.signed_at.astimezone(UTC).isoformat(),
        "content_digest": signature.content_digest,
    }
