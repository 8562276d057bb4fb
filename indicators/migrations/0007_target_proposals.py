"""Targets get a second pair of eyes, and a typing error that is mended leaves the past as it was published."""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0006_explanations_are_released'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalTargetProposal',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_user_name', models.CharField(blank=True, db_default='', default='', editable=False, max_length=150, verbose_name='by whom')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('scope', models.CharField(choices=[('term', 'target of the term'), ('annual', 'plan of a year')], default='term', max_length=6, verbose_name='scope')),
                ('first_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2199)], verbose_name='first year')),
                ('last_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2199)], verbose_name='last year')),
                ('baseline_year', models.PositiveSmallIntegerField(blank=True, help_text='Empty: the year before the first year.', null=True, validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2199)], verbose_name='baseline year')),
                ('bound', models.CharField(choices=[('at_least', 'at least (≥)'), ('more_than', 'more than (>)'), ('at_most', 'at most (≤)'), ('less_than', 'less than (<)'), ('between', 'between two values'), ('about', 'about (±5 %)'), ('parts', 'judged by its parts')], max_length=9, verbose_name='bound')),
                ('low', models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True, verbose_name='low')),
                ('high', models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True, verbose_name='high')),
                ('basis', models.CharField(choices=[('value', 'value of the last year'), ('average', 'average of the years'), ('total', 'total of the years')], default='value', max_length=7, verbose_name='basis')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('adopted', 'adopted')], default='adopted', max_length=7, verbose_name='status')),
                ('counted', models.BooleanField(default=False, help_text='Counts in x/N of its term.', verbose_name='counted')),
                ('decided_on', models.DateField(help_text='The day from which it is known.', verbose_name='decided on')),
                ('replaced_on', models.DateField(blank=True, help_text='The day from which another one took its place.', null=True, verbose_name='replaced on')),
                ('as_written_vi', models.CharField(blank=True, help_text='The words of the document, for example “dưới 3%”.', max_length=500, verbose_name='as written')),
                ('quote_vi', models.TextField(blank=True, verbose_name='quote')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('kind', models.CharField(choices=[('new', 'new target'), ('adjust', 'adjusted target'), ('correct', 'correction of a typing error'), ('retract', 'taking back of a target entered by mistake')], default='new', editable=False, max_length=7, verbose_name='what for')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('state', models.CharField(choices=[('entered', 'entered'), ('submitted', 'submitted'), ('approved', 'approved'), ('returned', 'returned')], default='entered', editable=False, max_length=9, verbose_name='state')),
                ('return_reason', models.TextField(blank=True, editable=False, verbose_name='reason for returning')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical proposed target',
                'verbose_name_plural': 'historical proposed targets',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TargetProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('scope', models.CharField(choices=[('term', 'target of the term'), ('annual', 'plan of a year')], default='term', max_length=6, verbose_name='scope')),
                ('first_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2199)], verbose_name='first year')),
                ('last_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2199)], verbose_name='last year')),
                ('baseline_year', models.PositiveSmallIntegerField(blank=True, help_text='Empty: the year before the first year.', null=True, validators=[django.core.validators.MinValueValidator(1900), django.core.validators.MaxValueValidator(2199)], verbose_name='baseline year')),
                ('bound', models.CharField(choices=[('at_least', 'at least (≥)'), ('more_than', 'more than (>)'), ('at_most', 'at most (≤)'), ('less_than', 'less than (<)'), ('between', 'between two values'), ('about', 'about (±5 %)'), ('parts', 'judged by its parts')], max_length=9, verbose_name='bound')),
                ('low', models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True, verbose_name='low')),
                ('high', models.DecimalField(blank=True, decimal_places=4, max_digits=15, null=True, verbose_name='high')),
                ('basis', models.CharField(choices=[('value', 'value of the last year'), ('average', 'average of the years'), ('total', 'total of the years')], default='value', max_length=7, verbose_name='basis')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('adopted', 'adopted')], default='adopted', max_length=7, verbose_name='status')),
                ('counted', models.BooleanField(default=False, help_text='Counts in x/N of its term.', verbose_name='counted')),
                ('decided_on', models.DateField(help_text='The day from which it is known.', verbose_name='decided on')),
                ('replaced_on', models.DateField(blank=True, help_text='The day from which another one took its place.', null=True, verbose_name='replaced on')),
                ('as_written_vi', models.CharField(blank=True, help_text='The words of the document, for example “dưới 3%”.', max_length=500, verbose_name='as written')),
                ('quote_vi', models.TextField(blank=True, verbose_name='quote')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('kind', models.CharField(choices=[('new', 'new target'), ('adjust', 'adjusted target'), ('correct', 'correction of a typing error'), ('retract', 'taking back of a target entered by mistake')], default='new', editable=False, max_length=7, verbose_name='what for')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('state', models.CharField(choices=[('entered', 'entered'), ('submitted', 'submitted'), ('approved', 'approved'), ('returned', 'returned')], default='entered', editable=False, max_length=9, verbose_name='state')),
                ('return_reason', models.TextField(blank=True, editable=False, verbose_name='reason for returning')),
            ],
            options={
                'verbose_name': 'proposed target',
                'verbose_name_plural': 'proposed targets',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.RemoveConstraint(
            model_name='target',
            name='target_key',
        ),
        migrations.AddField(
            model_name='historicaltarget',
            name='corrected_on',
            field=models.DateField(editable=False, null=True, verbose_name='corrected on'),
        ),
        migrations.AddField(
            model_name='historicaltarget',
            name='earlier_of',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='indicators.target', verbose_name='earlier version of'),
        ),
        migrations.AddField(
            model_name='historicaltarget',
            name='shown_until',
            field=models.DateField(editable=False, null=True, verbose_name='shown until before'),
        ),
        migrations.AddField(
            model_name='target',
            name='corrected_on',
            field=models.DateField(editable=False, null=True, verbose_name='corrected on'),
        ),
        migrations.AddField(
            model_name='target',
            name='earlier_of',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='earlier', to='indicators.target', verbose_name='earlier version of'),
        ),
        migrations.AddField(
            model_name='target',
            name='shown_until',
            field=models.DateField(editable=False, null=True, verbose_name='shown until before'),
        ),
        migrations.AlterField(
            model_name='target',
            name='indicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='indicators.indicator', verbose_name='indicator'),
        ),
        migrations.AlterField(
            model_name='target',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='indicators.source', verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='target',
            name='term',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='indicators.term', verbose_name='term'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(condition=models.Q(('shown_until__isnull', True)), fields=('indicator', 'term', 'scope', 'first_year', 'last_year', 'decided_on'), name='target_key', violation_error_message='This target exists already: same indicator, term, scope, years and day of decision.'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('earlier_of__isnull', True), ('shown_until__isnull', False), _connector='OR'), name='target_earlier_version_has_ended', violation_error_message='An earlier version is shown until the day of its correction.'),
        ),
        migrations.AddField(
            model_name='historicaltargetproposal',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaltargetproposal',
            name='indicator',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='indicators.indicator', verbose_name='indicator'),
        ),
        migrations.AddField(
            model_name='historicaltargetproposal',
            name='source',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='indicators.source', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='historicaltargetproposal',
            name='target',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='indicators.target', verbose_name='target'),
        ),
        migrations.AddField(
            model_name='historicaltargetproposal',
            name='term',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='indicators.term', verbose_name='term'),
        ),
        migrations.AddField(
            model_name='targetproposal',
            name='indicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='indicators.indicator', verbose_name='indicator'),
        ),
        migrations.AddField(
            model_name='targetproposal',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='indicators.source', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='targetproposal',
            name='target',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='indicators.target', verbose_name='target'),
        ),
        migrations.AddField(
            model_name='targetproposal',
            name='term',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='indicators.term', verbose_name='term'),
        ),
        migrations.AddConstraint(
            model_name='targetproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'new'), ('target__isnull', True)), models.Q(models.Q(('kind', 'new'), _negated=True), ('target__isnull', False)), _connector='OR'), name='proposal_kind_fits_target', violation_error_message='A new target is of none that stands; every other proposal is of one.'),
        ),
        migrations.AddConstraint(
            model_name='targetproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['correct', 'retract']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='proposal_correction_has_reason', violation_error_message='Say what was wrong: the approver decides by it.'),
        ),
        migrations.AddConstraint(
            model_name='targetproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved'), _negated=True), fields=('target',), name='proposal_one_open', violation_error_message='A change of this target is on its way already.'),
        ),
    ]
