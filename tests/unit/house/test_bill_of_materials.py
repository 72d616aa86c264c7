"""The bill of materials names every library that the package asks for."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def sbom(root: Path) -> ModuleType:
    """The script that writes it."""
    spec = spec_from_file_location("sbom", root / ".ci" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_library_that_is_asked_for_is_listed_with_its_version(sbom: ModuleType) -> None:
    bill = sbom.bill_of_materials()

    assert bill["bomFormat"] == "CycloneDX"
    asked = ["falcon>=4", "SQLAlchemy>=2", "cryptography", "argon2-cffi", "eventsourcing<9.6"]
    assert sbom.left_out(bill, asked) == set()
    assert sbom.left_out(bill, ["a-library-that-is-not-there>=1"]) == {"a-library-that-is-not-there"}


def test_what_has_no_version_or_no_source_counts_as_left_out(sbom: ModuleType) -> None:
    pieces = [{"name": "falcon", "version": "4"}, {"name": "pyyaml", "purl": "pkg:pypi/pyyaml@6"}]

    assert sbom.left_out({"components": pieces}, ["falcon", "PyYAML"]) == {"falcon", "pyyaml"}


def test_tools_of_the_tests_are_not_asked_for(sbom: ModuleType) -> None:
    bill = {"components": [{"name": "Falcon", "version": "4", "purl": "pkg:pypi/falcon@4"}]}

    assert sbom.left_out(bill, ["falcon>=4", 'pytest>=8 ; extra == "test"']) == set()
