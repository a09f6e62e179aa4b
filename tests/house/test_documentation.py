"""Documents say what the code does: the generated parts are the code's own, and what is linked is there."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from consult import predicates
from docs.generate import DOCUMENTS, renewed
from docs.wording import PREDICATES, SCOPES
from tests.house.test_laws import none
from tests.house.tree import ROOT, files, place


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_parts_are_up_to_date(application: Flask, name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text()
    assert text == renewed(text, application), "run: python -m docs.generate"


def test_every_predicate_has_words_and_no_words_are_left() -> None:
    asked = {name for name, each in vars(predicates).items() if callable(each) and not name.startswith("_")}
    imported = {"Actor", "Any", "Publication", "Role", "Scope", "SubmissionState"}
    assert (PREDICATES.keys() | SCOPES.keys()) == asked - imported


def test_links_lead_somewhere() -> None:
    broken = []
    for path in (*files(".md", under="docs"), *(file for file in files(".md") if file.parent == ROOT)):
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text()):
            if not (path.parent / target).exists():
                broken.append(f"{place(path)}: {target}")
    none(broken)


def test_files_that_documents_name_exist() -> None:
    """A guide that names files which are no more misleads worse than none."""
    named = re.compile(r"`((?:consult|workers|tests|docs|static)/[\w./-]+\.(?:py|json|md|css|js))`")
    none(
        f"{place(path)}: {target}"
        for path in (*files(".md", under="docs"), ROOT / "README.md")
        for target in named.findall(path.read_text())
        if not (ROOT / target).exists()
    )
