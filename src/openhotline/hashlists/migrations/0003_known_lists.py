"""Rules of matching for each imported list, and lists of pictures."""

import django.db.models.deletion
import openhotline.core.fields
import openhotline.hashlists.models.known
import openhotline.hashlists.states
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hashlists', '0002_self_reported_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='knownfile',
            name='kind',
            field=models.CharField(default=openhotline.hashlists.states.HashKind['SHA256'], max_length=8),
        ),
        migrations.CreateModel(
            name='KnownList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, unique=True)),
                ('verdict', models.CharField(max_length=16)),
                ('near_radius', models.PositiveSmallIntegerField(default=31, help_text='bits, 0 to 31; null: its pictures are not matched', null=True)),
                ('least_quality', models.PositiveSmallIntegerField(default=50, help_text='PDQ quality that a picture needs to be matched nearly, on either side')),
                ('upright', models.BooleanField(help_text='hashed as people see it; null: not known, so eight turns are tried', null=True)),
                ('flood_after', models.PositiveIntegerField(help_text='items in a day by which one entry is held for a person; null: as the rules of triage say', null=True)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('near_radius__isnull', True), ('near_radius__lte', 31), _connector='OR'), name='near_is_at_most_31')],
            },
        ),
        migrations.CreateModel(
            name='KnownPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=openhotline.hashlists.models.known._new_id, max_length=40, unique=True)),
                ('lookup', models.CharField(max_length=64)),
                ('pdq', openhotline.core.fields.SealedText(help_text='64 hex digits, as the list gives them')),
                ('quality', models.PositiveSmallIntegerField(help_text='0 to 100; null: the list does not say', null=True)),
                ('imported_at', models.DateTimeField()),
                ('known_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='hashlists.knownlist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('known_list', 'lookup'), name='one_line_a_picture')],
            },
        ),
    ]
