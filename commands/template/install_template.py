"""Set-up puts the shipped Word templates in force."""

from __future__ import annotations

from dataclasses import dataclass, field

from countersign.aggregates.render_input import ENGINE_VERSION
from countersign.aggregates.template import Template, template_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallTemplate:
    """`slug` is the name that report types call the template by; `content` is a Word file."""

    slug: str
    name: str
    report_type: str
    content: bytes = field(repr=False)


def install_template(command: InstallTemplate, store: Store) -> Receipt:
    """Put the file in force for revisions yet to be submitted; the same file again changes nothing."""
    permit(store, "InstallTemplate")
    template = store.find(Template, template_id(command.slug))
    if template is None:
        template = Template.create(store.now, command.slug, command.name, command.report_type)
    digest = store.blobs.put(command.content)
    template.install(store.now, digest, len(command.content), ENGINE_VERSION)
    return store.save(template)
