"""Loading the settings: shipped files, then an operator's files, then variables, then the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from countersign.config.environ_layer import ENVIRONMENT, FOLDER, read_environ
from countersign.config.layer import Layer, Written, unknown_key
from countersign.config.leaf import Unfit
from countersign.config.mistakes import ConfigurationInvalid, Mistake
from countersign.config.resolvers import local_resolvers, remote_resolvers
from countersign.config.resolving import resolve
from countersign.config.rules import broken_rules
from countersign.config.schema import Keys, Schema, schema_of_settings
from countersign.config.settings import Environment, Settings
from countersign.config.tls.trust import verified_database, verified_redis
from countersign.config.yaml_layer import read_yaml

SHIPPED = Path(__file__).parent
ENVIRONMENTS: tuple[str, ...] = get_args(Environment)
COMMAND_LINE = "command line"


def load_settings(environ: Mapping[str, str], overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of this process, from files, `environ` and `overrides` by dotted path.

    Raises `ConfigurationInvalid` with every mistake of every source.
    """
    schema = schema_of_settings()
    environment = _environment(environ)
    layers = [*_files(environ, str(environment.value), schema), read_environ(environ, schema)]
    layers.append(_read_overrides(overrides or {}, schema))
    written = {keys: found for layer in layers for keys, found in layer.settings.items()}
    mistakes = [mistake for layer in layers for mistake in layer.mistakes]
    local = resolve(written, local_resolvers(environ), schema)
    versions: dict[str, str] = {}
    with remote_resolvers(local.settings, versions) as remote:
        held = resolve(local.settings, remote, schema)
    written, mistakes = held.settings, [*mistakes, *local.mistakes, *held.mistakes]
    mistakes += [*_wrong_environment(environment), *_missing(written, mistakes, schema)]
    if mistakes:
        raise ConfigurationInvalid(mistakes)
    settings = _settled(_build(written | {("environment",): environment}, versions))
    if broken := broken_rules(settings):
        raise ConfigurationInvalid(broken)
    return settings


def _environment(environ: Mapping[str, str]) -> Written:
    source = f"${ENVIRONMENT}" if ENVIRONMENT in environ else "default"
    return Written(environ.get(ENVIRONMENT, "development"), source)


def _files(environ: Mapping[str, str], environment: str, schema: Schema) -> Iterator[Layer]:
    names = ["app.yaml", *(f"{known}.yaml" for known in ENVIRONMENTS if known == environment)]
    for name in names:
        yield read_yaml(SHIPPED / name, schema)
    if folder := environ.get(FOLDER):
        yield from _operators_files(Path(folder).expanduser(), names, schema)


def _operators_files(folder: Path, names: list[str], schema: Schema) -> Iterator[Layer]:
    present = [folder / name for name in names if (folder / name).exists()]
    for path in present:
        yield read_yaml(path, schema)
    if not present:
        problem = f"names {folder}, which holds no {' and no '.join(names)}"
        yield Layer(mistakes=[Mistake(f"${FOLDER}", "", problem)])


def _read_overrides(overrides: Mapping[str, object], schema: Schema) -> Layer:
    layer = Layer()
    for path, value in overrides.items():
        keys = tuple(path.split("."))
        try:
            layer.settings[keys] = Written(schema.leaves[keys].read(value), COMMAND_LINE)
        except KeyError:
            layer.refuse(COMMAND_LINE, keys, unknown_key(keys, schema))
        except Unfit as error:
            layer.refuse(COMMAND_LINE, keys, str(error))
    return layer


def _wrong_environment(environment: Written) -> Iterator[Mistake]:
    if environment.value not in ENVIRONMENTS:
        problem = f"expected one of {', '.join(ENVIRONMENTS)}, not {environment.value!r}"
        yield Mistake(environment.source, "environment", problem)


def _missing(written: Mapping[Keys, Written], mistakes: list[Mistake], schema: Schema) -> Iterator[Mistake]:
    refused = {mistake.path for mistake in mistakes}
    for keys in schema.leaves:
        if keys not in written and ".".join(keys) not in refused:
            yield Mistake(str(SHIPPED / "app.yaml"), ".".join(keys), "is missing")


def _build(written: Mapping[Keys, Written], versions: Mapping[str, str]) -> Settings:
    sources = {".".join(keys): found.source for keys, found in written.items()}
    references = {".".join(keys): found.reference for keys, found in written.items() if found.reference}
    targets = {path: reference.partition(":")[2] for path, reference in references.items()}
    known = {path: versions[target] for path, target in targets.items() if versions.get(target)}
    return Settings(**_fields(Settings, (), written), sources=sources, references=references, versions=known)


def _fields(section: type, prefix: Keys, written: Mapping[Keys, Written]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, annotation in get_type_hints(section).items():
        keys = (*prefix, name)
        if is_dataclass(annotation) and isinstance(annotation, type):
            found[name] = annotation(**_fields(annotation, keys, written))
        elif keys in written:
            found[name] = written[keys].value
    return found


def _settled(settings: Settings) -> Settings:
    """The same with whole paths and the public address, so that no reader has to join them."""
    data_dir = settings.data_dir.expanduser().absolute()
    file = replace(settings.logging.file, path=data_dir / settings.logging.file.path.expanduser())
    return replace(
        settings,
        data_dir=data_dir,
        keys_dir=data_dir / settings.keys_dir.expanduser(),
        logging=replace(settings.logging, file=file),
        http=replace(settings.http, public_url=_public_url(settings)),
        database=verified_database(settings.database),
        redis=verified_redis(settings.redis),
    )


def _public_url(settings: Settings) -> str:
    http = settings.http
    host = f"[{http.host}]" if ":" in http.host else http.host
    scheme = "https" if settings.tls.certificate else "http"
    return (http.public_url or f"{scheme}://{host}:{http.port}").rstrip("/")
