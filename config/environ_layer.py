"""The `COUNTERSIGN_*` variables as a layer of settings."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from countersign.config.layer import Layer, Written, unknown_key
from countersign.config.leaf import Unfit
from countersign.config.schema import Keys, Schema

PREFIX = "COUNTERSIGN_"
ENVIRONMENT = "COUNTERSIGN_ENV"
FOLDER = "COUNTERSIGN_CONFIG_DIR"

# Names that people know from other services, beside the general COUNTERSIGN_<SECTION>__<SETTING>.
_SHORT_NAMES: Mapping[str, Keys] = {
    "COUNTERSIGN_DATABASE_URL": ("database", "url"),
    "COUNTERSIGN_REDIS_URL": ("redis", "url"),
}
# What these name is no setting of the service: the servers that tests may use.
_FOREIGN = "COUNTERSIGN_TEST_"


def variables_of(path: str) -> tuple[str, ...]:
    """The names under which a variable may make the setting of that dotted path, the general one first."""
    keys = tuple(path.split("."))
    return (
        f"{PREFIX}{'__'.join(keys).upper()}",
        *(name for name, known in _SHORT_NAMES.items() if known == keys),
    )


def read_environ(environ: Mapping[str, str], schema: Schema) -> Layer:
    """The settings that variables make, and every mistake in them."""
    layer = Layer()
    for name, text in sorted(environ.items()):
        if not name.startswith(PREFIX) or name.startswith(_FOREIGN) or name in {ENVIRONMENT, FOLDER}:
            continue
        keys = _SHORT_NAMES.get(name) or tuple(name.removeprefix(PREFIX).lower().split("__"))
        _read(layer, schema, f"${name}", keys, text)
    return layer


def _read(layer: Layer, schema: Schema, source: str, keys: Keys, text: str) -> None:
    if keys not in schema.leaves:
        layer.refuse(source, keys, _unknown(source, keys, schema))
        return
    if keys in layer.settings:
        layer.refuse(source, keys, f"also set by {layer.settings[keys].source}; keep one of them")
        return
    try:
        layer.settings[keys] = Written(schema.leaves[keys].parse(text), source)
    except Unfit as error:
        layer.refuse(source, keys, str(error))


def _unknown(source: str, keys: Keys, schema: Schema) -> str:
    if schema.is_section(keys):
        return f"names a section; its settings are {source}__<SETTING>"
    names = {f"{PREFIX}{'__'.join(known).upper()}" for known in schema.leaves} | {
        ENVIRONMENT,
        FOLDER,
        *_SHORT_NAMES,
    }
    near = get_close_matches(source[1:], names, n=1, cutoff=0.75)
    return f"unknown setting; did you mean {near[0]}?" if near else unknown_key(keys, schema)
