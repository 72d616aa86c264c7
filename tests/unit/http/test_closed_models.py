"""What comes in has no field that was not meant, what goes out none that is kept secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, get_args, get_origin

import pytest
from pydantic import BaseModel

from countersign.http import routes
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.parameters import Parameters
from tests.unit.http.test_names_of_models import heirs

KEPT_SECRET: Final = re.compile(r"hash|salt|nonce|secret|password|sealed|private", re.IGNORECASE)
SHOWN_ONCE: Final = {("SecretAnswer", "secret"), ("NewSecretAnswer", "secret")}


def models_of(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation names, at any depth."""
    if get_origin(kind) is None and isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from models_of(field.annotation)
    for argument in get_args(kind):
        yield from models_of(argument)


def of_the_api(base: type[BaseModel]) -> set[type[BaseModel]]:
    assert callable(routes.add_routes)  # whose module imports them all
    return {model for model in heirs(base) if model.__module__.startswith("countersign.")}


@pytest.mark.parametrize("base", [Form, Parameters])
def test_no_form_takes_a_field_that_it_does_not_name(base: type[BaseModel]) -> None:
    forms = {model for form in of_the_api(base) for model in models_of(form)}

    assert len(forms) > 5
    assert [form.__name__ for form in forms if form.model_config.get("extra") != "forbid"] == []


def test_no_answer_has_a_field_for_what_is_kept_secret() -> None:
    answers = {model for answer in of_the_api(Answer) for model in models_of(answer)}
    telling = {
        (answer.__name__, name)
        for answer in answers
        for name in answer.model_fields
        if KEPT_SECRET.search(name)
    }

    assert len(answers) > 30
    assert telling == SHOWN_ONCE


def test_no_form_takes_text_for_a_number_or_a_number_for_yes() -> None:
    loose = [
        (form.__name__, name)
        for form in of_the_api(Form)
        for name, field in form.model_fields.items()
        if field.annotation in {bool, int, float}
        and not any(getattr(m, "strict", False) for m in field.metadata)
    ]

    assert loose == []
