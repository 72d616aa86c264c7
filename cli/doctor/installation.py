"""What lies on this machine: settings, the data folder, the keys."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from countersign.cli.doctor.finding import Finding, failed, ok, warning
from countersign.cli.ledger import Ledger
from countersign.cli.tables import missing_tables
from countersign.cli.vault_custody import unwrapping
from countersign.config.key_files import check_keys, load_keys
from countersign.config.private_files import KeyFilesError
from countersign.config.production import production_refusals
from countersign.config.settings import Settings
from countersign.eventstore.master_key_in_use import in_use
from countersign.eventstore.master_keys import MasterKeyMissing, MasterKeys
from countersign.eventstore.subject_keys import SubjectKeys, subject_keys

_GIB: Final = 1 << 30
_RUNS_ON_BYTES: Final = _GIB // 16
_LINE: Final = re.compile(r":\d+$")


def configuration(settings: Settings) -> Iterator[Finding]:
    """Which settings hold; ones that are wrong have been refused before."""
    written = Counter(_LINE.sub("", place) for place in settings.sources.values())
    places = ", ".join(f"{count} from {place}" for place, count in sorted(written.items()))
    yield ok("configuration", f"environment {settings.environment}; settings: {places}")
    for refusal in production_refusals(settings):
        yield failed("production", refusal.problem, f"Mend {refusal.path}, written in {refusal.source}.")


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Whether data can be written, and for how long yet."""
    folder = settings.data_dir
    if not folder.is_dir():
        yield failed("data folder", f"{folder} is not there", "Run `countersign init`, or name another.")
        return
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        remedy = f"Give the user of this service the right to write: chown -R USER {folder}"
        yield failed("data folder", f"nothing can be written to {folder}: {error.strerror}", remedy)
        return
    yield ok("data folder", f"{folder} can be written to")
    yield _free_space(folder, settings.health.disk_free_min_bytes)


def _free_space(folder: Path, wanted_bytes: int) -> Finding:
    free = shutil.disk_usage(folder).free
    says = f"{free / _GIB:.1f} GiB free"
    remedy = f"Make room on the disk of {folder}: {wanted_bytes / _GIB:.1f} GiB are wanted."
    if free < _RUNS_ON_BYTES:
        return failed("disk", says, remedy)
    return warning("disk", says, remedy) if free < wanted_bytes else ok("disk", says)


def keys(settings: Settings) -> Iterator[Finding]:
    """Whether the keys are there, for this user alone."""
    folder = settings.keys_dir
    try:
        check_keys(folder, refuse_readable_by_others=False)
    except (KeyFilesError, OSError) as missing:
        remedy = "Restore them from their backup; only a new installation gets new ones (`countersign init`)."
        yield failed("keys", str(missing), remedy)
        return
    try:
        check_keys(folder, refuse_readable_by_others=True)
    except KeyFilesError as open_to_others:
        verdict = failed if settings.environment == "production" else warning
        yield verdict("keys", str(open_to_others), f"Run `chmod 700 {folder}; chmod 600 {folder}/*`.")
    else:
        yield ok("keys", f"the key files in {folder} are for this user alone")


def master_key(settings: Settings, opened: Ledger) -> Iterator[Finding]:
    """Whether it is the one that the keys of people were wrapped with."""
    databases = opened.databases
    if missing := [name for name in missing_tables(databases) if name.startswith("keys.")]:
        yield failed("master key", f"not tried: {missing[0]} is missing", "Run `countersign init`.")
        return
    unwrap = unwrapping(settings, opened.vault)
    ring = load_keys(settings.keys_dir, refuse_readable_by_others=False, unwrap=unwrap)
    masters = MasterKeys(ring.master_keys[0], read=lambda: ring.master_keys)
    with databases.keys.read() as connection:
        subject = connection.execute(select(subject_keys.c.subject).limit(1)).scalar()
        used = in_use(connection)
    try:
        if subject is not None:
            SubjectKeys(databases.keys, masters).find(subject)
    except (InvalidTag, MasterKeyMissing):
        remedy = "Restore the keys folder that belongs to this data: names cannot be read without it."
        yield failed("master key", "the keys of people were wrapped with another one", remedy)
        return
    if used is not None and not masters.has(used.key_id):
        remedy = "Copy master.key from the machine where it was exchanged."
        yield failed("master key", f"master.key has no key {used.key_id}, which is in use", remedy)
    elif len(ring.master_keys) > 1 or (used is not None and used.replaces is not None):
        remedy = "Run `countersign keys rotate-master` to its end, and copy master.key to every machine."
        yield warning("master key", "it is being exchanged", remedy)
    else:
        yield ok("master key", "opens the keys of people" if subject else "nothing is sealed with it yet")
