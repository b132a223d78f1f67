"""The two kinds of document."""


def register_kinds() -> None:
    """Nothing yet."""
