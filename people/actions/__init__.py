"""Every write that matters in people; each is atomic, names who acts, and is an event."""

from people.actions.affiliations import (
    add_affiliation,
    add_person,
    change_affiliation,
    change_person,
    declare_relation,
    end_affiliation,
)
from people.actions.appointments import approve_appointment, decline_appointment, end_appointment, propose_appointment
from people.actions.board import approve_setting, decline_setting, propose_setting
from people.actions.credentials import (
    approve_credential_change,
    change_contact,
    decline_credential_change,
    end_sessions,
    open_account,
    put_account_to_sleep,
    request_credential_change,
    wake_account,
)
from people.actions.refusals import Refused
from people.actions.roles import approve_role, decline_role, end_role, give_role
from people.actions.setup import set_up

__all__ = [
    "Refused",
    "add_affiliation",
    "add_person",
    "approve_appointment",
    "approve_credential_change",
    "approve_role",
    "approve_setting",
    "change_affiliation",
    "change_contact",
    "change_person",
    "declare_relation",
    "decline_appointment",
    "decline_credential_change",
    "decline_role",
    "decline_setting",
    "end_affiliation",
    "end_appointment",
    "end_role",
    "end_sessions",
    "give_role",
    "open_account",
    "propose_appointment",
    "propose_setting",
    "put_account_to_sleep",
    "request_credential_change",
    "set_up",
    "wake_account",
]
