"""Which tests one process runs where several share them: those of a file, those that begin with one job."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from xdist.scheduler import LoadFileScheduling

ON_THE_FINISHED_JOB: Final = frozenset(
    {
        "test_at_once",
        "test_demo_command",
        "test_docs_in_browser",
        "test_generated_client",
        "test_load_smoke",
        "test_rebuild",
        "test_whole_job",
    }
)


class BySharedJob(LoadFileScheduling):  # type: ignore[misc]  # which is untyped
    """The job that tests end to end go on from takes half a minute: one process does it for each store."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        path = PurePosixPath(file)
        if path.parts[:2] == ("tests", "e2e") and path.stem in ON_THE_FINISHED_JOB:
            return f"the finished job on {'postgresql' if '[postgresql' in test else 'sqlite'}"
        return file
