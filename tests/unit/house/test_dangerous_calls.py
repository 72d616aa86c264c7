"""No room calls what an attacker could make use of: each rule is shown to find what it forbids."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

RUNS_TEXT: Final = {"eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec"}
UNPACKS_OBJECTS: Final = {"pickle", "cPickle", "marshal", "shelve", "dill", "jsonpickle"}
YAML_WITH_OBJECTS: Final = {"yaml.load_all", "yaml.unsafe_load", "yaml.full_load"}
THROUGH_A_SHELL: Final = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
BROKEN_HASHES: Final = {"md5", "sha1", "new"}
NOT_AUTHENTICATED: Final = {"ECB", "CBC", "CFB", "OFB", "CTR", "PKCS1v15", "TripleDES", "ARC4", "Blowfish"}
UNVERIFIED: Final = {"CERT_NONE", "_create_unverified_context"}
MAY_DRAW_BY_CHANCE: Final = {
    "commands/dispatch.py",  # pauses of those who lost a race
    "config/vault/custody.py",  # when a lease is renewed
    "workers/webhooks/duties.py",  # pauses before a retry
    "workers/workforce.py",  # pauses before a retry
}
MAY_HASH_BADLY: Final = {"commands/breached_passwords.py"}  # the lists of breached passwords are in SHA-1


def runs_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) in RUNS_TEXT


def unpacks_objects(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and dotted(node.func) == "yaml.load":
        return True
    return bool(imported(node) & UNPACKS_OBJECTS) or (
        isinstance(node, ast.Call) and dotted(node.func) in YAML_WITH_OBJECTS
    )


def goes_through_a_shell(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        dotted(node.func) in THROUGH_A_SHELL or keyword(node, "shell") not in (None, False)
    )


def hashes_badly(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "hashlib":
        return any(name.name in BROKEN_HASHES for name in node.names)
    return isinstance(node, ast.Attribute) and dotted(node) in {f"hashlib.{name}" for name in BROKEN_HASHES}


def encrypts_without_authentication(node: ast.AST) -> bool:
    names = {name.name for name in node.names} if isinstance(node, ast.ImportFrom) else set()
    return bool(names & NOT_AUTHENTICATED) or (
        isinstance(node, ast.Attribute) and node.attr in NOT_AUTHENTICATED
    )


def believes_any_certificate(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and keyword(node, "verify") is False:
        return True
    if isinstance(node, ast.Assign) and any(
        dotted(each).endswith((".check_hostname", ".verify")) for each in node.targets
    ):
        return isinstance(node.value, ast.Constant) and node.value.value is False
    return isinstance(node, ast.Attribute) and node.attr in UNVERIFIED


def draws_by_chance(node: ast.AST) -> bool:
    return "random" in imported(node)


RULES: Final[dict[str, Callable[[ast.AST], bool]]] = {
    rule.__name__: rule
    for rule in (
        runs_text,
        unpacks_objects,
        goes_through_a_shell,
        hashes_badly,
        encrypts_without_authentication,
        believes_any_certificate,
    )
}
PLANTED: Final = [
    ("runs_text", "eval(text)"),
    ("unpacks_objects", "import pickle"),
    ("unpacks_objects", "from marshal import loads"),
    ("unpacks_objects", "yaml.load(text, Loader=yaml.Loader)"),
    ("goes_through_a_shell", "os.system('ls')"),
    ("goes_through_a_shell", "subprocess.run(line, shell=True)"),
    ("hashes_badly", "hashlib.md5(raw)"),
    ("hashes_badly", "from hashlib import sha1"),
    ("encrypts_without_authentication", "modes.CBC(iv)"),
    ("encrypts_without_authentication", "from x.modes import ECB"),
    ("believes_any_certificate", "requests.get(url, verify=False)"),
    ("believes_any_certificate", "context.verify_mode = ssl.CERT_NONE"),
    ("believes_any_certificate", "context.check_hostname = False"),
    ("believes_any_certificate", "session.verify = verify = False"),
]


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> object:
    given = next((each.value for each in call.keywords if each.arg == name), None)
    return given.value if isinstance(given, ast.Constant) else given


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name.partition(".")[0] for name in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def nodes_of(paths: list[Path], root: Path) -> Iterator[tuple[str, ast.AST]]:
    for path in paths:
        if path.suffix == ".py":
            for node in ast.walk(ast.parse((root / path).read_text(encoding="utf-8"))):
                yield f"{path}:{getattr(node, 'lineno', 0)}", node


@pytest.mark.parametrize(("rule", "source"), PLANTED)
def test_each_rule_finds_what_it_forbids(rule: str, source: str) -> None:
    assert any(RULES[rule](node) for node in ast.walk(ast.parse(source)))


@pytest.fixture(scope="module")
def nodes(room_files: list[Path], root: Path) -> list[tuple[str, ast.AST]]:
    found = list(nodes_of(room_files, root))
    assert len(found) > 10_000
    return found


def broken(nodes: list[tuple[str, ast.AST]], rule: str) -> list[str]:
    return [place for place, node in nodes if RULES[rule](node)]


def test_no_text_is_run_as_a_program(nodes: list[tuple[str, ast.AST]]) -> None:
    assert broken(nodes, "runs_text") == []


def test_nothing_that_was_stored_or_sent_becomes_an_object_of_its_own_choice(
    nodes: list[tuple[str, ast.AST]],
) -> None:
    assert broken(nodes, "unpacks_objects") == []


def test_no_program_is_started_through_a_shell(nodes: list[tuple[str, ast.AST]]) -> None:
    assert broken(nodes, "goes_through_a_shell") == []


def test_no_broken_hash_is_used(nodes: list[tuple[str, ast.AST]]) -> None:
    places = {place.partition(":")[0] for place in broken(nodes, "hashes_badly")}

    assert places == MAY_HASH_BADLY


def test_nothing_is_encrypted_without_being_authenticated(nodes: list[tuple[str, ast.AST]]) -> None:
    assert broken(nodes, "encrypts_without_authentication") == []


def test_no_certificate_goes_unchecked(nodes: list[tuple[str, ast.AST]]) -> None:
    assert broken(nodes, "believes_any_certificate") == []


def test_what_must_not_be_guessed_is_not_drawn_by_mere_chance(nodes: list[tuple[str, ast.AST]]) -> None:
    places = {place.partition(":")[0] for place, node in nodes if draws_by_chance(node)}

    assert places == MAY_DRAW_BY_CHANCE
