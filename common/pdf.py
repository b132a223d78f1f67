"""Tagged PDFs from templates, with our own fonts and nothing from anywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

ORGANISATION = "ASET"


class ReachesOutside(Exception):
    """A template asked for a file that is not ours: a PDF never fetches anything."""


_HERE = "https://own.invalid/"
_OWN_FILE = re.compile(r"fonts/[\w-]+(\.[\w-]+)*\.woff2|css/pdf[\w-]*\.css")
_TYPES = {".woff2": "font/woff2", ".css": "text/css"}


def render(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """The template as a PDF/UA-1 document in that language (R-98).

    Slow and hungry (46 pages: 6 s, 225 MiB), so only ever inside a job. Raises OSError with
    the missing library's name where Pango is not installed, and ReachesOutside for a template
    that asks for anything but our own fonts and styles.
    """
    # Imported here: without Pango the import fails, and no other page may fail with it.
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with translation.override(language):
        text = render_to_string(template, {"organisation": ORGANISATION, **context, "language": language})
    document = HTML(string=text, base_url=_HERE, url_fetcher=_own_files_only)
    try:
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
    except FatalURLFetchingError as refused:
        # A BaseException, which would pass by everything that handles a failed job.
        raise ReachesOutside(str(refused)) from None


def _own_files_only(url: str, **_options: Any) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

    path = urlsplit(url).path.lstrip("/")
    found = finders.find(path) if url.startswith(_HERE) and _OWN_FILE.fullmatch(path) else None
    if not isinstance(found, str):
        raise FatalURLFetchingError(f"a PDF may use only its own fonts and styles, not {url[:80]}")
    file = Path(found)
    return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": _TYPES[file.suffix]})
