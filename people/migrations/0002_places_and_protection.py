"""Places and themes; the table behind the cache; histories and decisions that the runtime role cannot change."""

from django.db import migrations

from common.append_only import AppendOnly, NeverDelete
from common.folding import sort_key

COUNTRIES = [
    ("AL", "Shqipëri", "Albania"),
    ("XK", "Kosovë", "Kosovo"),
    ("MK", "Maqedonia e Veriut", "North Macedonia"),
    ("ME", "Mali i Zi", "Montenegro"),
    ("RS", "Serbi", "Serbia"),
    ("BA", "Bosnjë-Hercegovinë", "Bosnia and Herzegovina"),
    ("GR", "Greqi", "Greece"),
    ("IT", "Itali", "Italy"),
]

MUNICIPALITIES = {
    "Berat": "Berat, Kuçovë, Poliçan, Skrapar, Ura Vajgurore",
    "Dibër": "Bulqizë, Dibër, Klos, Mat",
    "Durrës": "Durrës, Krujë, Shijak",
    "Elbasan": "Belsh, Cërrik, Elbasan, Gramsh, Librazhd, Peqin, Prrenjas",
    "Fier": "Divjakë, Fier, Lushnjë, Mallakastër, Patos, Roskovec",
    "Gjirokastër": "Dropull, Gjirokastër, Këlcyrë, Libohovë, Memaliaj, Përmet, Tepelenë",
    "Korçë": "Devoll, Kolonjë, Korçë, Maliq, Pogradec, Pustec",
    "Kukës": "Has, Kukës, Tropojë",
    "Lezhë": "Kurbin, Lezhë, Mirditë",
    "Shkodër": "Fushë-Arrëz, Malësi e Madhe, Pukë, Shkodër, Vau i Dejës",
    "Tiranë": "Kamëz, Kavajë, Rrogozhinë, Tiranë, Vorë",
    "Vlorë": "Delvinë, Finiq, Himarë, Konispol, Sarandë, Selenicë, Vlorë",
}

# The definite form is what English maps and reports use; the others keep their Albanian spelling.
IN_ENGLISH = {
    "Dibër": "Dibra",
    "Gjirokastër": "Gjirokastra",
    "Himarë": "Himara",
    "Kavajë": "Kavaja",
    "Korçë": "Korça",
    "Krujë": "Kruja",
    "Lezhë": "Lezha",
    "Lushnjë": "Lushnja",
    "Malësi e Madhe": "Malësia e Madhe",
    "Sarandë": "Saranda",
    "Shkodër": "Shkodra",
    "Tiranë": "Tirana",
    "Vlorë": "Vlora",
}

THEMES = [
    ("social-policy", "Politika sociale", "Social policy"),
    ("health", "Shëndetësi", "Health"),
    ("skills", "Aftësi profesionale", "Vocational skills"),
    ("rural", "Zhvillim rural", "Rural development"),
    ("tourism", "Turizëm dhe MICE", "Tourism and MICE"),
    ("culture", "Kulturë", "Culture"),
    ("environment", "Mjedis", "Environment"),
]

HISTORIES = [
    "affiliation",
    "appointment",
    "child",
    "guardian",
    "partner",
    "person",
    "personrelation",
    "project",
    "project_team",
    "project_themes",
    "roleassignment",
    "user",
]

CACHE_TABLE = """
CREATE TABLE cache_entries (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX cache_entries_expires ON cache_entries (expires);
"""


def fill(apps, schema_editor):
    country, municipality, theme = (apps.get_model("people", name) for name in ("Country", "Municipality", "Theme"))
    for code, name_sq, name_en in COUNTRIES:
        country.objects.create(code=code, name_sq=name_sq, name_en=name_en, sort_key=sort_key(name_sq))
    albania = country.objects.get(code="AL")
    for county, names in MUNICIPALITIES.items():
        for name in names.split(", "):
            municipality.objects.create(
                country=albania, county=county, name_sq=name, name_en=IN_ENGLISH.get(name, name), sort_key=sort_key(name)
            )
    for code, name_sq, name_en in THEMES:
        theme.objects.create(code=code, name_sq=name_sq, name_en=name_en, sort_key=sort_key(name_sq))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(CACHE_TABLE, "DROP TABLE cache_entries"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(AppendOnly(f"people_historical{name}") for name in HISTORIES),
        AppendOnly("people_boarddecision"),
        *(
            NeverDelete(f"people_{name}")
            for name in ("user", "person", "affiliation", "appointment", "roleassignment", "setting", "credentialchange")
        ),
    ]
