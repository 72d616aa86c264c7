"""The language of templates: Jinja without Python, every value escaped, nothing undefined passed over."""

from __future__ import annotations

from docxtpl import RichText
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

# fmt: off
FILTERS = ("capitalize", "count", "default", "first", "join", "last", "length", "list", "lower", "rejectattr",
           "replace", "selectattr", "sort", "title", "trim", "upper")
TESTS = ("defined", "eq", "even", "ge", "gt", "in", "le", "lt", "ne", "none", "odd", "undefined")
# fmt: on
LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
TAB = Markup('</w:t><w:tab/><w:t xml:space="preserve">')
VERDICTS = {
    "pass": ("PASS", "ResultPass"),
    "fail": ("FAIL", "ResultFail"),
    "na": ("N/A", "ResultNotApplicable"),
    "not_tested": ("Not tested", "ResultNotTested"),
}


def template_environment() -> ImmutableSandboxedEnvironment:
    """A new environment; one of its own for each template, since compiled templates refer to it."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=word_text, cache_size=0
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS} | {"result": verdict}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def word_text(value: object) -> object:
    """A value as the content of a Word text element: escaped, line breaks and tabs as Word's own."""
    if value is None:
        return ""
    if hasattr(value, "__html__"):
        return value
    text = escape(str(value))
    if "\n" in text or "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", LINE_BREAK)
    return text.replace("\t", TAB) if "\t" in text else text


def verdict(result: object) -> RichText:
    """A test result as a run in the character style of its outcome: `{{r row.result|result }}`."""
    if result in (None, ""):
        return RichText("")
    text, style = VERDICTS.get(str(result), (str(result), None))
    return RichText(text, style=style)
