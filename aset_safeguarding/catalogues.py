"""Collects what is marked for translation, without gettext's tools: a clean machine needs only Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent
APPS = ["common", "audit", "files", "jobs", "deadlines", "people", "cases", "oversight", "aset_safeguarding"]
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "N_"}
PLURALS = {"ngettext", "ngettext_lazy"}
CONTEXTS = {"pgettext", "pgettext_lazy"}
PLURAL_CONTEXTS = {"npgettext", "npgettext_lazy"}


def marked_strings() -> set[tuple[str, str]]:
    """All (context, text) pairs of code and templates."""
    code = (found for app in APPS for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts for found in _of_code(file))
    pages = (found for pattern in ("*.html", "*.txt") for file in (ROOT / "templates").rglob(pattern) for found in _of_template(file))
    return set(code) | set(pages)


def _of_code(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if (name in FUNCTIONS or name in PLURALS) and texts:
            yield "", texts[0]
        elif (name in CONTEXTS or name in PLURAL_CONTEXTS) and len(texts) > 1:
            yield texts[0], texts[1]


def _of_template(file: Path) -> Iterator[tuple[str, str]]:
    block: list[str] | None = None
    context = ""
    for token in Lexer(file.read_text(encoding="utf-8")).tokenize():
        words = list(smart_split(token.contents)) if token.token_type == TokenType.BLOCK else []
        tag = words[0] if words else ""
        if tag in {"translate", "trans"} and words[1][0] in "\"'":
            yield _context_of(words), _unquoted(words[1])
        elif tag in {"blocktranslate", "blocktrans"}:
            block, context, trimmed = [], _context_of(words), "trimmed" in words
        elif tag == "plural" and block is not None:
            yield context, _joined(block, trimmed)
            block = []
            context = "\0plural"
        elif tag in {"endblocktranslate", "endblocktrans"} and block is not None:
            if context != "\0plural":
                yield context, _joined(block, trimmed)
            block = None
        elif block is not None:
            block.append(f"%({token.contents})s" if token.token_type == TokenType.VAR else token.contents.replace("%", "%%"))
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for text in re.findall(r"""_\(("[^"]*"|'[^']*')\)""", token.contents):
                yield "", _unquoted(text)


def _joined(block: list[str], trimmed: bool) -> str:
    text = "".join(block)
    return trim_whitespace(text) if trimmed else text


def _context_of(words: list[str]) -> str:
    return _unquoted(words[words.index("context") + 1]) if "context" in words else ""


def _unquoted(word: str) -> str:
    return word.split("|")[0].strip("\"'")
