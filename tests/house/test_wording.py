"""What templates and modules may hold: no inline code, nothing from elsewhere, every word through gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

from tests.house.test_laws import none
from tests.house.tree import files, place

ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
GETTEXT = {"_", "gettext", "ngettext"}
# Names, units and signs that are the same in every language.
SAME_EVERYWHERE = re.compile(
    r"S-0123|SHA-256|SHA‑256|CSV|JSON(?: Lines)?|JSONL|XLSX|PDF|DOCX|Parquet|API|OpenAPI|URL|HTTP|UTC|RFC"
    r"|ECOSOC|iCSO|Excel|ROR|LEI|Consult|GET|POST|PATCH|PUT|DELETE|ETag|Bearer|If-Match|Idempotency-Key"
    r"|Authorization|application/[a-z+-]+|/api/v1/[a-z.]+|\d{4}-\d\d-\d\dT[\d:]+Z|\b(?:true|false|null)\b"
    r"|[A-Z][a-zA-Z]+(?:Out|In|Metadata)\b|\b(?:Out|In|Page)$|[\w-]+=\"[^\"]*\"(?: required)?"
)
# For people who build pages and run installations, never for contributors.
FOR_BUILDERS = {"gallery.html", "mail.html"}
SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "value"}
EXPRESSION = "\N{OBJECT REPLACEMENT CHARACTER}"


def templates() -> list[Path]:
    return [
        path for path in files(".html", ".txt", under="consult/templates") if path.name not in FOR_BUILDERS
    ]


class Page(HTMLParser):
    """Gathers what a reader would see, and what the policy of content forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.spoken: list[str] = []
        self.forbidden: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in given):
            self.forbidden.append(f"<{tag}>")
        if tag in ("script", "style", "code", "kbd"):
            self.inside.append(tag)
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.forbidden.append(f"{name}={value!r}")
            loads = name in ("src", "srcset", "data", "poster", "action", "formaction") or tag == "link"
            if loads and re.match(r"\s*(?:https?:)?//|\s*(?:javascript|data):", value):
                self.forbidden.append(f"{tag} {name}={value!r}")
            pressed = given.get("type") in ("submit", "button")
            if name in SPOKEN_ATTRIBUTES and (pressed or name != "value"):
                self.spoken.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.spoken.append(data)


def written(path: Path) -> str:
    """The template's own markup; every expression stands as one character."""
    parts = []
    for output in ENVIRONMENT.parse(path.read_text()).find_all(nodes.Output):
        for node in output.nodes:
            parts.append(node.data if isinstance(node, nodes.TemplateData) else EXPRESSION)
    return "".join(parts)


def read(path: Path) -> Page:
    page = Page()
    page.feed(written(path))
    page.close()
    return page


def has_words(text: str) -> bool:
    """Whether something is left that a translator would have to translate."""
    return bool(re.search(r"[^\W\d_]{2}", SAME_EVERYWHERE.sub("", text)))


def constants(node: nodes.Node) -> Iterator[nodes.Const]:
    """Strings of a template's expressions that no gettext call encloses."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    for child in node.iter_child_nodes():
        yield from constants(child)


def test_no_page_holds_code_or_loads_from_elsewhere() -> None:
    none(
        f"{place(path)}: {what}"
        for path in files(".html", under="consult/templates")
        for what in read(path).forbidden
    )


def test_modules_and_styles_stay_at_home() -> None:
    elsewhere = re.compile(
        r"""(?:import|from|url\(|fetch\(|src\s*=)\s*\(?["'`]?\s*(?:https?:)?//[^\s"'`)]*"""
    )
    unsafe = re.compile(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write\(|insertAdjacentHTML")
    none(
        f"{place(path)}: {match.group()}"
        for path in files(".js", ".css", ".svg", under="static")
        for wanted in (elsewhere, unsafe)
        for match in wanted.finditer(path.read_text())
    )


def test_every_word_of_a_template_can_be_translated() -> None:
    none(
        f"{place(path)}: {text.strip()!r}"
        for path in templates()
        for text in (read(path).spoken if path.suffix == ".html" else written(path).splitlines())
        if has_words(text)
    )


def test_every_word_of_an_expression_can_be_translated() -> None:
    """`button("Save")` speaks one language; a word with a capital, or two words, is a sign of it."""
    sentence = re.compile(r"[A-Z][a-z]+|[a-z]+ [a-z]+ ")
    none(
        f"{place(path, constant.lineno)}: {constant.value!r}"
        for path in templates()
        for constant in constants(ENVIRONMENT.parse(path.read_text()))
        if sentence.match(constant.value)
        and "<" not in constant.value
        and "/" not in constant.value
        and has_words(constant.value)
    )
