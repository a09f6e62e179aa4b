"""Markdown that the secretariat writes, as HTML that cannot do harm."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

# The page has its own h1 and h2: whatever the writer's highest heading is, it becomes h3.
HIGHEST = 3
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "h5", "blockquote", "code", "hr", "br"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(text: str) -> str:
    """Sanitised HTML: no raw HTML, no images, links only to http, https and mailto."""
    tokens = _parser.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=HIGHEST)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + HIGHEST, HIGHEST + 2)}"
    return nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
