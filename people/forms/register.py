"""Persons, ties and accounts as the people officer types them."""

from datetime import date, datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.localtime import day_bounds, local_day
from common.widgets import DateInput3
from people import roles
from people.models import AffiliationKind, ContactLevel, Partner, Person, RelationKind, User


class PersonForm(forms.Form):
    """Who somebody is."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    born_on = forms.DateField(label=_("Date of birth"), required=False, widget=DateInput3)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_born_on(self) -> date | None:
        """Nobody is born tomorrow."""
        born_on: date | None = self.cleaned_data["born_on"]
        if born_on and born_on > local_day(timezone.now()):
            raise ValidationError(gettext("The date of birth is in the future."))
        return born_on


class _Manager(forms.Form):
    """Parts of the form that new and changed ties share."""

    contact_level = forms.ChoiceField(label=_("Contact with children"), choices=ContactLevel.choices)
    line_manager = forms.ModelChoiceField(
        label=_("Line manager"), queryset=Person.objects.none(), required=False, to_field_name="reference", empty_label=_("None")
    )

    def __init__(self, *args: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line_manager"].queryset = managers  # type: ignore[attr-defined]


class ChangeAffiliationForm(_Manager):
    """What may change during a tie."""


class AffiliationForm(_Manager):
    """A new tie, from the first moment of a day."""

    kind = forms.ChoiceField(label=_("Kind of tie"), choices=AffiliationKind.choices)
    partner = forms.ModelChoiceField(label=_("Partner"), queryset=Partner.objects.all(), required=False, empty_label=_("None"))
    from_on = forms.DateField(label=_("From"), widget=DateInput3, help_text=_("Leave today's date if it begins now."))
    until_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput3, help_text=_("Only if it is known."))

    field_order = ["kind", "contact_level", "line_manager", "partner", "from_on", "until_on"]

    def clean(self) -> dict[str, Any]:
        """Days become instants: the tie ends when its last day is over."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", gettext("The last day is before the first."))
        if first:
            cleaned["from_at"] = min_now(first)
        cleaned["until_at"] = day_bounds(last)[1] if last else None
        return cleaned


def min_now(day: date) -> datetime:
    """The first moment of that day."""
    return day_bounds(day)[0]


class EndForm(forms.Form):
    """When a tie, post or role ends: now, or at the end of a day."""

    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=DateInput3, help_text=_("Leave empty to end it now. Access closes at the same minute.")
    )

    def clean_last_day(self) -> date | None:
        """Nothing ends in the past."""
        day: date | None = self.cleaned_data["last_day"]
        if day and day < local_day(timezone.now()):
            raise ValidationError(gettext("The last day is in the past. Leave it empty to end it now."))
        return day

    def ends_at(self, now: datetime) -> datetime:
        """The instant, from the answer."""
        day = self.cleaned_data["last_day"]
        return day_bounds(day)[1] if day else now


class RelationForm(forms.Form):
    """Who is close to whom; nobody need say more than the kind."""

    other = forms.ModelChoiceField(label=_("The other person"), queryset=Person.objects.none(), to_field_name="reference")
    kind = forms.ChoiceField(label=_("What this person is to the other"), choices=RelationKind.choices)

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """A login name; the first password is made by the system and handed over in person."""

    login_name = forms.CharField(
        label=_("Login name"),
        max_length=254,
        help_text=_("E-mail, phone number, or a name you agree on. Capitals and spaces do not matter."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("sq", _("Albanian")), ("en", _("English"))], initial="sq")


class RoleForm(forms.Form):
    """A role for an account."""

    role = forms.ChoiceField(label=_("Role"), choices=list(roles.GIVEN_ROLES.items()))
    until_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput3, help_text=_("Only if it is known."))

    def until_at(self) -> datetime | None:
        """The instant, from the answer."""
        day = self.cleaned_data["until_on"]
        return day_bounds(day)[1] if day else None


class ContactForm(forms.Form):
    """How one is reached and in which language; none of it proves who one is."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    language = forms.ChoiceField(label=_("Language of mails"), choices=[("sq", _("Albanian")), ("en", _("English"))])
    mail_reports = forms.BooleanField(
        label=_("Send me a mail when there is news about a report of mine"),
        required=False,
        help_text=_("Off unless you tick it: a mail could be read by someone else. The news is always in your inbox here."),
    )


class NewLoginForm(forms.Form):
    """Another login name."""

    login_name = forms.CharField(label=_("New login name"), max_length=254)

    def value(self) -> str:
        """What the change is asked with."""
        return str(self.cleaned_data["login_name"])


class NewSecretForm(forms.Form):
    """The password now, and the new one; it counts once a second person has approved."""

    now = forms.CharField(label=_("Your password now"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Four unrelated words are easy to remember."),
    )
    again = forms.CharField(label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_now(self) -> str:
        """The owner, and not somebody at an open screen; counted and throttled like a sign-in."""
        password: str = self.cleaned_data["now"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError(gettext("That password was not right."))
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same, and strong enough."""
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", gettext("The two new passwords are not the same."))
        if password:
            try:
                validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def value(self) -> str:
        """What the change is asked with."""
        return str(self.cleaned_data["password"])


class NothingToSay(forms.Form):
    """A reset of the second factor needs no words."""

    def value(self) -> str:
        """What the change is asked with."""
        return ""
