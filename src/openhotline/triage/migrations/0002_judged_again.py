"""Points of each item, fingerprints by SHA-1 and MD5, held entries, second looks, reasons of tiles."""

import django.db.models.deletion
import openhotline.triage.models.held
import openhotline.triage.states
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0006_no_hash_in_open_provenance'),
        ('triage', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('lookup', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='HeldEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=openhotline.triage.models.held._new_id, max_length=40, unique=True)),
                ('list_name', models.CharField(max_length=64)),
                ('entry', models.CharField(max_length=40)),
                ('state', models.CharField(default=openhotline.triage.states.HeldState['HELD'], max_length=16)),
                ('matched', models.PositiveIntegerField(help_text='items within the hours of the rule, when it was held')),
                ('limit', models.PositiveIntegerField(help_text='how many were allowed')),
                ('held_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='SecondLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_kept', models.BooleanField()),
                ('reason', models.CharField(help_text='why it was kept or set aside at first', max_length=32)),
                ('by', models.CharField(help_text="a machine rule's name or a person's outside id", max_length=64)),
                ('drawn_at', models.DateTimeField()),
                ('kept', models.BooleanField(help_text='by the second person; null: not looked at yet', null=True)),
                ('looked_by', models.CharField(blank=True, max_length=40)),
                ('looked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='match',
            name='turn',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='selection',
            name='points',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='selection',
            name='reasons',
            field=models.JSONField(default=list, help_text='[reason code, points] pairs'),
        ),
        migrations.AddField(
            model_name='selection',
            name='review_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sheettile',
            name='reason',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name='sheettile',
            name='second_look',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='match',
            name='entry',
            field=models.CharField(blank=True, help_text='which line of the list; empty: by SHA-256', max_length=40),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(fields=['list_name', 'entry', 'found_at'], name='triage_matc_list_na_d82927_idx'),
        ),
        migrations.AddIndex(
            model_name='selection',
            index=models.Index(condition=models.Q(('review_at__isnull', False)), fields=['review_at'], name='selections_to_review'),
        ),
        migrations.AddField(
            model_name='fingerprint',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fingerprints', to='evidence.item'),
        ),
        migrations.AddIndex(
            model_name='heldentry',
            index=models.Index(fields=['state'], name='triage_held_state_c91c94_idx'),
        ),
        migrations.AddConstraint(
            model_name='heldentry',
            constraint=models.UniqueConstraint(fields=('list_name', 'entry'), name='held_once'),
        ),
        migrations.AddField(
            model_name='secondlook',
            name='item',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second_look', to='evidence.item'),
        ),
        migrations.AddIndex(
            model_name='fingerprint',
            index=models.Index(fields=['lookup'], name='triage_fing_lookup_018986_idx'),
        ),
        migrations.AddConstraint(
            model_name='fingerprint',
            constraint=models.UniqueConstraint(fields=('item', 'kind'), name='one_fingerprint_a_kind'),
        ),
        migrations.AddIndex(
            model_name='secondlook',
            index=models.Index(fields=['kept', 'drawn_at'], name='triage_seco_kept_4f3ec5_idx'),
        ),
    ]
