"""Sealing of personal data at rest: AES-256-GCM, bound to the field it was written for.

A sealed value is: version (1 byte), key id (2 bytes), nonce (12 bytes), ciphertext with tag.
`settings.FIELD_KEYS` lists (id, 32-byte key); the first seals, every one of them opens.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from common.folding import fold

VERSION = 1
_HEADER = 3
_NONCE = 12
_TAG = 16


class SealBroken(Exception):
    """A sealed value does not open: changed, moved to another field, or its key is missing.

    Raised instead of ever handing out ciphertext, which a later save would seal again.
    """


def seal(data: bytes, *, context: str) -> bytes:
    """Encrypt under the current key; it opens only with the same context (R-99)."""
    key_id, key = settings.FIELD_KEYS[0]
    header = bytes([VERSION]) + int(key_id).to_bytes(2, "big")
    nonce = os.urandom(_NONCE)
    return header + nonce + _cipher(key).encrypt(nonce, data, _bound_to(header, context))


def unseal(sealed: bytes, *, context: str) -> bytes:
    """Give back what was sealed for this context; raises SealBroken for anything else."""
    if len(sealed) < _HEADER + _NONCE + _TAG or sealed[0] != VERSION:
        raise SealBroken("not a sealed value")
    header, nonce = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE]
    cipher = _cipher(_key_with(sealed_under(sealed)))
    try:
        return cipher.decrypt(nonce, sealed[_HEADER + _NONCE :], _bound_to(header, context))
    except InvalidTag:
        raise SealBroken(f"the seal of {context} is broken") from None


def sealed_under(sealed: bytes) -> int:
    """The id of the key that sealed this value: what a key rotation still has to do."""
    return int.from_bytes(sealed[1:_HEADER], "big")


def index_token(text: str, *, kind: str) -> bytes:
    """A keyed 16-byte token by which a sealed word can be found again, exact match only.

    The text is folded first, so that case and diacritics never matter; `kind` keeps the
    tokens of two kinds of word apart (a first name is not found among places).
    """
    message = kind.encode() + b"\0" + fold(text).encode()
    return hmac.digest(settings.INDEX_KEY, message, hashlib.sha256)[:16]


def _bound_to(header: bytes, context: str) -> bytes:
    return header + context.encode()


def _key_with(key_id: int) -> bytes:
    for known_id, key in settings.FIELD_KEYS:
        if known_id == key_id:
            return bytes(key)
    raise SealBroken(f"key {key_id} is not among the field keys")


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
