"""A mail as it goes over the wire: the same mail has the same bytes at every attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from uuid import UUID

from countersign.aggregates.rendering import FailureClass
from countersign.workers.failure import EffectFailed
from countersign.workers.mail.letter_text import LOGO, LetterText, logo


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What the server is given; `international` when an address needs SMTPUTF8 (RFC 6531)."""

    sender: str
    recipient: str
    content: bytes
    international: bool


def write_letter(
    *,
    email_id: UUID,
    message_id: str,
    at: datetime,
    sender: str,
    name: str,
    to: str,
    text: LetterText,
    enclosures: Sequence[Enclosure] = (),
) -> Letter:
    """One letter to one person.

    Raises:
        EffectFailed: an address is not one; it never will be.
    """
    recipient = _address(to, name)
    international = not recipient.addr_spec.isascii()
    mail = EmailMessage(policy=SMTPUTF8 if international else SMTP)
    mail["From"] = _address(sender, "Countersign")
    mail["To"] = recipient
    mail["Subject"] = text.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps absence notes from answering
    mail.set_content(text.body, cte="quoted-printable")
    _add_page(mail, text.page)
    for enclosure in enclosures:
        kind, _, subtype = enclosure.media_type.partition("/")
        mail.add_attachment(enclosure.content, maintype=kind, subtype=subtype, filename=enclosure.filename)
    _fix_boundaries(mail, email_id)
    return Letter(sender, recipient.addr_spec, mail.as_bytes(), international)


def _address(spec: str, name: str) -> Address:
    local, _, domain = spec.rpartition("@")
    try:
        if not local or not domain or any(sign in "<>,;:\r\n\t \x00" for sign in spec):
            raise ValueError("it needs a local part and a domain")
        host = domain if domain.isascii() else domain.encode("idna").decode()
        return Address(display_name=" ".join(name.split()), username=local, domain=host)
    except (ValueError, MessageError) as error:
        raise EffectFailed(FailureClass.VALIDATION, f"not a mail address: {error}") from None


def _add_page(mail: EmailMessage, page: str) -> None:
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if (shown := mail.get_body(("html",))) is not None:
        shown.add_related(logo(), maintype="image", subtype="png", cid=f"<{LOGO}>", disposition="inline")


def _fix_boundaries(mail: MIMEPart, email_id: UUID) -> None:
    parts = (part for part in mail.walk() if part.is_multipart())
    for number, part in enumerate(parts):  # the library would draw them at random
        part.set_boundary(f"countersign-{email_id.hex}-{number}")
