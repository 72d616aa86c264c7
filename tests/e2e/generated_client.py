"""A client that is generated from the served OpenAPI document, as a customer's programmer would do it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

SETTINGS = Path(__file__).parents[2] / "docs" / "openapi-python-client.yaml"


@dataclass(frozen=True)
class Generated:
    """The package that was generated; operations and models go by the names in the document."""

    package: str
    url: str

    def model(self, name: str, fields: Mapping[str, Any]) -> Any:
        """A model of the document, filled as JSON would fill it."""
        return getattr(import_module(f"{self.package}.models"), name).from_dict(fields)

    def enum(self, name: str, value: str) -> Any:
        """A value of an enumeration of the document."""
        return getattr(import_module(f"{self.package}.models"), name)(value)

    def program(self, credential: str) -> Any:
        """Somebody who sends that access token or API key with each call."""
        return import_module(f"{self.package}.client").AuthenticatedClient(
            base_url=self.url, token=credential, timeout=60
        )

    def anybody(self) -> Any:
        """Somebody who has not signed in."""
        return import_module(f"{self.package}.client").Client(base_url=self.url, timeout=60)

    def call(self, operation: str, client: Any, *path: Any, **arguments: Any) -> Any:
        """What an operation such as `reports.post_reports` answers, with its status and headers."""
        module = import_module(f"{self.package}.api.{operation}")
        answer = module.sync_detailed(*path, client=client, **arguments)
        assert answer.status_code < 300, (operation, answer.status_code, answer.content)
        return answer


def generate(url: str, folder: Path) -> Generated:
    """Generate from the document that the service serves; any warning fails."""
    package = "generated_countersign"
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
        *("--url", f"{url}/openapi.json", "--config", str(SETTINGS), "--output-path", str(folder / package)),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "warning" not in made.stdout.casefold()
    return Generated(package, url)
