

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('people', '0002_places_and_protection'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='act_file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='file of the act'),
        ),
        migrations.AddField(
            model_name='historicalappointment',
            name='act_file',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='files.storedfile', verbose_name='file of the act'),
        ),
    ]
