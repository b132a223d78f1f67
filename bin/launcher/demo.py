"""The demonstration's fixed facts: who can sign in, and with what."""

DEMO_PASSWORD = "Shtepia-e-Bardhe-2026"  # noqa: S105 - printed at start on purpose; production refuses demonstration data
DEMO_DOMAIN = "demo.example"
ACCOUNTS = (
    ("director", "Director and Child Protection Officer"),
    ("deputy", "deputy of the Child Protection Officer"),
    ("lead", "Board lead for child protection"),
    ("alternate", "Board alternate"),
    ("board", "Board member"),
    ("board2", "Board member"),
    ("outside", "outside person; asleep until a case needs it"),
    ("investigator", "investigator"),
    ("staff", "member of staff"),
    ("volunteer", "volunteer"),
    ("project", "project lead"),
    ("trainer", "trainer"),
    ("people", "people officer"),
    ("communications", "communications"),
    ("privacy", "data protection"),
    ("admin", "technical administrator"),
)
