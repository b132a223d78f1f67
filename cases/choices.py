"""The fixed lists of the forms: what a reporter or a triager may choose (requirements part 3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Danger(models.TextChoices):
    """Is a child in danger now? "Not sure" counts as yes (R-40)."""

    YES = "yes", _("Yes")
    UNSURE = "unsure", _("I am not sure")
    NO = "no", _("No")


class ReporterKind(models.TextChoices):
    """Who hands a concern in (R-03 and R-77)."""

    BOARD = "board", _("Board member")
    STAFF = "staff", _("Staff")
    VOLUNTEER = "volunteer", _("Volunteer")
    INTERN = "intern", _("Intern or trainee")
    CONSULTANT = "consultant", _("Consultant or contractor")
    PARTNER = "partner", _("Partner organisation")
    VISITOR = "visitor", _("Visitor, donor, journalist or ambassador")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent or guardian")
    PUBLIC = "public", _("Member of the public")


class Channel(models.TextChoices):
    """By which way a report came in."""

    STAFF_FORM = "staff_form", _("Staff form")
    ALERT = "alert", _("Alert now")
    PHONE = "phone", _("Told by phone or in person")
    UNSENT_DRAFT = "unsent_draft", _("Draft of someone who has left")


class Situation(models.TextChoices):
    """The four situations of the policy, and "other" (R-82)."""

    DETECTED = "1", _("Abuse was noticed or assessed, suspected or confirmed")
    WITNESSED = "2", _("I saw or suspect that a child could be harmed")
    FROM_PARTNER = "3", _("A partner or colleague told me")
    FROM_CHILD = "4", _("A child told me or someone else, in words or otherwise")
    OTHER = "other", _("Something else")


class Mode(models.TextChoices):
    """Our own matter, or in support of another organisation (R-83)."""

    DIRECT = "direct", _("It concerns our own work")
    SUPPORTING = "supporting", _("We support another organisation")


class Readers(models.TextChoices):
    """The answer to "who will read this": is it about one of them (A-03)?"""

    NOBODY = "nobody", _("It is about none of them")
    SOME = "some", _("Leave out the people I ticked")
    UNSURE = "unsure", _("I am not sure")


class Tie(models.TextChoices):
    """The alleged person's tie to the child (R-01)."""

    UNKNOWN = "unknown", _("I do not know")
    ASET = "aset", _("Someone of ASET")
    PARTNER = "partner", _("Someone of a partner organisation")
    VISITOR = "visitor", _("Visitor, donor or journalist")
    FAMILY = "family", _("Family or household")
    CHILD = "child", _("Another child")
    STRANGER = "stranger", _("Stranger, or only online")
    OTHER = "other", _("Someone else the child knows")


class Sex(models.TextChoices):
    """As told by the reporter."""

    GIRL = "girl", _("Girl")
    BOY = "boy", _("Boy")
    UNKNOWN = "unknown", _("Not known")


class YesNoUnknown(models.TextChoices):
    """An answer that may be missing without holding anything up."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("I do not know")


class Doing(models.TextChoices):
    """What the person who confirms a danger is doing right now (R-40)."""

    CALLING_POLICE = "calling_police", _("I am calling 112 or 129")
    CALLING_REPORTER = "calling_reporter", _("I am calling the person who reported")
    GOING_THERE = "going_there", _("I am going there")
    HANDING_OVER = "handing_over", _("I am handing this to someone who can act now")


class SafetyAction(models.TextChoices):
    """What ended the one-hour safety task (R-40)."""

    WITH_SAFE_ADULT = "safe_adult", _("The child is with a safe adult")
    POLICE_THERE = "police", _("Police or ambulance are with the child")
    UNIT_TOOK_OVER = "unit", _("The child protection unit has taken over")
    NO_DANGER = "no_danger", _("Checked: the child is not in danger now")


class LateReason(models.TextChoices):
    """Ready answers to "what made it later than 24 hours", asked after the receipt (R-81)."""

    UNSURE = "unsure", _("I was not sure that it counts")
    NO_ACCESS = "no_access", _("I had no phone, link or account")
    TOLD_SOMEONE = "told_someone", _("I told someone and thought that was enough")
    AFRAID = "afraid", _("I was afraid of what would happen")
    CHILD_ASKED = "child_asked", _("The child asked me not to tell")
    OTHER = "other", _("Something else")


class ToldHow(models.TextChoices):
    """How someone was told before the form was filled in (A-08)."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    MESSAGE = "message", _("By message")


class Safety(models.TextChoices):
    """Immediate safety of the child (R-31)."""

    UNKNOWN = "unknown", _("Not known yet")
    SAFE = "safe", _("Safe")
    ACTION_TAKEN = "action_taken", _("Action has been taken")


class Category(models.TextChoices):
    """The five WHO/ISPCAN forms, and "not sure yet" until the first review (R-22)."""

    PHYSICAL = "physical", _("Physical abuse")
    PSYCHOLOGICAL = "psychological", _("Psychological abuse")
    SEXUAL = "sexual", _("Sexual abuse")
    NEGLECT = "neglect", _("Neglect")
    EXPLOITATION = "exploitation", _("Exploitation")
    NOT_SURE = "not_sure", _("Not sure yet")


class Tag(models.TextChoices):
    """What else describes the concern (R-22)."""

    ONLINE = "online", _("Online")
    CHILD_ON_CHILD = "child_on_child", _("Between children")
    SEA = "sea", _("Aid, access or favour was traded (SEA)")
    TRAFFICKING = "trafficking", _("Trafficking")
    CHILD_LABOUR = "child_labour", _("Child labour")
    EARLY_MARRIAGE = "early_marriage", _("Early marriage")
    CONDUCT = "conduct", _("Conduct, low-level")
    UNSAFE_PROGRAMME = "unsafe_programme", _("Unsafe programme")
    FAILURE_TO_REPORT = "failure_to_report", _("Failure to report")
    COMMUNICATIONS = "communications", _("Photos, posts, communications")
    RETALIATION = "retaliation", _("Reprisal against someone who reported")


class RiskLevel(models.TextChoices):
    """Inter-agency wording (requirements 3.2)."""

    HIGH = "high", _("High: significant harm or death is likely without action")
    MEDIUM = "medium", _("Medium: some harm is likely, no sign of significant harm")
    LOW = "low", _("Low: a risk of harm remains")
    NONE = "none", _("None or low-level")


class Concerned(models.TextChoices):
    """Who is concerned (requirements 3.2)."""

    ASET_ADULT = "aset_adult", _("An adult of ASET")
    PARTNER = "partner", _("A partner organisation")
    FAMILY = "family", _("Family or community")
    CHILD_ON_CHILD = "child_on_child", _("Another child")
    PROGRAMME = "programme", _("Our programme or premises")


class WayOut(models.TextChoices):
    """Where triage leads."""

    NEW_CASE = "new_case", _("Open a case")
    EXISTING_CASE = "existing_case", _("Add to an open case")
    LOW_LEVEL = "low_level", _("Keep as a low-level concern, without a case")
    NOT_A_CONCERN = "not_a_concern", _("Not a concern (a second person confirms)")


class AuthorityKind(models.TextChoices):
    """Statutory authorities and other bodies (requirements 3.3)."""

    POLICE = "police", _("Police (129 or 112)")
    UNIT = "unit", _("Child protection unit of the municipality (NJMF)")
    STATE_AGENCY = "state_agency", _("State Agency for the Rights and Protection of the Child")
    HEALTH = "health", _("Health service")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    CHILD_LINE = "child_line", _("ALO 116 111")
    OTHER = "other", _("Another organisation")
