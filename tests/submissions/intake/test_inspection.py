"""Files: what each is by its content, and the reason why each hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.submissions.intake.files import FileVerdict, inspect
from tests.submissions.intake import made_files as made

ALL = ("pdf", "docx", "odt", "rtf", "txt", "xlsx", "ods", "pptx", "odp", "png", "jpeg")
UTF_16 = "EncryptedPackage".encode("utf-16-le")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REMOTE = made.RELATIONSHIP.format(kind="attachedTemplate", target="https://example.org/t.dotm")
LOCAL = made.RELATIONSHIP.format(kind="attachedTemplate", target="file:///C:/Users/a/Normal.dotm")
LINK = made.RELATIONSHIP.format(kind="hyperlink", target="https://example.org")


def judged(folder: Path, content: bytes, name: str, accepted: tuple[str, ...] = ALL) -> FileVerdict:
    path = folder / "upload"
    path.write_bytes(content)
    return inspect(path, name, accepted)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (made.real_docx(), "a.docx", "docx"),
        (made.word(word___rels__settings=LINK), "a.docx", "docx"),
        (
            made.packed({"[Content_Types].xml": made.WORD, "word/_rels/settings.xml.rels": LOCAL}),
            "a.docx",
            "docx",
        ),
        (made.word(word__embeddings__x=b"plain"), "a.docx", "docx"),
        (
            made.packed({"[Content_Types].xml": made.WORD, "word/embeddings/c.xlsx": made.sheet()}),
            "a.docx",
            "docx",
        ),
        (made.sheet(), "a.xlsx", "xlsx"),
        (made.packed({"[Content_Types].xml": made.SLIDES}), "a.pptx", "pptx"),
        (made.open_document("text"), "a.odt", "odt"),
        (made.open_document("spreadsheet"), "a.ods", "ods"),
        (made.open_document("presentation"), "a.odp", "odp"),
        (made.pdf(), "a.pdf", "pdf"),
        (rb"{\rtf1\ansi Text.}", "a.rtf", "rtf"),
        ("Ünïcode — текст\x0c".encode(), "a.txt", "txt"),
        ("\ufeffمساهمة".encode(), "a.TXT", "txt"),
        ("text".encode("utf-16"), "a", "txt"),
        (made.png(), "a.png", "png"),
        (made.TINY_JPEG, "a.jpeg", "jpeg"),
    ],
)
def test_honest_files(tmp_path: Path, content: bytes, name: str, kind: str) -> None:
    verdict = judged(tmp_path, content, name)
    assert (verdict.accepted, verdict.kind, verdict.reason) == (True, kind, None)
    assert verdict.size == len(content)
    assert verdict.media_type
    assert verdict.sentence == ""


HOSTILE = {
    "empty": (b"", "a.docx", "empty"),
    "blank": (b" \n ", "a.txt", "empty"),
    "program as docx": (b"MZ\x90\x00" + bytes(600), "report.docx", "program"),
    "elf as pdf": (b"\x7fELF" + bytes(600), "report.pdf", "program"),
    "script as txt": (b"#!/bin/sh\necho", "a.txt", "program"),
    "archive": (made.packed({"a.txt": "text"}), "a.docx", "archive"),
    "empty archive": (b"PK\x05\x06" + bytes(18), "a.docx", "archive"),
    "rar": (b"Rar!\x1a\x07\x00", "a.docx", "archive"),
    "old word": (OLE + bytes(600), "a.doc", "old_office"),
    "password docx": (OLE + bytes(600) + UTF_16 + bytes(64), "a.docx", "encrypted"),
    "web page": (b" <!DOCTYPE html><html>", "a.txt", "web_page"),
    "svg": (b"<svg onload='x'>", "a.txt", "web_page"),
    "latin-1": ("d\u00e9j\u00e0".encode("latin-1"), "a.txt", "not_text"),
    "bytes": (b"\x01\x02\x03 hello", "a.txt", "unknown_kind"),
    "text as docx": (b"Dear all,", "a.docx", "misnamed_text"),
    "macro type": (made.packed({"[Content_Types].xml": made.MACRO_WORD}), "a.docx", "macros"),
    "vba part": (made.word(**{"word__vbaProject.bin": b"x"}), "a.docx", "macros"),
    "activex": (made.word(**{"word__activeX__a.bin": b"x"}), "a.docx", "macros"),
    "basic in odt": (made.open_document("text", **{"Basic__script-lc.xml": "<a/>"}), "a.odt", "macros"),
    "password odt": (
        made.packed(
            {"mimetype": "application/vnd.oasis.opendocument.text", "m.xml": "<m><m:encryption-data/></m>"}
        ),
        "a.odt",
        "encrypted",
    ),
    "template from elsewhere": (made.word(**{"word___rels__s.xml.rels": REMOTE}), "a.docx", "outside_link"),
    "zip inside": (made.word(word__media__a=made.packed({"b": "c"})), "a.docx", "nested"),
    "zip inside its chart": (
        made.word(
            **{
                "word__embeddings__c.xlsx": made.packed(
                    {"[Content_Types].xml": made.SHEET, "x": made.sheet()}
                )
            }
        ),
        "a.docx",
        "nested",
    ),
    "ole inside": (made.word(**{"word__embeddings__o.bin": OLE}), "a.docx", "nested"),
    "program inside": (made.word(word__media__a=b"\x7fELF..."), "a.docx", "nested"),
    "entities": (made.word(**{"word__a.xml": made.ENTITIES}), "a.docx", "entities"),
    "broken xml": (made.word(**{"word__a.xml": "<a><b></a>"}), "a.docx", "damaged"),
    "truncated": (made.real_docx()[:5000], "a.docx", "damaged"),
    "bomb": (made.word(**{"word__a.xml": b"<a>" + b" " * 30_000_000 + b"</a>"}), "a.docx", "bomb"),
    "many bombs": (made.word(**{f"a{n}": bytes(1_000_000) for n in range(9)}), "a.docx", "bomb"),
    "overlap": (made.overlapping(26), "a.docx", "bomb"),
    "too many parts": (made.word(**{f"p{n}": b"" for n in range(5_001)}), "a.docx", "too_many_parts"),
    "way up": (made.word(**{"..__..__a": b"x"}), "a.docx", "unsafe_names"),
    "absolute": (made.word(__etc__passwd=b"x"), "a.docx", "unsafe_names"),
    "drive": (made.word(**{"C:__a": b"x"}), "a.docx", "unsafe_names"),
    "backslash": (made.word(**{"a\\b": b"x"}), "a.docx", "unsafe_names"),
    "password pdf": (made.pdf(password="secret"), "a.pdf", "encrypted"),
    "script pdf": (made.pdf(script="app.alert(1)"), "a.pdf", "macros"),
    "file in pdf": (made.pdf(attached=True), "a.pdf", "nested"),
    "pdf in name only": (b"%PDF-1.7\nnothing\n%%EOF", "a.pdf", "damaged"),
    "cut pdf": (made.pdf()[:-40], "a.pdf", "damaged"),
    "object in rtf": (rb"{\rtf1{\object\objdata 0105}}", "a.rtf", "nested"),
    "template in rtf": (rb"{\rtf1{\*\template http://example.org/a}}", "a.rtf", "outside_link"),
    "cut rtf": (rb"{\rtf1 text", "a.rtf", "damaged"),
    "huge picture": (made.png(60_000, 60_000), "a.png", "too_many_pixels"),
    "zip after picture": (made.png(after=made.packed({"a": "b"})), "a.png", "nested"),
    "cut picture": (made.png()[:40], "a.png", "damaged"),
    "cut jpeg": (made.TINY_JPEG[:-2], "a.jpg", "damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files(tmp_path: Path, case: str) -> None:
    content, name, reason = HOSTILE[case]
    verdict = judged(tmp_path, content, name)
    assert (verdict.accepted, verdict.reason) == (False, reason)
    assert verdict.sentence.endswith(".")
    assert "%(" not in verdict.sentence


def test_a_password_on_the_archive_itself(tmp_path: Path) -> None:
    content = bytearray(made.word())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert judged(tmp_path, bytes(content), "a.docx").reason == "encrypted"


def test_two_parts_of_one_name(tmp_path: Path) -> None:
    target = io.BytesIO(made.word())
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<other/>")
    assert judged(tmp_path, target.getvalue(), "a.docx").reason == "unsafe_names"


def test_only_what_the_consultation_accepts(tmp_path: Path) -> None:
    verdict = judged(tmp_path, made.sheet(), "a.xlsx", (".PDF", "docx"))
    assert verdict.reason == "not_accepted"
    assert verdict.sentence == "This file is of the kind xlsx. Accepted here: docx, pdf."
    assert judged(tmp_path, made.TINY_JPEG, "a.jpg", ("jpg",)).accepted


def test_the_content_decides_and_the_name_follows(tmp_path: Path) -> None:
    assert judged(tmp_path, made.pdf(), "../x/report.docx").filename == "report.pdf"
    assert judged(tmp_path, made.pdf(), "v1.2 final").filename == "v1.2 final.pdf"
    assert judged(tmp_path, made.TINY_JPEG, "photo.JPG").filename == "photo.JPG"


def test_a_file_that_never_arrived(tmp_path: Path) -> None:
    assert inspect(tmp_path / "none", "a.pdf", ALL).reason == "missing"


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([made.word(), made.open_document("text"), made.pdf(), made.png(), made.TINY_JPEG]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 600),
)
def test_a_mangled_file_is_judged_and_never_raises(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    mangled = bytearray(content)
    for position, value in changes:
        mangled[position % len(mangled)] = value
    verdict = judged(tmp_path_factory.getbasetemp(), bytes(mangled[: len(mangled) - cut]), "a.pdf")
    assert verdict.accepted or verdict.sentence
