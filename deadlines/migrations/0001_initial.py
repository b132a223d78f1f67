import deadlines.models
from common.append_only import AppendOnly, NeverDelete
from django.contrib.postgres.operations import BtreeGistExtension
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


ONLY_FORWARD = """
REVOKE UPDATE ON deadlines_deadline, deadlines_notice, deadlines_barred, deadlines_postholder FROM aset_app;
GRANT UPDATE (state, fire_at, satisfied_at, voided_at, attempts, last_error) ON deadlines_deadline TO aset_app;
GRANT UPDATE (state, seen_at, not_before, unwanted, attempts, ambiguous, in_flight, lease_until, lease_token, sent_at, last_error)
    ON deadlines_notice TO aset_app;
GRANT UPDATE (lifted_at) ON deadlines_barred TO aset_app;
GRANT UPDATE (until_at) ON deadlines_postholder TO aset_app;
CREATE TRIGGER deadlines_deadline_settles_once BEFORE UPDATE OF state ON deadlines_deadline
    FOR EACH ROW WHEN (OLD.state <> 'pending' AND NEW.state <> OLD.state) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deadlines_postholder_began BEFORE DELETE ON deadlines_postholder
    FOR EACH ROW WHEN (OLD.from_at <= now()) EXECUTE FUNCTION refuse_change();
ALTER TABLE deadlines_deadline SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE deadlines_notice SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
"""
AS_BEFORE = """
DROP TRIGGER deadlines_deadline_settles_once ON deadlines_deadline;
DROP TRIGGER deadlines_postholder_began ON deadlines_postholder;
GRANT UPDATE ON deadlines_deadline, deadlines_notice, deadlines_barred, deadlines_postholder TO aset_app;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('source', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('last_ok_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('oldest_overdue_at', models.DateTimeField(null=True)),
                ('host', models.CharField(db_default='', max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(null=True)),
                ('detail', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('kind',), name='alarm_one_open_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_type', models.CharField(max_length=80)),
                ('row_pk', models.BigIntegerField()),
                ('kind', models.CharField(max_length=60)),
                ('episode', models.PositiveIntegerField(default=1)),
                ('step', models.PositiveSmallIntegerField()),
                ('from_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('fire_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('fired', 'fired'), ('met', 'met in time'), ('void', 'no longer needed')], default='pending', max_length=8)),
                ('audience', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('duty', models.CharField(blank=True, default='', max_length=60)),
                ('outward', models.BooleanField(default=False)),
                ('policy_version', models.CharField(blank=True, default='', max_length=40)),
                ('satisfied_at', models.DateTimeField(null=True)),
                ('voided_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, default='', max_length=200)),
                ('audience_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('fired_at', models.DateTimeField()),
                ('source', models.CharField(max_length=20)),
                ('told', models.PositiveSmallIntegerField()),
                ('deadline', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='escalation', to='deadlines.deadline')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_type', models.CharField(max_length=80)),
                ('row_pk', models.BigIntegerField()),
                ('reference', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), default=uuid.uuid4, unique=True)),
                ('kind', models.CharField(max_length=60)),
                ('episode', models.PositiveIntegerField(default=1)),
                ('step', models.PositiveSmallIntegerField(default=0)),
                ('duty', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ('channel', models.CharField(choices=[('inapp', 'in the application'), ('mail', 'by e-mail')], max_length=5)),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('failed_perm', 'refused'), ('held', 'held'), ('void', 'no longer needed')], max_length=11)),
                ('message_id', models.CharField(max_length=255, null=True)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('delayed_since', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('not_before', models.DateTimeField(null=True)),
                ('unwanted', models.BooleanField(db_default=False, default=False)),
                ('attempts', models.PositiveIntegerField(db_default=0, default=0)),
                ('ambiguous', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('in_flight', models.BooleanField(db_default=False, default=False)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PostHolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.CharField(choices=[('DIRECTOR', 'Director'), ('CHILD_PROTECTION_OFFICER', 'Child protection officer'), ('DEPUTY', 'Deputy child protection officer'), ('BOARD_LEAD', 'Board lead for child protection'), ('ALTERNATE', 'Alternate Board member'), ('OUTSIDE_PERSON', 'Outside person'), ('BOARD_MEMBER', 'Member of the Board case group'), ('TECHNICAL_ADMIN', 'Technical administrator')], max_length=40)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PostReach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_type', models.CharField(max_length=80)),
                ('row_pk', models.BigIntegerField()),
                ('post', models.CharField(choices=[('DIRECTOR', 'Director'), ('CHILD_PROTECTION_OFFICER', 'Child protection officer'), ('DEPUTY', 'Deputy child protection officer'), ('BOARD_LEAD', 'Board lead for child protection'), ('ALTERNATE', 'Alternate Board member'), ('OUTSIDE_PERSON', 'Outside person'), ('BOARD_MEMBER', 'Member of the Board case group'), ('TECHNICAL_ADMIN', 'Technical administrator')], max_length=40)),
                ('since', models.DateTimeField()),
                ('reason', models.CharField(max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['post', 'row_type', 'row_pk'], name='postreach_by_post')],
                'constraints': [models.UniqueConstraint(fields=('row_type', 'row_pk', 'post'), name='postreach_once'), models.CheckConstraint(condition=models.Q(('post__in', ['DIRECTOR', 'CHILD_PROTECTION_OFFICER', 'DEPUTY', 'BOARD_LEAD', 'ALTERNATE', 'OUTSIDE_PERSON', 'BOARD_MEMBER', 'TECHNICAL_ADMIN'])), name='postreach_post_known')],
            },
        ),
        migrations.CreateModel(
            name='Barred',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_type', models.CharField(max_length=80)),
                ('row_pk', models.BigIntegerField()),
                ('since', models.DateTimeField()),
                ('reason_code', models.CharField(choices=[('named', 'named in it'), ('relative', 'close to someone named in it'), ('reports_to', 'works under someone named in it'), ('declared', 'declared conflict of interest'), ('chosen', 'the reporter does not want it'), ('held', 'held until decided')], max_length=12)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['row_type', 'row_pk'], name='barred_of_row')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('user', 'row_type', 'row_pk'), name='barred_once_while_active'), models.CheckConstraint(condition=models.Q(('reason_code__in', ['named', 'relative', 'reports_to', 'declared', 'chosen', 'held'])), name='barred_reason_known')],
            },
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('fire_at__isnull', False)), fields=['fire_at'], name='deadline_to_fire'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='deadline_pending_due'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(fields=('row_type', 'row_pk', 'kind', 'episode', 'step'), name='deadline_one_per_step'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fire_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('fire_at__isnull', True)), _connector='OR'), name='deadline_pending_has_fire_at'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'fired', 'met', 'void'])), name='deadline_state_known'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['not_before', 'id'], name='notice_to_send'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state', 'sending')), fields=['lease_until'], name='notice_leased'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('channel', 'inapp')), fields=['user', '-created_at', '-id'], name='notice_inbox'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('channel', 'inapp'), ('seen_at__isnull', True)), fields=['user', 'created_at'], name='notice_unread'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('row_type', 'row_pk', 'kind', 'episode', 'step', 'user', 'channel'), name='notice_never_twice'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed_perm', 'held', 'void'])), name='notice_state_known'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('channel', 'inapp'), ('message_id__isnull', False), _connector='OR'), name='notice_mail_has_message_id'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'queued'), _negated=True), ('not_before__isnull', False), _connector='OR'), name='notice_queued_has_not_before'),
        ),
        migrations.AddConstraint(
            model_name='postholder',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('post__in', ('BOARD_MEMBER', 'TECHNICAL_ADMIN')), _negated=True), expressions=[('post', '='), (deadlines.models.TsTzRange('from_at', 'until_at'), '&&')], name='postholder_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='postholder',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('post', '='), ('user', '='), (deadlines.models.TsTzRange('from_at', 'until_at'), '&&')], name='postholder_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='postholder',
            constraint=models.CheckConstraint(condition=models.Q(('until_at__isnull', True), ('until_at__gt', models.F('from_at')), _connector='OR'), name='postholder_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='postholder',
            constraint=models.CheckConstraint(condition=models.Q(('post__in', ['DIRECTOR', 'CHILD_PROTECTION_OFFICER', 'DEPUTY', 'BOARD_LEAD', 'ALTERNATE', 'OUTSIDE_PERSON', 'BOARD_MEMBER', 'TECHNICAL_ADMIN'])), name='postholder_post_known'),
        ),
        AppendOnly(table="deadlines_escalation"),
        AppendOnly(table="deadlines_postreach"),
        NeverDelete(table="deadlines_deadline"),
        NeverDelete(table="deadlines_notice"),
        NeverDelete(table="deadlines_barred"),
        migrations.RunSQL(ONLY_FORWARD, AS_BEFORE),
    ]
