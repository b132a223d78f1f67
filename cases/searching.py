"""Search over sealed names by keyed hashes: words, spelling keys and birth years (architecture.md, "Sealed at rest")."""

from collections.abc import Iterable

from django.db.models import QuerySet

from cases.models import Report, SearchToken
from common.crypto import index_token
from common.folding import name_words, spelling_key


def tokens_of(names: Iterable[str], birth_dates: Iterable[str] = ()) -> set[bytes]:
    """Every keyed hash under which these names and years are found again."""
    tokens = {token for name in names for word in name_words(name) for token in _tokens_of_word(word)}
    return tokens | {index_token(born_on[:4], kind="year") for born_on in birth_dates if born_on[:4].isdigit()}


def _tokens_of_word(word: str) -> set[bytes]:
    return {index_token(word, kind="word"), index_token(spelling_key(word), kind="spelling")}


def find_by_name(reports: QuerySet[Report], query: str, *, at_most_words: int = 6) -> QuerySet[Report]:
    """Reports naming somebody with every word of the query, spelled alike; only among the rows given."""
    for word in name_words(query)[:at_most_words]:
        kind, text = ("year", word) if word.isdigit() else ("spelling", spelling_key(word))
        found = SearchToken.objects.filter(token=index_token(text, kind=kind)).values("report")
        reports = reports.filter(pk__in=found)
    return reports
