"""Which source wins, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.config.layers import ENVIRONMENTS, SHIPPED, load_settings
from countersign.config.schema import schema_of_settings


def _folder(tmp_path: Path, **files: str) -> dict[str, str]:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return {"COUNTERSIGN_CONFIG_DIR": str(tmp_path)}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_shipped_environment_is_valid(environment: str) -> None:
    settings = load_settings({"COUNTERSIGN_ENV": environment})

    assert settings.environment == environment
    assert settings.sources["environment"] == "$COUNTERSIGN_ENV"


def test_the_environment_is_development_unless_it_is_named() -> None:
    settings = load_settings({})

    assert (settings.environment, settings.sources["environment"]) == ("development", "default")


def test_app_yaml_alone_names_every_setting() -> None:
    settings = load_settings({"COUNTERSIGN_ENV": "testing"})
    known = {".".join(keys) for keys in schema_of_settings().leaves} | {"environment"}

    assert {path for path, _ in settings.values()} == known == set(settings.sources)


def test_the_environments_file_wins_over_app_yaml() -> None:
    settings = load_settings({"COUNTERSIGN_ENV": "production"})

    assert settings.smtp.port == 587
    assert settings.sources["smtp.port"].startswith(f"{SHIPPED / 'production.yaml'}:")
    assert settings.sources["smtp.host"].startswith(f"{SHIPPED / 'app.yaml'}:")


def test_an_operators_files_win_over_the_shipped_ones(tmp_path: Path) -> None:
    environ = _folder(
        tmp_path, app="smtp: {port: 2500}\ncache:\n  aggregates: 7\n", production="smtp: {port: 2600}\n"
    )

    settings = load_settings(environ | {"COUNTERSIGN_ENV": "production"})

    assert (settings.smtp.port, settings.cache.aggregates) == (2600, 7)
    assert settings.sources["smtp.port"] == f"{tmp_path / 'production.yaml'}:1"
    assert settings.sources["cache.aggregates"] == f"{tmp_path / 'app.yaml'}:3"


def test_a_file_of_another_environment_is_not_read(tmp_path: Path) -> None:
    environ = _folder(tmp_path, app="", testing="smtp: {port: 2600}\n")

    assert load_settings(environ).smtp.port == 1025


def test_a_variable_wins_over_files_and_the_command_line_over_a_variable(tmp_path: Path) -> None:
    environ = _folder(tmp_path, app="http: {port: 1, threads: 1}\n") | {
        "COUNTERSIGN_HTTP__PORT": "2",
        "COUNTERSIGN_HTTP__THREADS": "2",
    }

    settings = load_settings(environ, {"http.port": 3})

    assert (settings.http.port, settings.http.threads) == (3, 2)
    assert settings.sources["http.port"] == "command line"
    assert settings.sources["http.threads"] == "$COUNTERSIGN_HTTP__THREADS"


def test_short_names_of_variables_mean_the_nested_settings() -> None:
    settings = load_settings(
        {
            "COUNTERSIGN_DATABASE_URL": "postgresql://app:one@db/countersign",
            "COUNTERSIGN_REDIS_URL": "redis://:two@cache:6379/0",
            "COUNTERSIGN_DATA_DIR": "/srv/countersign",
        }
    )

    assert settings.database.url.reveal() == "postgresql://app:one@db/countersign"
    assert settings.redis.url.reveal() == "redis://:two@cache:6379/0"
    assert settings.data_dir == Path("/srv/countersign")


def test_variables_are_read_by_the_type_of_their_setting() -> None:
    settings = load_settings(
        {
            "COUNTERSIGN_DATABASE__POOL_SIZE": "5",
            "COUNTERSIGN_DATABASE__PRE_PING": "off",
            "COUNTERSIGN_EFFECTS__POLL_S": "0.25",
            "COUNTERSIGN_LOGGING__HANDLERS": "file, console",
            "COUNTERSIGN_SMTP__USER": "1234",
            "COUNTERSIGN_SMTP__PASSWORD": "5678",
            "COUNTERSIGN_RENDERING__PDF": "off",
        }
    )

    assert (settings.database.pool_size, settings.database.pre_ping) == (5, False)
    assert (settings.effects.poll_s, settings.logging.handlers) == (0.25, ("file", "console"))
    assert (settings.smtp.user, settings.smtp.password.reveal()) == ("1234", "5678")
    assert settings.rendering.pdf == "off"


def test_off_and_on_are_words_in_a_file_too(tmp_path: Path) -> None:
    assert load_settings(_folder(tmp_path, app="rendering: {pdf: off}\n")).rendering.pdf == "off"


def test_an_empty_section_changes_nothing(tmp_path: Path) -> None:
    assert load_settings(_folder(tmp_path, app="http:\n")) == load_settings({})


def test_variables_of_others_are_left_alone() -> None:
    assert load_settings({"COUNTERSIGN_TEST_DATABASE_URL": "x", "HOME": "/", "PORT": "1"}) == load_settings(
        {}
    )


def test_keys_and_log_lie_in_the_data_folder_unless_their_paths_are_whole() -> None:
    within = load_settings({}, {"data_dir": Path("/srv/countersign")})
    apart = load_settings(
        {}, {"keys_dir": "/etc/countersign/keys", "logging.file.path": "/var/log/countersign.log"}
    )

    assert within.keys_dir == Path("/srv/countersign/keys")
    assert within.logging.file.path == Path("/srv/countersign/logs/countersign.log")
    assert apart.keys_dir == Path("/etc/countersign/keys")
    assert apart.logging.file.path == Path("/var/log/countersign.log")


@pytest.mark.parametrize(
    ("host", "public_url", "expected"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:8080"),
        ("::1", "", "http://[::1]:8080"),
        ("127.0.0.1", "https://sat.example/", "https://sat.example"),
    ],
)
def test_links_start_with_the_public_address_or_where_the_server_listens(
    host: str, public_url: str, expected: str
) -> None:
    assert load_settings({}, {"http.host": host, "http.public_url": public_url}).http.public_url == expected


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        load_settings({}).http.port = 1  # type: ignore[misc]
