"""Exchanges the master key and is killed after some steps: `python rotation_process.py FOLDER STEPS`."""

from __future__ import annotations

import os
import signal
import sys

from countersign.cli.foundation import foundation
from countersign.cli.master_key_rotation import Rotation
from countersign.config.layers import load_settings


def main(folder: str, steps: int) -> None:
    settings = load_settings({"COUNTERSIGN_ENV": "testing"}, {"data_dir": folder})
    with foundation(settings) as base:
        rotation = Rotation.found(base)
        rotation.batch = 1
        for taken, _ in enumerate(rotation.steps(), start=1):
            if taken == steps:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
