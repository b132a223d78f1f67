"""How much may be sent at once: decided by the announced length, before a byte is read (R-99)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 25 * 1024 * 1024
"""One file of the 20 MB that R-99 allows, and the form around it."""


class Quota(FileUploadHandler):
    """First of the upload handlers: nobody fills the disk by sending a large file to any form, signed in or not."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        """Refused with 413 or 400; the words of the form are not lost, the browser still shows them."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("more was sent than any form here takes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Handed on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""
        return None
