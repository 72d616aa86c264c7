"""A person of the demo at work."""

from __future__ import annotations

from typing import Any

from countersign.cli.demo.client import Client
from countersign.cli.demo.journal import Answer, Journal, Request
from countersign.cli.demo.people import Person


class Desk:
    """Somebody who is signed in; every command of theirs goes through the journal of the run."""

    def __init__(self, client: Client, person: Person, journal: Journal, run_id: str) -> None:
        self.person = person
        self._client = client
        self._journal = journal
        self._run_id = run_id
        self.get = client.get
        self.download = client.download

    def give(
        self,
        step: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        if_match: str | None = None,
        signing: bool = False,
    ) -> Answer:
        """Give a command once in the whole run; a step that was answered before is answered from the journal.

        Signing takes the password again.
        """
        request = self._journal.request(step, Request(method=method, path=path, body=body, if_match=if_match))
        if answer := self._journal.answer(step):
            return answer
        if signing:
            self._client.prove(self.person)
        answer = self._client.command(request, f"demo-{self._run_id}-{step}")
        self._journal.keep(step, answer)
        return answer
