"""For what purpose each form asks each of its fields (R-89): the beginning of the register of processing.

A new field without an entry fails a test: whoever asks people for data says here why.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """Why personal data are asked for."""

    PROTECT_CHILD = "protect_child", _("Protect a child and answer a concern")
    REACH = "reach", _("Reach the person who reported, in the way that is safe for them")
    CONFIDENCE = "confidence", _("Keep a concern with the right people, and prove who read it and why")
    ACCOUNT_FOR = "account_for", _("Show that duties were met in time")
    REGISTER = "register", _("Know who works with children, and under whom")
    SIGN_IN = "sign_in", _("Let the right person in, and nobody else")
    GOVERN = "govern", _("Fill posts and set times by decision of the Board")
    FIND = "find", _("Find a record; nothing is stored")


FORMS: dict[str, tuple[Purpose, str]] = {
    "cases.forms.report_account.AwareForm": (Purpose.ACCOUNT_FOR, "aware_on aware_time"),
    "cases.forms.report_account.ContactForm": (Purpose.REACH, "safe_contact wants_feedback"),
    "cases.forms.report_account.FromChildForm": (Purpose.PROTECT_CHILD, "words_language words_heard_by words_hands child_knows"),
    "cases.forms.report_account.FromPartnerForm": (Purpose.PROTECT_CHILD, "partner partner_knew_on partner_told_on"),
    "cases.forms.report_account.SituationForm": (Purpose.PROTECT_CHILD, "situations known_by mode"),
    "cases.forms.report_account.ViewForm": (Purpose.PROTECT_CHILD, "opinion"),
    "cases.forms.report_account.WhatHappenedForm": (Purpose.PROTECT_CHILD, "account exact_words"),
    "cases.forms.report_after.AdditionForm": (Purpose.PROTECT_CHILD, "token text"),
    "cases.forms.report_after.DiscardForm": (Purpose.PROTECT_CHILD, "reason"),
    "cases.forms.report_after.LateReasonForm": (Purpose.ACCOUNT_FOR, "reason reason_text"),
    "cases.forms.report_after.ToldByPhoneForm": (Purpose.ACCOUNT_FOR, "told_to told_on told_time told_how"),
    "cases.forms.report_event.DoneForm": (Purpose.PROTECT_CHILD, "done done_text"),
    "cases.forms.report_event.EventForm": (
        Purpose.PROTECT_CHILD,
        "happened_when happened_on happened_place frequency act injuries behaviour witnesses evidence project municipality",
    ),
    "cases.forms.report_event.ToldForm": (Purpose.ACCOUNT_FOR, "told_to told_on told_time told_how"),
    "cases.forms.report_named.AllegedForm": (Purpose.PROTECT_CHILD, "name role tie is_child age still_has_access others_at_risk"),
    "cases.forms.report_named.ChildForm": (
        Purpose.PROTECT_CHILD,
        "name sex born_on age safe_now place school guardians lives_with language needs knows guardian_told guardian_told_why",
    ),
    "cases.forms.report_routing.AlertForm": (Purpose.PROTECT_CHILD, "danger_where danger_reach do_not_tell"),
    "cases.forms.report_routing.DangerForm": (Purpose.PROTECT_CHILD, "danger"),
    "cases.forms.report_routing.ReadersForm": (Purpose.CONFIDENCE, "readers"),
    "cases.forms.work.AcknowledgeDangerForm": (Purpose.PROTECT_CHILD, "doing"),
    "cases.forms.work.GrantForm": (Purpose.CONFIDENCE, "holder why until_on"),
    "cases.forms.work.HoldForm": (Purpose.CONFIDENCE, "conflict reason"),
    "cases.forms.work.IdentifyForm": (Purpose.PROTECT_CHILD, "name"),
    "cases.forms.work.NamesForm": (Purpose.CONFIDENCE, "which why"),
    "cases.forms.work.ReferralForm": (Purpose.PROTECT_CHILD, "number"),
    "cases.forms.work.ReportFilter": (Purpose.FIND, "q status danger situation municipality since until"),
    "cases.forms.work.SafetyForm": (Purpose.PROTECT_CHILD, "action note"),
    "cases.forms.work.SecondPersonForm": (Purpose.PROTECT_CHILD, "agree reason"),
    "cases.forms.work.StepForm": (Purpose.PROTECT_CHILD, "what owner due_on due_hour"),
    "cases.forms.work_triage.TriageForm": (
        Purpose.PROTECT_CHILD,
        "safety who_is_with categories carers_resources who_benefits tags concerned risk_level possible_crime authority "
        "best_interests wishes guardian_informed way_out case reasons next_what next_owner next_on next_hour seen talk_with",
    ),
    "oversight.forms.PurposeForm": (Purpose.ACCOUNT_FOR, "purpose language"),
    "oversight.forms.ReportingAuditForm": (Purpose.ACCOUNT_FOR, "purpose language since until"),
    "people.forms.posts.AppointmentForm": (Purpose.GOVERN, "post user act_number act_on act_file from_on until_on"),
    "people.forms.register.AccountForm": (Purpose.SIGN_IN, "login_name language"),
    "people.forms.register.AffiliationForm": (Purpose.REGISTER, "contact_level line_manager kind partner from_on until_on"),
    "people.forms.register.ChangeAffiliationForm": (Purpose.REGISTER, "contact_level line_manager"),
    "people.forms.register.ContactForm": (Purpose.REACH, "email phone language mail_reports"),
    "people.forms.register.EndForm": (Purpose.REGISTER, "last_day"),
    "people.forms.register.NewLoginForm": (Purpose.SIGN_IN, "login_name"),
    "people.forms.register.NewSecretForm": (Purpose.SIGN_IN, "now password again"),
    "people.forms.register.PersonForm": (Purpose.REGISTER, "full_name born_on phone email"),
    "people.forms.register.RelationForm": (Purpose.REGISTER, "other kind"),
    "people.forms.register.RoleForm": (Purpose.REGISTER, "role until_on"),
    "people.forms.register._Manager": (Purpose.REGISTER, "contact_level line_manager"),
    "people.forms.sign_in.CodeAgainForm": (Purpose.SIGN_IN, "code"),
    "people.forms.sign_in.CodeForm": (Purpose.SIGN_IN, "code"),
    "people.forms.sign_in.FirstCodeForm": (Purpose.SIGN_IN, "code"),
    "people.forms.sign_in.KeyNameForm": (Purpose.SIGN_IN, "name"),
    "people.forms.sign_in.NewKeyForm": (Purpose.SIGN_IN, "name credential passwordless"),
    "people.forms.sign_in.NewPasswordForm": (Purpose.SIGN_IN, "oldpassword password1 password2"),
    "people.forms.sign_in.PasswordAgainForm": (Purpose.SIGN_IN, "password"),
    "people.forms.sign_in.SignInForm": (Purpose.SIGN_IN, "password remember"),
    "people.views.session.UnlockForm": (Purpose.PROTECT_CHILD, "password"),
}
