"""Every page of the world that answers a GET with 200, and the roles it is looked at as (tests/access_world.py)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.forms.report_steps import QUESTION_OF
from people.models import User
from tests.access_world import ROLES, World

EVERYONE = " ".join(ROLES[1:])

PAGES: dict[str, str] = {
    "account_change_password": "staff",
    "account_inactive": "nobody",
    "account_login": "nobody",
    "account_logout": "staff",
    "account_reauthenticate": "staff",
    "account_reset_password": "nobody",
    "account_signup": "nobody",
    "cases:acknowledge": "officer",
    "cases:add_step": "officer",
    "cases:board": "board_lead",
    "cases:case": "officer board_lead investigator",
    "cases:cases": "officer board_lead staff",
    "cases:confirm_handover": "deputy",
    "cases:dashboard": "officer deputy board_lead investigator",
    "cases:discard_draft": "staff",
    "cases:drafts": "staff",
    "cases:grants": "officer",
    "cases:history": "officer",
    "cases:hold": "board_lead",
    "cases:identify": "officer",
    "cases:my_reports": "staff",
    "cases:names": "officer",
    "cases:not_a_concern": "board_lead",
    "cases:on_call_card": "officer",
    "cases:receipt": "staff",
    "cases:receipt_add": "staff",
    "cases:referral": "officer",
    "cases:report": "officer",
    "cases:report_check": "staff",
    "cases:report_start": "staff",
    "cases:reports": "officer board_lead staff",
    "cases:safety": "officer deputy",
    "cases:told": "deputy",
    "cases:told_by_phone": "staff",
    "cases:triage": "officer",
    "cases:unsent_drafts": "board_lead staff",
    "cases:when_a_child_tells": "staff",
    "deadlines:inbox": "officer staff",
    "home": EVERYONE,
    "jobs:job": "officer",
    "jobs:jobs": "officer",
    "mfa_activate_totp": "staff",
    "mfa_add_webauthn": "staff",
    "mfa_generate_recovery_codes": "staff",
    "mfa_index": "staff",
    "mfa_list_webauthn": "staff",
    "oversight:export_case": "officer",
    "oversight:export_report": "officer",
    "oversight:export_reporting_audit": "officer technical_admin",
    "oversight:exports": "officer staff",
    "people:account": "people_officer technical_admin",
    "people:accounts": "people_officer technical_admin",
    "people:add_affiliation": "people_officer",
    "people:add_person": "people_officer",
    "people:appointments": "officer board_lead technical_admin",
    "people:board_settings": "officer board_lead technical_admin",
    "people:change_affiliation": "people_officer",
    "people:change_person": "people_officer",
    "people:credential_changes": "officer board_lead",
    "people:credential_request": "staff",
    "people:declare_relation": "people_officer",
    "people:end_affiliation": "people_officer",
    "people:end_appointment": "board_lead",
    "people:give_role": "technical_admin",
    "people:open_account": "people_officer",
    "people:person": "officer people_officer",
    "people:persons": "officer people_officer",
    "people:profile": "staff officer",
    "people:propose_appointment": "board_lead",
    "people:propose_setting": "board_lead",
    "people:reset_for": "technical_admin",
    "people:session_kept": "staff",
    "people:session_unlock": "staff",
    "usersessions_list": "staff",
}
"""By name of the address. A page that shows another face to another role is looked at as each."""

QUERIES = {"cases:identify": "?person=1"}
"""What some addresses need after the question mark."""


@dataclass(frozen=True)
class Visit:
    """One page as one role; `label` is what a failure calls it."""

    role: str
    label: str
    address: str


def visits(world: World) -> list[Visit]:
    """All pages of all roles, and every question of the report form."""
    found = [Visit(role, name, _address(world, name)) for name, roles in PAGES.items() for role in roles.split()]
    return found + list(_questions(world))


def _address(world: World, name: str) -> str:
    return reverse(name, kwargs=world.addresses.get(name, {})) + QUERIES.get(name, "")


def _questions(world: World) -> Iterator[Visit]:
    token = world.addresses["cases:report_step"]["token"]
    for slug in QUESTION_OF:
        address = reverse("cases:report_step", kwargs={"token": token, "step": slug})
        yield Visit("staff", f"cases:report_step {slug}", address)


def client_of(world: World, role: str) -> Client:
    """Signed in a moment ago, so that pages which ask for a fresh password open too."""
    client = Client()
    if role != "nobody":
        user: User = getattr(world.cast, role)
        client.force_login(user, backend="people.backends.SignIn")
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


def session_cookie(client: Client, url: str) -> list[dict[str, Any]]:
    """The cookie a browser needs to be that person at `url`."""
    morsel = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return [{"name": settings.SESSION_COOKIE_NAME, "value": morsel.value, "url": url}] if morsel else []
