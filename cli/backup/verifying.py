"""`backup verify` and `backup drill`: is it worth anything, and what would be lost?"""

from __future__ import annotations

from typing import Final

from countersign.cli.backup.creating import silent
from countersign.cli.backup.naming import named
from countersign.cli.backup.opening import add_name, opened
from countersign.cli.invocation import Invocation
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.screen import say, show_json
from countersign.cli.spans import span_of
from countersign.workers.backup.jobs import note_proof
from countersign.workers.backup.verifying import Proof, VerifyBackup


def _proof(invocation: Invocation) -> Proof:
    with opened(invocation) as (base, repository):
        manifest = named(repository, invocation.arguments.name)
        proof = VerifyBackup(repository, base.log).verify(manifest, silent)
        note_proof(base.dispatcher, proof)
    return proof


def _verify(invocation: Invocation) -> int:
    proof = _proof(invocation)
    if invocation.arguments.json:
        show_json(_described(proof))
    else:
        _tell(proof)
    return Exit.DIFFERS if proof.faults else Exit.DONE


def _drill(invocation: Invocation) -> int:
    proof = _proof(invocation)
    if invocation.arguments.json:
        show_json(_described(proof))
        return Exit.DIFFERS if proof.faults else Exit.DONE
    _tell(proof)
    say(
        f"Were all lost but the backups: {proof.behind} events would be gone, which came after "
        f"{proof.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC. To restore took {span_of(proof.restored_s)} here."
    )
    return Exit.DIFFERS if proof.faults else Exit.DONE


def _described(proof: Proof) -> dict[str, object]:
    return {
        "name": proof.manifest.name,
        "position": proof.manifest.position,
        "faults": list(proof.faults),
        "compared_rows": proof.compared,
        "not_compared": list(proof.uncompared),
        "events_lost": proof.behind,
        "restored_s": round(proof.restored_s, 3),
        "took_s": round(proof.took_s, 3),
    }


def _tell(proof: Proof) -> None:
    manifest = proof.manifest
    say(
        f"{manifest.name}: restored up to position {manifest.position} and thrown away, "
        f"in {span_of(proof.took_s)}."
    )
    for fault in proof.faults:
        say(f"  WRONG: {fault}")
    if not proof.faults:
        say(
            f"  The log is dense, its streams are whole, its files are what their names say; "
            f"{proof.compared} rows of read tables made from it equal those of the service."
        )
    if proof.uncompared:
        say(f"  Not compared, since they were behind or stood still: {', '.join(proof.uncompared)}.")


VERIFY: Final = Verb(
    name="verify",
    summary="restore one into a scratch place, look at it, and throw that away",
    description="Restores a backup into a folder that is thrown away; checks that the log is dense and its "
    "streams are whole, that files are what their names say; makes all read tables anew and compares them "
    "with those of the service. Ends with 3 when something is wrong.",
    run=_verify,
    add_arguments=add_name,
)
DRILL: Final = Verb(
    name="drill",
    summary="the same, and say what would be lost and how long it would take",
    description="Does what `verify` does, and reports what a disaster at this moment would cost.",
    run=_drill,
    add_arguments=add_name,
)
