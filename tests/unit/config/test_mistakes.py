"""Wrong settings are refused, all at once, each with its place and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid, Mistake

FORBIDDEN = "expected a text with 4 letters or digits, not 'a-b-c'"


def _mistakes(environ: dict[str, str], overrides: dict[str, object] | None = None) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigurationInvalid) as raised:
        load_settings(environ, overrides or {})
    return raised.value.errors


def _of_file(tmp_path: Path, text: str) -> tuple[Mistake, ...]:
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    return _mistakes({"COUNTERSIGN_CONFIG_DIR": str(tmp_path)})


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "app.yaml"

    assert _of_file(tmp_path, "database:\n  pool_siz: 5\n") == (
        Mistake(f"{file}:2", "database.pool_siz", "unknown setting; did you mean database.pool_size?"),
    )


@pytest.mark.parametrize(
    ("text", "path", "suggestion"),
    [
        ("databse: {url: ''}", "databse", "did you mean database?"),
        ("pool_size: 5", "pool_size", "did you mean database.pool_size?"),
        (
            "queues: {rendering: {leases: 1}}",
            "queues.rendering.leases",
            "did you mean queues.rendering.lease_s?",
        ),
        ("zzzz: 5", "zzzz", "unknown setting"),
    ],
)
def test_a_suggestion_is_looked_for_beside_and_elsewhere(
    tmp_path: Path, text: str, path: str, suggestion: str
) -> None:
    (mistake,) = _of_file(tmp_path, text)

    assert mistake.path == path
    assert mistake.problem.endswith(suggestion)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("http: {port: eighty}", "http.port", "expected a whole number from 0 to 65535, not 'eighty'"),
        ("http: {port: 70000}", "http.port", "expected a whole number from 0 to 65535, not 70000"),
        ("http: {port: true}", "http.port", "expected a whole number from 0 to 65535, not True"),
        ("http: {port: 80.5}", "http.port", "expected a whole number from 0 to 65535, not 80.5"),
        ("http: {port: }", "http.port", "expected a whole number from 0 to 65535, not None"),
        ("http: {host: 'a b'}", "http.host", "expected a host name or an address, not 'a b'"),
        ("effects: {poll_s: .nan}", "effects.poll_s", "expected a number from 0.001 to 86400, not nan"),
        ("database: {pre_ping: yes}", "database.pre_ping", "expected true or false, not 'yes'"),
        ("smtp: {tls: ssl}", "smtp.tls", "expected one of none, starttls, tls, not 'ssl'"),
        (
            "logging: {handlers: [console, console]}",
            "logging.handlers",
            "expected a list without repeats of console, file, not ['console', 'console']",
        ),
        (
            "logging: {handlers: [syslog]}",
            "logging.handlers",
            "expected a list without repeats of console, file, not 'syslog'",
        ),
        ("data_dir: ''", "data_dir", "expected a path, not ''"),
        ("smtp: {user: 7}", "smtp.user", "expected text, not 7"),
        ("redis: 5", "redis", "expected a section with settings below it"),
        ("passwords: {forbidden_words: [a-b-c]}", "passwords.forbidden_words", FORBIDDEN),
        (
            "passwords: {breached_file: /nowhere/breached.txt}",
            "passwords.breached_file",
            "expected a file that this user can read, or empty",
        ),
        ("[1, 2]", "", "expected a section with settings below it"),
    ],
)
def test_a_value_of_the_wrong_kind_or_size_is_refused_with_what_was_expected(
    tmp_path: Path, text: str, path: str, expected: str
) -> None:
    assert _of_file(tmp_path, text) == (Mistake(f"{tmp_path / 'app.yaml'}:1", path, expected),)


def test_a_setting_written_twice_is_refused_where_yaml_would_take_the_last(tmp_path: Path) -> None:
    assert _of_file(tmp_path, "http:\n  port: 1\n  port: 2\n") == (
        Mistake(f"{tmp_path / 'app.yaml'}:3", "http.port", "written twice in this file"),
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"http: [", "is not YAML"),
        (b"data_dir: !!python/object:os.system x", "is not YAML"),
        (b"http: \x00", "is not YAML"),
        (b"\xff\xfe\xfd", "cannot be read"),
    ],
)
def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "app.yaml").write_bytes(content)

    (mistake,) = _mistakes({"COUNTERSIGN_CONFIG_DIR": str(tmp_path)})

    assert mistake.source.startswith(str(tmp_path / "app.yaml"))
    assert mistake.problem.startswith(problem)


def test_a_file_that_refers_to_itself_ends_with_the_schema(tmp_path: Path) -> None:
    (mistake,) = _of_file(tmp_path, "http: &loop\n  http: *loop\n")

    assert mistake.path == "http.http"


def test_a_folder_without_a_file_for_the_environment_is_refused(tmp_path: Path) -> None:
    assert _mistakes({"COUNTERSIGN_CONFIG_DIR": str(tmp_path)}) == (
        Mistake(
            "$COUNTERSIGN_CONFIG_DIR",
            "",
            f"names {tmp_path}, which holds no app.yaml and no development.yaml",
        ),
    )


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("COUNTERSIGN_DATABASE__POOL_SIZ", "unknown setting; did you mean COUNTERSIGN_DATABASE__POOL_SIZE?"),
        ("COUNTERSIGN_DATABASE_POOL_SIZE", "unknown setting; did you mean COUNTERSIGN_DATABASE__POOL_SIZE?"),
        ("COUNTERSIGN_ENVIRONMENT", "unknown setting; did you mean COUNTERSIGN_ENV?"),
        ("COUNTERSIGN_HTTP", "names a section; its settings are $COUNTERSIGN_HTTP__<SETTING>"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_one_that_was_meant(name: str, problem: str) -> None:
    (mistake,) = _mistakes({name: "1"})

    assert (mistake.source, mistake.problem) == (f"${name}", problem)


def test_two_variables_for_one_setting_are_refused() -> None:
    (mistake,) = _mistakes(
        {"COUNTERSIGN_REDIS_URL": "redis://one:6379", "COUNTERSIGN_REDIS__URL": "redis://two:6379"}
    )

    assert mistake.problem == "also set by $COUNTERSIGN_REDIS_URL; keep one of them"


def test_an_unknown_environment_is_refused() -> None:
    assert _mistakes({"COUNTERSIGN_ENV": "prod"}) == (
        Mistake(
            "$COUNTERSIGN_ENV", "environment", "expected one of development, testing, production, not 'prod'"
        ),
    )


@pytest.mark.parametrize(
    ("overrides", "path", "problem"),
    [
        ({"database.listen_url": "postgresql://db/x"}, "database.listen_url", "expected empty"),
        ({"database.keys_url": "postgresql://db/x"}, "database.keys_url", "expected empty"),
        ({"tokens.access_lifetime_s": 3600}, "tokens.access_lifetime_s", "at most tokens.refresh_idle_s"),
        ({"tokens.refresh_absolute_s": 900}, "tokens.refresh_idle_s", "at most tokens.refresh_absolute_s"),
        (
            {"queues.mail.backoff_base_s": 99},
            "queues.mail.backoff_base_s",
            "at most queues.mail.backoff_cap_s",
        ),
        ({"smtp.user": "countersign"}, "smtp.user", "together with smtp.password"),
        ({"scheduler.heartbeat_s": 14}, "scheduler.heartbeat_s", "at most half of scheduler.lease_s"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    overrides: dict[str, object], path: str, problem: str
) -> None:
    (mistake,) = _mistakes({}, overrides)

    assert mistake.path == path
    assert problem in mistake.problem


def test_every_mistake_of_every_source_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("http: {port: x}\nhtp: {}\n", encoding="utf-8")
    (tmp_path / "production.yaml").write_text("smtp: {tls: x}\n", encoding="utf-8")
    environ = {
        "COUNTERSIGN_ENV": "production",
        "COUNTERSIGN_CONFIG_DIR": str(tmp_path),
        "COUNTERSIGN_CACHE__AGGREGATES": "many",
    }

    mistakes = _mistakes(environ, {"redis.prefix": "", "nothing.such": 1})

    assert [(each.source.rpartition("/")[2], each.path) for each in mistakes] == [
        ("app.yaml:1", "http.port"),
        ("app.yaml:2", "htp"),
        ("production.yaml:1", "smtp.tls"),
        ("$COUNTERSIGN_CACHE__AGGREGATES", "cache.aggregates"),
        ("command line", "redis.prefix"),
        ("command line", "nothing.such"),
    ]


def test_the_message_has_a_line_for_each_mistake() -> None:
    with pytest.raises(ConfigurationInvalid) as raised:
        load_settings({"COUNTERSIGN_ENV": "prod", "COUNTERSIGN_HTTP__PORT": "x"})

    first, *lines = str(raised.value).splitlines()
    assert first == "the configuration is not valid"
    assert lines == [f"  {each}" for each in raised.value.errors]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("environ", "overrides"),
    [
        ({"COUNTERSIGN_REDIS_URL": "hunter2@nowhere"}, {}),
        ({"COUNTERSIGN_DATABASE_URL": "mysql://app:hunter2@db/x"}, {}),
        ({}, {"smtp.password": ["hunter2"]}),
        ({"COUNTERSIGN_SMTP__PASWORD": "hunter2"}, {}),
    ],
)
def test_no_mistake_repeats_a_secret(environ: dict[str, str], overrides: dict[str, object]) -> None:
    assert "hunter2" not in repr(_mistakes(environ, overrides))


def test_a_broken_file_is_told_without_the_line_that_may_hold_a_password(tmp_path: Path) -> None:
    (mistake,) = _of_file(tmp_path, 'smtp: {password: "hunter2"]\n')

    assert "hunter2" not in str(mistake)
