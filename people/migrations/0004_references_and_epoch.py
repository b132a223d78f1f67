from functools import partial

from django.db import migrations, models

from common.references import new_reference


def _reference(letter, *, unique):
    default = partial(new_reference, letter)
    return models.CharField(default=default, editable=False, max_length=20, unique=unique)


def give_each_its_own(apps, schema_editor):
    for name, letter in (("Person", "P"), ("Affiliation", "T")):
        model = apps.get_model("people", name)
        for pk in model.objects.values_list("pk", flat=True):
            model.objects.filter(pk=pk).update(reference=new_reference(letter))


class Migration(migrations.Migration):
    """What is shown in addresses is random; ending sessions does not need a new password."""

    dependencies = [("people", "0003_act_file")]

    operations = [
        *(migrations.AddField(name, "reference", _reference("T", unique=False)) for name in ("affiliation", "historicalaffiliation")),
        *(migrations.AddField(name, "reference", _reference("P", unique=False)) for name in ("person", "historicalperson")),
        migrations.AddField("user", "session_epoch", models.PositiveIntegerField(default=0)),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField("affiliation", "reference", _reference("T", unique=True)),
        migrations.AlterField("person", "reference", _reference("P", unique=True)),
        migrations.AlterField(
            "historicalaffiliation",
            "reference",
            models.CharField(db_index=True, default=partial(new_reference, "T"), editable=False, max_length=20),
        ),
        migrations.AlterField(
            "historicalperson",
            "reference",
            models.CharField(db_index=True, default=partial(new_reference, "P"), editable=False, max_length=20),
        ),
    ]
