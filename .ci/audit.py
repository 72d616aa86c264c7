"""Ask the package index about known vulnerabilities of everything that is installed.

No answer is no verdict: it is said loudly and fails nothing, so that the tests also run without a network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

UNREACHED = (
    "ConnectionError",
    "ServiceError",
    "Max retries",
    "timed out",
    "Temporary failure",
    "NameResolution",
)


def audit() -> subprocess.CompletedProcess[str]:
    """pip-audit over this interpreter's environment."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--skip-editable", "--format=json"]
    return subprocess.run([*command, "--progress-spinner=off"], capture_output=True, text=True, check=False)


def shout(message: str) -> None:
    """Say what nobody should overlook."""
    print(f"\n{'!' * 110}\n!!! NOT AUDITED: {message}\n{'!' * 110}\n", file=sys.stderr)


def report(packages: list[dict[str, Any]]) -> int:
    """Print each vulnerability; the exit status."""
    audited = [package for package in packages if "vulns" in package]
    vulnerable = [package for package in audited if package["vulns"]]
    for package in vulnerable:
        for found in package["vulns"]:
            fixed = ", ".join(found["fix_versions"]) or "none yet"
            print(f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}")
    if skipped := len(packages) - len(audited):
        shout(f"the package index knew nothing of {skipped} of {len(packages)} packages.")
    print(f"pip-audit: {len(audited)} packages audited, {len(vulnerable)} with known vulnerabilities.")
    return 1 if vulnerable else 0


def main() -> int:
    """The exit status: failure only for a vulnerability, or for an audit that broke."""
    done = audit()
    if done.stdout.lstrip().startswith("{"):
        return report(json.loads(done.stdout)["dependencies"])
    if any(sign in done.stderr for sign in UNREACHED):
        shout("the package index could not be reached.")
        return 0
    sys.stderr.write(done.stderr)
    return done.returncode or 1


if __name__ == "__main__":
    sys.exit(main())
