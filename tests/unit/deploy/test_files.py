"""The files of deploy/ fit the service: its verbs, its settings, no root, nothing writable without need."""

from __future__ import annotations

import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from countersign.cli.main import SUBCOMMANDS
from countersign.config.layers import load_settings
from countersign.config.production import production_refusals
from countersign.config.settings import Settings
from tests.unit.deploy.chart import rendered

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
PARTS = ("serve", "work", "schedule")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services: dict[str, Any] = composed["services"]
    for service in services.values():
        assert {_named(secret) for secret in service.get("secrets", [])} <= composed["secrets"].keys()
        assert set(service["networks"]) <= composed["networks"].keys()
    return services


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_in_particular() -> None:
    lines = [line.split() for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines() if line]
    stages = [number for number, line in enumerate(lines) if line[0] == "FROM"]
    assert len(stages) == 2
    assert all(":" in lines[number][1] and "latest" not in lines[number][1] for number in stages)
    last = lines[stages[-1] :]
    (user,) = [line[1] for line in last if line[0] == "USER"]
    assert user == "10001:10001"
    assert last[-1] == ["CMD", '["serve"]']


def test_the_image_is_built_from_every_room_and_from_nothing_secret() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    settings = RawConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    rooms = {line.split("=")[1].strip() for line in settings["options"]["package_dir"].strip().splitlines()}
    assert ignored[0] == "*"
    assert {f"!{room}" for room in rooms} <= set(ignored)


@pytest.mark.parametrize("part", PARTS)
def test_composed_parts_run_read_only_and_without_powers(part: str, services: dict[str, Any]) -> None:
    service = services[part]
    assert service["command"][0] == part
    assert service["command"][0] in SUBCOMMANDS
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "ports" not in service, "only the proxy is reached from outside"


def test_every_part_of_the_chart_runs_read_only_as_no_root_and_with_bounds() -> None:
    chart = rendered()
    for part in PARTS:
        pod = chart[part]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert container["args"] == [part]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert pod["securityContext"]["runAsNonRoot"]
        assert "memory" in container["resources"]["limits"]
        assert {each["name"] for each in container["volumeMounts"]} == {
            each["name"] for each in pod["volumes"]
        }


def test_the_chart_selects_its_own_pods() -> None:
    chart = rendered("mine")
    labels = {part: chart[part]["spec"]["template"]["metadata"]["labels"] for part in PARTS}
    for part in PARTS:
        assert chart[part]["spec"]["selector"]["matchLabels"].items() <= labels[part].items()
    assert chart["service"]["spec"]["selector"].items() <= labels["serve"].items()
    assert not chart["service"]["spec"]["selector"].items() <= labels["work"].items()


def test_the_image_listens_where_it_says() -> None:
    settings = yaml.safe_load((DEPLOY / "production.yaml").read_text("utf-8"))
    port = settings["http"]["port"]
    assert f"EXPOSE {port}" in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    chart = rendered()["serve"]["spec"]["template"]["spec"]["containers"][0]
    assert chart["ports"] == [{"name": "https", "containerPort": port}]
    for probe, path in (("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
        assert chart[probe]["httpGet"] == {"path": path, "port": "https", "scheme": "HTTPS"}


def test_whoever_stops_a_part_waits_for_longer_than_it_takes(services: dict[str, Any]) -> None:
    settings = load_settings({"COUNTERSIGN_ENV": "testing"})
    longest = max(settings.http.graceful_timeout_s, settings.effects.drain_s)
    unit = dict(
        line.split("=", 1)
        for line in (DEPLOY / "countersign@.service").read_text("utf-8").splitlines()
        if "=" in line
    )
    waits = [int(unit["TimeoutStopSec"])]
    waits += [int(services[part]["stop_grace_period"].removesuffix("s")) for part in PARTS]
    waits += [rendered()[part]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] for part in PARTS]
    assert min(waits) >= longest + 15


def test_backups_are_tried_on_a_disk_and_not_in_memory(services: dict[str, Any]) -> None:
    scratch = services["work"]["environment"]["TMPDIR"]
    assert f"scratch:{scratch}" in services["work"]["volumes"]
    assert set(services["serve"]["volumes"]) < set(services["work"]["volumes"])
    pod = rendered()["work"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (scratch,) = [each["value"] for each in container["env"] if each["name"] == "TMPDIR"]
    (mount,) = [each["name"] for each in container["volumeMounts"] if each["mountPath"] == scratch]
    assert {"name": mount, "emptyDir": {}} in pod["volumes"]


def test_production_starts_with_the_settings_of_the_chart(tmp_path: Path) -> None:
    written = rendered()["settings"]["data"]["production.yaml"]
    settings = started(tmp_path, written, "/run/secrets/countersign")
    assert settings.http.public_url == "https://reports.plant.internal"


def test_production_starts_with_the_settings_of_the_composed_parts(
    tmp_path: Path, services: dict[str, Any]
) -> None:
    written = (DEPLOY / "production.yaml").read_text("utf-8").replace("redis:\n", f"redis:\n{AUTHORITY}")
    variables = {name: str(value) for name, value in services["serve"]["environment"].items()}
    settings = started(tmp_path, written, "/run/secrets", variables)
    assert settings.http.trusted_networks == ("172.30.84.0/24",)


AUTHORITY = "  ca_file: /etc/countersign/ca.pem\n"
SECRETS = {
    "database-url": "postgresql://countersign:vN3-queue-71@postgres/countersign",
    "redis-url": "rediss://:vN3-queue-72@redis:6379/0",
    "smtp-password": "vN3-queue-73",
}


def started(folder: Path, written: str, secrets: str, variables: dict[str, str] | None = None) -> Settings:
    """The settings as a part has them, which production has nothing against."""
    for name, secret in SECRETS.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(secret, "utf-8")
    written = written.replace("example.com", "plant.internal").replace(f"file:{secrets}/", f"file:{folder}/")
    (folder / "production.yaml").write_text(written, encoding="utf-8")
    told = {
        name: value.replace(f"file:{secrets}/", f"file:{folder}/")
        for name, value in (variables or {}).items()
    }
    settings = load_settings({**told, "COUNTERSIGN_ENV": "production", "COUNTERSIGN_CONFIG_DIR": str(folder)})
    assert production_refusals(settings) == []
    return settings


def test_systemd_knows_every_word_of_the_unit() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("NOT TESTED: there is no systemd-analyze")
    unit = DEPLOY / "countersign@.service"
    said = subprocess.run(["systemd-analyze", "verify", unit], check=False, capture_output=True, text=True)
    mistakes = [line for line in said.stderr.splitlines() if str(unit) in line or "Unknown" in line]
    assert mistakes == []


def _named(secret: str | dict[str, Any]) -> str:
    return secret if isinstance(secret, str) else str(secret["source"])
