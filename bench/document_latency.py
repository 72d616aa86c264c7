"""From the accepted command to the finished document, beside the rendering itself, on a warm worker.

One at a time, a client orders a draft of a report that has just changed and waits for its job. The rendering
is what the job's `duration_ms` says: filling the template, in the process that does it. Beyond it is all the
rest: reaction, effect, claim, the way to that process and back, blobs, appends with fsync, projection, and
the long poll.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

import requests
import yaml

from bench.databases import database_urls
from bench.service import Service, running_service

SAMPLE = Path(__file__).parent.parent / "cli" / "sample" / "sat.yaml"
WARM_UP = 5
DOCUMENTS = 40


def main() -> None:
    """Print the median and the 95th percentile on each database."""
    with database_urls() as urls:
        for name, url in urls.items():
            with running_service(url) as service:
                _measure(name, service)


def _measure(name: str, service: Service) -> None:
    session = service.sign_in()
    report = service.draft(session, "BENCH-DOC")
    fill(service, session, report)
    timings = [_one(service, session, report, number) for number in range(WARM_UP + DOCUMENTS)][WARM_UP:]
    rendering = median(made for _, made in timings)
    beyond = sorted(total - made for total, made in timings)
    print(
        f"{name:10} rendering p50 {rendering:4.0f} ms; beyond it p50 {median(beyond):4.0f} ms, "
        f"p95 {quantiles(beyond, n=20)[-1]:4.0f} ms; ratio {median(beyond) / rendering:.2f}"
    )


def fill(service: Service, session: requests.Session, report: str) -> None:
    """Fill every section with the sample."""
    for section, content in yaml.safe_load(SAMPLE.read_text(encoding="utf-8")).items():
        if section != "header":
            _save(service, session, report, section, content)


def _one(service: Service, session: requests.Session, report: str, number: int) -> tuple[float, float]:
    location = f"/v1/jobs/{order_draft(service, session, report, number)}"
    began = time.perf_counter()
    job = service.must(session, "GET", f"{location}?wait=30").json()
    total_ms = (time.perf_counter() - began) * 1000
    if job["state"] != "succeeded":
        raise SystemExit(f"the job is {job['state']}: {job['error']}")
    return total_ms, float(job["result"]["duration_ms"])


def order_draft(service: Service, session: requests.Session, report: str, number: int) -> UUID:
    """Change the report and order a document of it; returns the rendering's id."""
    _save(service, session, report, "purpose", {"text": f"Purpose {number}"})
    ordered = service.must(session, "POST", f"/v1/reports/{report}/renderings", json={"format": "docx"})
    return UUID(ordered.json()["id"])


def _save(service: Service, session: requests.Session, report: str, section: str, content: object) -> None:
    path = f"/v1/reports/{report}/sections/{section}"
    tag = service.must(session, "GET", path).headers["ETag"]
    service.must(session, "PUT", path, json={"content": content}, headers={"If-Match": tag})


if __name__ == "__main__":
    main()
