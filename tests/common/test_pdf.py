"""PDFs read aloud, in both languages, from our own files alone."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from common import pdf

PAGE = """{% extends "pdf/base.html" %}{% load i18n %}
{% block title %}Raporti i Gëzimit{% endblock %}
{% block content %}<h1>Gëzim Çela “ë” — €</h1><p>{{ words }}</p>
<table><thead><tr><th scope="col">Kur</th></tr></thead><tbody>{% for row in rows %}<tr><td>{{ row }}</td></tr>{% endfor %}</tbody></table>
{% endblock %}"""


@pytest.fixture
def page(tmp_path: Path, settings: Any) -> Path:
    """The folder of a template of this test."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def read(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def test_albanian_letters_can_be_read_out_of_the_document(page: Path) -> None:
    document = read(pdf.render("page.html", {"words": "ë Ë ç Ç"}, language="sq"))

    text = document.pages[0].extract_text()

    assert "Gëzim Çela “ë” — €" in text
    assert "ë Ë ç Ç" in text


def test_the_document_is_tagged_titled_and_says_its_language(page: Path) -> None:
    document = read(pdf.render("page.html", {}, language="sq"))
    root = document.trailer["/Root"]

    assert root["/Lang"] == "sq"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert document.metadata
    assert document.metadata.title == "Raporti i Gëzimit"


def test_every_page_says_which_of_how_many_it_is(page: Path) -> None:
    document = read(pdf.render("page.html", {"rows": range(120)}, language="en"))

    assert len(document.pages) > 2
    for number, sheet in enumerate(document.pages, start=1):
        assert f"Page {number} / {len(document.pages)}" in sheet.extract_text()


def test_our_own_fonts_are_in_it(page: Path) -> None:
    document = read(pdf.render("page.html", {"words": "x"}, language="sq"))
    fonts = [font.get_object()["/BaseFont"] for font in document.pages[0]["/Resources"]["/Font"].values()]

    assert fonts
    assert all("Source-Sans-3" in font or "SourceSans3" in font for font in fonts)


def test_what_people_wrote_is_text_and_never_markup(page: Path) -> None:
    document = read(pdf.render("page.html", {"words": '<img src="file:///etc/passwd"><h1>x</h1>'}, language="sq"))

    assert "file:///etc/passwd" in document.pages[0].extract_text()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "/fonts/../settings.py",
        "/css/app.css",
        "https://own.invalid.example/fonts/source-sans-3-latin-400-normal.woff2",
        "data:image/png;base64,AAAA",
    ],
)
def test_a_template_that_reaches_outside_gives_no_document(page: Path, address: str) -> None:
    (page / "page.html").write_text(PAGE.replace("<h1>", f'<img alt="" src="{address}"><h1>'), encoding="utf-8")

    with pytest.raises(pdf.ReachesOutside):
        pdf.render("page.html", {}, language="sq")


def test_the_frame_of_the_page_is_in_the_language_asked_for(page: Path) -> None:
    assert "Confidential" in read(pdf.render("page.html", {}, language="en")).pages[0].extract_text()
