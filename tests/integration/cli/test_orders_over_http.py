"""A rebuild is ordered over the API as the command line wires it, and made by a builder elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from falcon.testing import Result, TestClient

from countersign.cli.foundation import Foundation
from countersign.cli.read_model_builder import read_model_builder
from countersign.cli.wsgi import api
from countersign.eventstore.trail import NoTracer
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

PEOPLE = "/v1/projections/people"
WHY = {"reason": "the rows are in doubt"}


class Caller:
    """The administrator, signed in."""

    def __init__(self, base: Foundation) -> None:
        self._client = TestClient(api(base, NoTracer()))
        told = self.post("/v1/auth/login", {"email": ADMINISTRATOR, "password": PASSWORD})
        self._client = TestClient(
            api(base, NoTracer()), headers={"Authorization": f"Bearer {told.json['access_token']}"}
        )

    def get(self, path: str) -> Any:
        return self._client.simulate_get(path).json

    def post(self, path: str, body: dict[str, Any]) -> Result:
        return self._client.simulate_post(path, json=body, headers={"Idempotency-Key": str(uuid4())})


def test_what_is_ordered_over_http_is_made_and_shown_and_gone_back_from(installation: Installation) -> None:
    installation.project()
    with installation.opened() as base:
        caller, builder = Caller(base), read_model_builder(base)
        dry = caller.post(f"{PEOPLE}/rebuild", {**WHY, "dry_run": True}).json["impact"]
        assert [table["size_bytes"] > 0 for table in dry["tables"]] == [True, True]

        ordered = caller.post(f"{PEOPLE}/rebuild", WHY)
        assert ordered.status_code == 202, ordered.text
        builder.bring("people", 2)
        shown = caller.get(ordered.headers["location"])
        assert (shown["status"], shown["report"]["different"], shown["report"]["sample"]) == ("live", 0, [])

        back = caller.post(f"{PEOPLE}/rollback", WHY)
        assert (back.status_code, back.json["build"]) == (202, 1)
        builder.bring("people", 1)
        assert [build["status"] for build in caller.get(PEOPLE)["builds"]] == ["live", "following"]
        assert caller.post(f"{PEOPLE}/builds/2/retire", WHY).status_code == 200
        builder.tidy("people")
        assert [build["tables"] for build in caller.get(PEOPLE)["builds"]] == [["people_v1"], []]
