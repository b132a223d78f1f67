
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_references_and_epoch'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sealedpage',
            name='sealedpage_one_a_page',
        ),
        migrations.AddField(
            model_name='sealedpage',
            name='by_script',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='sealedpage',
            index=models.Index(fields=['user', '-kept_at'], name='sealedpage_of_user'),
        ),
        migrations.AddConstraint(
            model_name='sealedpage',
            constraint=models.UniqueConstraint(condition=models.Q(('by_script', True)), fields=('user', 'path'), name='sealedpage_one_draft_a_page'),
        ),
    ]
