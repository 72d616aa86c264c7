from __future__ import annotations

from typing import Any

import pytest
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError, UndefinedError

from countersign.workers.rendering.environment import template_environment


def rendered(source: str, **context: Any) -> str:
    return template_environment().from_string(source).render(context)


def test_markup_in_a_value_is_text() -> None:
    assert rendered("{{ x }}", x='a < b & "c" <w:p/>') == "a &lt; b &amp; &#34;c&#34; &lt;w:p/&gt;"


def test_a_template_cannot_switch_escaping_off() -> None:
    assert rendered("{% autoescape false %}{{ x }}{% endautoescape %}", x="<w:p/>") == "&lt;w:p/&gt;"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_line_break_is_words_own(line_end: str) -> None:
    assert rendered("{{ x }}", x=f"a{line_end}b") == 'a</w:t><w:br/><w:t xml:space="preserve">b'


def test_nothing_is_printed_for_none_and_zero_is_zero() -> None:
    assert rendered("[{{ x }}{{ y }}]", x=None, y=0) == "[0]"


def test_tags_in_a_value_are_not_run() -> None:
    assert rendered("{{ x }}", x="{{ 7 * 7 }}{% raw %}") == "{{ 7 * 7 }}{% raw %}"


@pytest.mark.parametrize(
    ("result", "style", "text"),
    [
        ("pass", "ResultPass", "PASS"),
        ("fail", "ResultFail", "FAIL"),
        ("na", "ResultNotApplicable", "N/A"),
        ("not_tested", "ResultNotTested", "Not tested"),
    ],
)
def test_a_result_has_the_style_of_its_outcome(result: str, style: str, text: str) -> None:
    run = rendered("{{ x|result }}", x=result)
    assert f'<w:rStyle w:val="{style}"/>' in run
    assert f">{text}</w:t>" in run


def test_a_missing_result_is_left_blank_and_an_unknown_one_is_shown() -> None:
    assert rendered("{{ x|result }}", x="") == ""
    assert "&lt;odd&gt;" in rendered("{{ x|result }}", x="<odd>")


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ row.missing }}", "{% for x in missing %}{% endfor %}"]
)
def test_what_is_not_there_is_an_error(source: str) -> None:
    with pytest.raises(UndefinedError):
        rendered(source, row={})


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ x.append(1) }}",
        "{{ x|attr('append') }}",
        "{{ x|map('upper') }}",
        "{{ '<w:p>'|safe }}",
        "{{ 'x'|format }}",
        "{{ range(3) }}",
        "{{ lipsum() }}",
        "{{ namespace() }}",
        "{{ self.__init__ }}",
    ],
)
def test_python_and_whatever_is_not_on_the_list_is_out_of_reach(source: str) -> None:
    with pytest.raises((SecurityError, TemplateError)):
        rendered(source, x=[])
