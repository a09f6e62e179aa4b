"""Markdown that the secretariat writes, as HTML that cannot do harm."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

# Headings begin at h3: the page has its own h1 and h2.
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "h5", "blockquote", "code", "hr", "br"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(text: str) -> str:
    """Sanitised HTML: no raw HTML, no images, links only to http, https and mailto."""
    html = _parser.render(text)
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
