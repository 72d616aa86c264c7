"""A YAML file as a layer of settings, each with the line it stands on."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from countersign.config.layer import Layer, Written, unknown_key
from countersign.config.leaf import Unfit
from countersign.config.mistakes import Mistake
from countersign.config.schema import Keys, Schema

_BOOLEAN = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"


class _Loader(yaml.SafeLoader):
    """YAML in which only `true` and `false` are booleans, so that `pdf: off` is a word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("true|false"), list("tf"))


def read_yaml(path: Path, schema: Schema) -> Layer:
    """The settings of one file, and every mistake in it."""
    layer = Layer()
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        document = loader.get_single_node()
        if document is not None:
            _File(path, schema, loader, layer).read_section(document, ())
    except (OSError, UnicodeDecodeError) as error:
        layer.mistakes.append(Mistake(str(path), "", f"cannot be read: {error}"))
    except yaml.YAMLError as error:
        layer.mistakes.append(_not_yaml(path, error))
    return layer


def _not_yaml(path: Path, error: yaml.YAMLError) -> Mistake:
    # Only the problem: the full message quotes the line, which may hold a password.
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Mistake(str(path), "", "is not YAML: it holds characters that YAML does not allow")
    return Mistake(f"{path}:{error.problem_mark.line + 1}", "", f"is not YAML: {error.problem}")


class _File:
    """One file being read, guided by the schema, so that an endless alias ends with it."""

    def __init__(self, path: Path, schema: Schema, loader: _Loader, layer: Layer) -> None:
        self._path, self._schema, self._loader, self._layer = path, schema, loader, layer

    def read_section(self, node: yaml.Node, keys: Keys) -> None:
        if node.tag == _NULL:
            return
        if not isinstance(node, yaml.MappingNode):
            self._layer.refuse(self._source(node), keys, "expected a section with settings below it")
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in seen:
                self._layer.refuse(self._source(key), (*keys, name), "written twice in this file")
            seen.add(name)
            self._read(key, value, (*keys, name))

    def _read(self, key: yaml.Node, value: yaml.Node, keys: Keys) -> None:
        if self._schema.is_section(keys):
            self.read_section(value, keys)
        elif keys in self._schema.leaves:
            self._read_leaf(value, keys)
        else:
            self._layer.refuse(self._source(key), keys, unknown_key(keys, self._schema))

    def _read_leaf(self, node: yaml.Node, keys: Keys) -> None:
        try:
            value = self._schema.leaves[keys].read(self._loader.construct_object(node, deep=True))
        except (Unfit, ValueError) as error:  # a date that does not exist is a ValueError of the YAML reader
            self._layer.refuse(self._source(node), keys, str(error))
        else:
            self._layer.settings[keys] = Written(value, self._source(node))

    def _source(self, node: yaml.Node) -> str:
        return f"{self._path}:{node.start_mark.line + 1}"
