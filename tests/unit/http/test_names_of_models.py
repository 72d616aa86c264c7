"""In the OpenAPI document a model goes by the name of its class: two of one name would be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pydantic import BaseModel

from countersign.http import routes
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.parameters import Parameters


def heirs(cls: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in cls.__subclasses__():
        yield each
        yield from heirs(each)


def test_no_two_models_have_one_name() -> None:
    assert callable(routes.add_routes)  # whose module imports them all
    of_the_api = {
        model
        for base in (Answer, Form, Parameters)
        for model in heirs(base)
        if "countersign" in model.__module__
    }

    names = Counter(model.__name__ for model in of_the_api)
    assert len(names) > 50
    assert [name for name, count in names.items() if count > 1] == []
