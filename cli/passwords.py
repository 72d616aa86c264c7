"""`countersign passwords calibrate`: how dear a password's hash may be on this machine."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Final

from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.screen import say
from countersign.commands.password_hashes import HashCost, PasswordHashes

Measure = Callable[[HashCost], float]

_LEAST: Final = ((19456, 2), (47104, 1))  # memory in KiB and passes: what OWASP recommends at least
_MEMORIES: Final = (262144, 131072, 65536, 47104, 19456)
_MOST_PASSES: Final = 10
_ROUNDS: Final = 5


def run(invocation: Invocation) -> int:
    """Measure, and propose the settings.

    Raises:
        UsageError: the target is not a time, or there is less memory than a hash needs.
    """
    given = invocation.arguments
    if given.target_ms <= 0 or given.memory_mib * 1024 < _LEAST[0][0]:
        raise UsageError("A hash takes more than 0 ms, and at least 19 MiB.")
    passwords = invocation.settings.passwords
    today = HashCost(memory_kib=passwords.memory_kib, passes=passwords.passes, lanes=passwords.lanes)
    say(f"Now: {_spoken(today)} take {measure(today) * 1000:.0f} ms.")
    proposal = propose(measure, given.target_ms / 1000, given.memory_mib * 1024)
    say(f"For {given.target_ms:.0f} ms: {_spoken(proposal)} take {measure(proposal) * 1000:.0f} ms.")
    say("Each of the `at_once` hashes of a process takes its whole memory. In app.yaml of your own folder:")
    say(f"\npasswords:\n  memory_kib: {proposal.memory_kib}\n  passes: {proposal.passes}\n  lanes: 1\n")
    say("Passwords are hashed anew when their owners sign in the next time.")
    return 0


def propose(measure: Measure, target_s: float, most_kib: int) -> HashCost:
    """The most memory, then the most passes, that stay within the target.

    It is never less than what is recommended at least, even when that takes longer.
    """
    for memory_kib in _MEMORIES:
        least = _least_passes(memory_kib)
        if memory_kib > most_kib:
            continue
        if measure(HashCost(memory_kib=memory_kib, passes=least)) <= target_s:
            return _most_passes(measure, target_s, memory_kib, least)
    memory_kib, passes = _LEAST[0]
    return HashCost(memory_kib=memory_kib, passes=passes)


def measure(cost: HashCost) -> float:
    """How long one hash takes, in seconds: the least of a few, since what else runs here only adds to it."""
    passwords = PasswordHashes.of(cost)
    return min(_time_of(passwords) for _ in range(_ROUNDS))


def _most_passes(measure: Measure, target_s: float, memory_kib: int, passes: int) -> HashCost:
    while passes < _MOST_PASSES:
        if measure(HashCost(memory_kib=memory_kib, passes=passes + 1)) > target_s:
            break
        passes += 1
    return HashCost(memory_kib=memory_kib, passes=passes)


def _least_passes(memory_kib: int) -> int:
    return min(passes for least_kib, passes in _LEAST if memory_kib >= least_kib)


def _time_of(passwords: PasswordHashes) -> float:
    began = time.perf_counter()
    passwords.make("a password of common length")
    return time.perf_counter() - began


def _spoken(cost: HashCost) -> str:
    return f"{cost.memory_kib} KiB and {cost.passes} {'pass' if cost.passes == 1 else 'passes'}"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("calibrate",), help="measure what a hash costs here")
    parser.add_argument(
        "--target-ms", type=float, default=100.0, metavar="MS", help="how long a hash may take (100)"
    )
    parser.add_argument(
        "--memory-mib", type=int, default=64, metavar="MIB", help="the most memory for one hash (64)"
    )


SUBCOMMAND = Subcommand(
    name="passwords",
    summary="measure what a password's hash costs, and propose settings",
    description="Measure argon2id on this machine and propose the dearest settings within a time. A log-in "
    "takes that long, and a process makes two hashes at once.",
    run=run,
    add_arguments=_add_arguments,
)
