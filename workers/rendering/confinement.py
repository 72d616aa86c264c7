"""What a rendering process may not do, set from inside before a template is touched.

Three layers, each of which holds where the one above is not to be had: an empty network namespace (Linux,
where the kernel permits it), resource limits (a file cannot be written, no processor time or memory beyond
the given), and an audit hook that refuses sockets, programs and new processes.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

from countersign.workers.rendering.limits import Limits

NEW_USER_NAMESPACE = 0x10000000
NEW_NETWORK_NAMESPACE = 0x40000000
REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.", "pty.")
GRACE_S = 1.0


def leave_the_network() -> str:
    """Move this process, which must have one thread, to a network namespace without any interface.

    Returns how sockets are kept away: by the "namespace", or only by the "audit hook" of `confine`.
    """
    if sys.platform == "linux":
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        for flags in (NEW_NETWORK_NAMESPACE | NEW_USER_NAMESPACE, NEW_NETWORK_NAMESPACE):
            if unshare(flags) == 0:
                return "namespace"
    return "audit hook"


def confine(limits: Limits) -> None:
    """Bind this process, for good, to what one rendering may use."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_s)
    if sys.platform != "darwin":  # there a process maps hundreds of gigabytes before it does anything
        _limit(resource.RLIMIT_AS, limits.memory_bytes)
    # Should nobody be left to stop it, the process stops itself.
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s + GRACE_S)
    sys.addaudithook(_refuse)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, hard))


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(REFUSED):
        raise PermissionError(f"{event} is refused while a document is rendered (process {os.getpid()})")
