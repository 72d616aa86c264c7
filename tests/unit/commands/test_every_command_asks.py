"""Every handler asks first whether its command is permitted, by the command's own name."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from countersign.aggregates.authority.system import BY_THE_SYSTEM
from countersign.aggregates.permissions import PERMISSIONS
from countersign.commands.catalogue import handlers
from countersign.commands.options import Options

PROVEN_OTHERWISE = {
    "LogIn": "the password is the permission",
    "RefreshSession": "the refresh token is the permission",
    "ContinueSession": "the session is the permission",
    "SignUp": "anybody may ask to be let in",
    "VerifyEmail": "the one-time code is the permission",
    "ConfirmEmailChange": "the one-time code is the permission",
    "RequestPasswordReset": "anybody may ask: the mail goes to the account's own address",
    "ResetPassword": "the one-time code is the permission",
}
KEYS: dict[str, Any] = {
    field: b"k" * 32 for field, hint in Options.__annotations__.items() if hint == "bytes"
}
HANDLERS = {command.__name__: handler for command, handler in handlers(Options(**KEYS)).items()}


def asked_for(handler: Any) -> Iterator[str]:
    """The actions that a handler asks for, itself or through functions of its own file."""
    function = handler.func if isinstance(handler, partial) else handler
    module = inspect.getmodule(function)
    assert module is not None
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(module)))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "permit":
            action = node.args[1]
            assert isinstance(action, ast.Constant), ast.unparse(node)
            yield str(action.value)


@pytest.mark.parametrize("command", sorted(set(HANDLERS) - set(PROVEN_OTHERWISE)))
def test_a_command_is_refused_to_whom_the_table_does_not_name(command: str) -> None:
    assert list(asked_for(HANDLERS[command])) == [command]
    assert command in {*PERMISSIONS, *BY_THE_SYSTEM}


@pytest.mark.parametrize("command", PROVEN_OTHERWISE)
def test_a_command_that_asks_nobody_is_in_no_table(command: str) -> None:
    assert list(asked_for(HANDLERS[command])) == []
    assert command not in {*PERMISSIONS, *BY_THE_SYSTEM}
