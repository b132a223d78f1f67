"""allauth's forms in our words: real labels instead of placeholders, and no link to a password reset that does not exist."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


def _password(label: Any, *, autocomplete: str = "current-password", help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "govuk-input--width-20"})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=help_text)


def _code(label: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=attrs))


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login name and password; after this form it may still be the turn of the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = forms.CharField(
            label=_("Login name"),
            max_length=254,
            help_text=_("Your e-mail, your phone number, or the name you were given."),
            widget=forms.TextInput(attrs=attrs),
        )
        self.fields["password"] = _password(_("Password"))
        self.order_fields(["login", "password"])


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The password one has, and the new one twice."""

    oldpassword = _password(_("Your password now"))
    password1 = _password(
        _("New password"), autocomplete="new-password", help_text=_("At least 12 characters. Four unrelated words are easy to remember.")
    )
    password2 = _password(_("New password again"), autocomplete="new-password")

    def clean_password1(self) -> str:
        """The project's validators, also when allauth's own field is not used."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    password = _password(_("Password"))


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """Six digits from the app, or one of the printed codes."""

    code = _code(_("Code from your app, or one of your printed codes"))


class CodeAgainForm(ReauthenticateByCodeForm):  # type: ignore[misc]
    """The same, before an export, a grant or a role."""

    code = _code(_("Code from your app, or one of your printed codes"))


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """Proves that the app has the secret."""

    code = _code(_("Six digits that the app shows now"))


class NewKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the key, and whether it may open the account by itself."""

    name = forms.CharField(label=_("Name of the key"), required=False, max_length=60, help_text=_("For example: my phone, blue key."))
    passwordless = forms.BooleanField(
        label=_("Sign in with this key alone (it then asks for a fingerprint, face or PIN)"), required=False, initial=True
    )


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    name = forms.CharField(label=_("Name of the key"), max_length=60)
