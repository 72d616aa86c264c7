from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from countersign.workers.rendering.failures import RenderLimitExceeded, RenderTimeout, TemplateInvalid
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

WordFile = Callable[..., bytes]
EMPTY: dict[str, object] = {"signatures": []}
LETTERS = "abcd"
ENDLESS = "".join(f"{{% for {a} in x %}}" for a in LETTERS) + "{% endfor %}" * len(LETTERS)


@pytest.fixture(autouse=True)
def bounded_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ signatures.append(1) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% for n in range(1000000000000) %}{{ n }}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ missing }}",
        "{{ 1 // 0 }}",
        "{{ 1 + 'a' }}",
        "{% for %}",
        "{{ 'x'|no_such_filter }}",
        "{{ '{0.__class__}'.format(1) }}",
    ],
)
def test_a_tag_that_asks_for_too_much_makes_the_template_invalid(
    renderer: Renderer, word_file: WordFile, tag: str
) -> None:
    with pytest.raises(TemplateInvalid, match="document"):
        renderer.render(word_file(tag), EMPTY, Limits())


@pytest.mark.parametrize("tag", ["{{ 'x'.ljust(10000000000) }}", "{{ 'x' * 10000000000 }}"])
def test_a_memory_bomb_stops_at_the_limit(renderer: Renderer, word_file: WordFile, tag: str) -> None:
    with pytest.raises(RenderLimitExceeded, match="bytes of memory"):
        renderer.render(word_file(tag), EMPTY, Limits(memory_bytes=1 << 29))


@pytest.mark.parametrize("tag", [ENDLESS, "{{ 9 ** (9 ** 9) }}"])
def test_processor_time_ends_at_the_limit(renderer: Renderer, word_file: WordFile, tag: str) -> None:
    context = EMPTY | {"x": list(range(5000))}
    with pytest.raises(RenderLimitExceeded, match="processor time"):
        renderer.render(word_file(tag), context, Limits(cpu_s=1))


def test_a_rendering_is_killed_when_its_time_is_over(renderer: Renderer, word_file: WordFile) -> None:
    context = EMPTY | {"x": list(range(5000))}
    with pytest.raises(RenderTimeout):
        renderer.render(word_file(ENDLESS), context, Limits(wall_s=0.5))


def test_more_rows_than_allowed_are_refused_before_anything_runs(
    renderer: Renderer, word_file: WordFile
) -> None:
    with pytest.raises(RenderLimitExceeded, match="6 rows, at most 5"):
        renderer.render(word_file(ENDLESS), EMPTY | {"x": [0] * 6}, Limits(rows=5))


def test_a_hostile_template_leaves_the_renderer_in_order(renderer: Renderer, word_file: WordFile) -> None:
    with pytest.raises(TemplateInvalid):
        renderer.render(word_file("{{ ''.__class__ }}"), EMPTY, Limits())
    assert renderer.render(word_file("{{ word }}"), EMPTY | {"word": "fine"}, Limits()).docx


def test_only_plain_data_reaches_a_template(renderer: Renderer, word_file: WordFile) -> None:
    class Account:
        password = "secret"

    with pytest.raises(TypeError):
        renderer.render(word_file("{{ account.password }}"), EMPTY | {"account": Account()}, Limits())
