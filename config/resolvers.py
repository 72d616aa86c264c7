"""What the references of each scheme lead to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final

from countersign.config.layer import Written
from countersign.config.references import Resolver, Unresolvable
from countersign.config.schema import Keys
from countersign.config.vault.references import vault_resolver

_LARGEST_BYTES: Final = 64 * 1024
_OPEN_TO_OTHERS: Final = stat.S_IWGRP | stat.S_IRWXO
_OURS: Final = "COUNTERSIGN_"


def local_resolvers(environ: Mapping[str, str]) -> Mapping[str, Resolver]:
    """The resolvers that need no settings of their own."""
    return {"env": partial(_variable, environ), "file": _file}


@contextmanager
def remote_resolvers(
    settings: Mapping[Keys, Written], versions: dict[str, str]
) -> Iterator[Mapping[str, Resolver]]:
    """The resolvers of the services that `settings` name; those hold the values of all local references.

    What they follow is noted in `versions`, by the target of each reference, where it has a version.
    """
    written = {keys[1]: found.value for keys, found in settings.items() if keys[0] == "vault"}
    with vault_resolver(written, versions) as vault:
        yield {"vault": vault}


def _variable(environ: Mapping[str, str], name: str) -> str:
    if name.startswith(_OURS):
        raise Unresolvable(f"expected a variable that is no setting itself: not one of {_OURS}*")
    if name not in environ:
        raise Unresolvable("expected a variable of that name in the environment of this process")
    return _filled(environ[name])


def _file(path: str) -> str:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            _require_private(os.fstat(file.fileno()))
            content = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise Unresolvable(f"expected a file that can be read: {error.strerror}") from None
    if len(content) > _LARGEST_BYTES:
        raise Unresolvable(f"expected a file of at most {_LARGEST_BYTES} bytes")
    return _filled(_text(content))


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe that nobody writes would hold the start up


def _require_private(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Unresolvable("expected a regular file")
    if status.st_mode & _OPEN_TO_OTHERS:
        raise Unresolvable("expected a file that others cannot read or write: chmod 600, or 640 with a group")


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Unresolvable("expected a file of UTF-8 text") from None
    return text.removesuffix("\n").removesuffix("\r")


def _filled(text: str) -> str:
    if not text or "\x00" in text:
        raise Unresolvable("expected a text, found nothing or a NUL character")
    return text
