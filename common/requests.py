"""The request of someone who has signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class AuthenticatedRequest(HttpRequest):
    """What a view under @login_required is given: its user is an account, never nobody.

    Only for annotations, and `Any` because no layer below `people` knows the account's model.
    """

    user: Any
