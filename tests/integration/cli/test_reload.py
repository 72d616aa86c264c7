"""SIGHUP: what is safe comes into force, what is not is named, and a broken file changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from countersign.aggregates.configuration import Configuration
from tests.integration.cli.long_lived import Reloadable, Running

WORKS = "logging: {level: info, format: json}\n"
BROKEN = "logging: {level: loud, format: json}\nsmtp: {hots: mail}\n"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Reloadable:
    return Reloadable(tmp_path_factory.mktemp("reload"))


@pytest.fixture
def service(installation: Reloadable) -> Reloadable:
    installation.write(WORKS)
    return installation


@pytest.fixture(params=["schedule", "work"])
def worker(request: pytest.FixtureRequest, service: Reloadable) -> Iterator[Running]:
    arguments = {"schedule": ("schedule",), "work": ("work", "--only", "mail")}[request.param]
    with service.running(*arguments) as running:
        running.wait_for('"working"')
        yield running


def reloads(service: Reloadable) -> list[Configuration.Reloaded | Configuration.Rejected]:
    events = [each.event for each in service.happened("configuration")]
    return [each for each in events if isinstance(each, Configuration.Reloaded | Configuration.Rejected)]


def test_a_worker_goes_on_under_other_settings_and_keeps_its_own_when_they_are_wrong(
    service: Reloadable, worker: Running
) -> None:
    before = len(reloads(service))
    service.write("logging: {level: debug, format: json}\nsmtp: {port: 2626}\ndatabase: {pool_size: 7}\n")
    worker.hang_up()
    worker.wait_for("configuration reloaded")
    worker.wait_for("database.pool_size has changed: restart needed")

    service.write(BROKEN)
    worker.hang_up()
    worker.wait_for("all stays as it was")
    worker.wait_until(lambda: len(reloads(service)) == before + 2)

    taken, refused = reloads(service)[before:]
    assert isinstance(taken, Configuration.Reloaded)
    assert (taken.changed, taken.restart_needed) == (("smtp.port", "logging.level"), ("database.pool_size",))
    assert isinstance(refused, Configuration.Rejected)
    place = service.files / "app.yaml"
    assert refused.errors == (f"{place}:1: logging.level", f"{place}:2: smtp.hots")
    assert "loud" not in str(refused)
    worker.process.terminate()
    assert worker.process.wait(30) == 0
    assert worker.said.count('"working"') == worker.said.count('"stopped"') == 1


def test_the_server_takes_up_features_with_new_workers_and_survives_a_broken_file(
    service: Reloadable,
) -> None:
    before = len(reloads(service))
    with service.running("serve") as server:
        server.wait_until(lambda: service.status_of("/docs") == 200)

        service.write(f"{WORKS}features: {{docs_pages: false}}\nhttp: {{threads: 3}}\n")
        server.hang_up()
        server.wait_until(lambda: service.status_of("/docs") == 404)
        server.wait_for("http.threads has changed: restart needed")
        assert service.status_of("/livez") == 200

        service.write(BROKEN)
        server.hang_up()
        server.wait_for("all stays as it was")
        server.wait_until(lambda: len(reloads(service)) == before + 2)
        assert (service.status_of("/docs"), service.status_of("/livez")) == (404, 200)

    taken, refused = reloads(service)[before:]
    assert isinstance(taken, Configuration.Reloaded)
    assert (taken.source, taken.changed) == ("serve", ("features.docs_pages",))
    assert isinstance(refused, Configuration.Rejected)
