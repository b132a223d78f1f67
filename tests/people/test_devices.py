"""The list of sessions names devices as people do."""

import pytest

from people.templatetags.cover import device


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17 Mobile Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", "Firefox · Windows"),
        ("curl/8", "curl/8"),
    ],
)
def test_a_device_is_named_as_people_name_it(said: str, shown: str) -> None:
    assert device(said) == shown
