"""The nouns of people; one file each, the same imports from outside."""

from people.models.accounts import RoleAssignment, User
from people.models.appointments import Appointment
from people.models.children import Child, Guardian, Sex, Tie
from people.models.decisions import BoardDecision, Setting
from people.models.persons import (
    Affiliation,
    AffiliationKind,
    ContactLevel,
    Partner,
    Person,
    PersonRelation,
    RelationKind,
    eighteenth_birthday,
)
from people.models.places import Country, Municipality, Theme
from people.models.projects import Project
from people.models.sign_in import ChangeKind, CredentialChange, SealedPage

__all__ = [
    "Affiliation",
    "AffiliationKind",
    "Appointment",
    "BoardDecision",
    "ChangeKind",
    "Child",
    "ContactLevel",
    "Country",
    "CredentialChange",
    "Guardian",
    "Municipality",
    "Partner",
    "Person",
    "PersonRelation",
    "Project",
    "RelationKind",
    "RoleAssignment",
    "SealedPage",
    "Setting",
    "Sex",
    "Theme",
    "Tie",
    "User",
    "eighteenth_birthday",
]
