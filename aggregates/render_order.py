"""The order for a document: what it is made of decides which one it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from countersign.aggregates.root import derived_id


class Kind(StrEnum):
    """What a document is for. A draft says so on every page and cannot be issued."""

    DRAFT = "draft"
    REVIEW = "review"
    FINAL = "final"


class Format(StrEnum):
    """The form of the document."""

    DOCX = "docx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class RenderOrder:
    """A document that is wanted. `encoded` is everything it is made of, in canonical form."""

    report_id: UUID
    revision: str
    kind: Kind
    format: Format
    content_digest: str
    template_digest: str
    engine_version: str
    encoded: bytes

    @property
    def input_digest(self) -> str:
        """The address of the input among the blobs."""
        return sha256(self.encoded).hexdigest()

    @property
    def rendering_id(self) -> UUID:
        """The stream of the rendering: equal input gives an equal document, so it is made once."""
        return derived_id("rendering", self.input_digest, self.kind, self.format)
