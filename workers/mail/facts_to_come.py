"""The facts of the purposes that nothing causes yet (`WITHOUT_OCCASION`), for who builds what causes them.

Names of people and what a comment, an item or a message says are `added` when the mail is sent: who wrote may
be erased and what was written redacted meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from countersign.aggregates.email_contents import EmailPurpose as For
from countersign.workers.mail.fact import REPORT, Fact

_ID: Final = "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"
_WHEN: Final = "2026-03-09 09:30 UTC"
_COMMENT: Final = {
    **REPORT,
    "comment_id": Fact("the comment's id, by which its author and words are found", _ID),
    "place": Fact("the section that it is about, perhaps a row of it; may be empty", "alarms, row r7"),
    "author": Fact("who wrote it", "Tomáš Dvořák", added=True),
    "text": Fact("the comment itself", "Is the limit of AI 3 right?", added=True),
}
FACTS_TO_COME: Final[Mapping[For, Mapping[str, Fact]]] = MappingProxyType(
    {
        For.TRANSMITTAL: {
            "transmittal_id": Fact("the transmittal's id, by which its message is found", _ID),
            "transmittal_number": Fact("its number", "T-2026-0042"),
            "project_reference": Fact("the project", "P-7"),
            "sent_for": Fact("what the recipient is asked to do", "for approval"),
            "documents": Fact(
                "number, revision and title of each document, a line each",
                "  - SAT-2026-0117 R0: Water works & pumps\n  - SAT-2026-0118 R2: Inlet screen",
            ),
            "until": Fact("how long the link holds", _WHEN),
            "nonce": Fact("what else the link is made of", "c29tZXRoaW5n"),
            "link": Fact(
                "where this recipient gets them", "https://reports.example/client/T0KEN", added=True
            ),
            "message": Fact("the sender's words; may be empty", "As agreed on Tuesday.", added=True),
        },
        For.APPROVAL_REVOKED: {
            **REPORT,
            "reason": Fact("why, in the administrator's words", "A flow meter was exchanged after the test."),
            "document_digest": Fact("SHA-256 of the document that was issued; may be empty", "cd" * 32),
        },
        For.DELEGATED: {
            "delegation_id": Fact("the delegation's id, by which the person is found", _ID),
            "role": Fact("in which role the reader decides", "technical manager"),
            "scope": Fact("which stages of which reports", "stage 1 of SAT and FAT reports"),
            "begins": Fact("from when", "2026-03-02 09:30 UTC"),
            "until": Fact("until when", _WHEN),
            "reason": Fact("why, in the words of whoever gave it", "On leave for a week."),
            "person": Fact("for whom the reader decides", "Tomáš Dvořák", added=True),
        },
        For.MENTION: _COMMENT,
        For.REPLY: {**_COMMENT, "text": Fact("the answer", "Yes: see the data sheet, page 4.", added=True)},
        For.PUNCH_ASSIGNED: {
            **REPORT,
            "punch_id": Fact("the punch item's id, by which its description is found", _ID),
            "punch_number": Fact("its number", "PL-07"),
            "category": Fact("A (blocks acceptance), B (before handover) or C (minor)", "A"),
            "place": Fact("the section that it is about, perhaps a row of it", "digital_outputs, row do-12"),
            "due": Fact("by when it is to be done; may be empty", _WHEN),
            "description": Fact("what is wrong", "The siren sounds while it is muted.", added=True),
        },
        For.BULK_RESULT: {
            "bulk_id": Fact("the operation's id", _ID),
            "kind": Fact("what was done to each", "archive"),
            "state": Fact("completed or cancelled", "completed"),
            "at": Fact("when it came to its end", _WHEN),
            "total": Fact("how many reports it was about", "12"),
            "succeeded": Fact("with how many it was done", "11"),
            "failed": Fact("with how many it could not be done", "1"),
            "failures": Fact(
                "the first of those, with the code of the refusal, a line each; may be empty",
                "  - SAT-2026-0118: on_legal_hold",
            ),
        },
    }
)
