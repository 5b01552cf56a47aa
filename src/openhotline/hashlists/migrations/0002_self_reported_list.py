"""The self-reported list, apart from the entries."""

import openhotline.core.fields
import openhotline.hashlists.models.self_reported
import openhotline.hashlists.states
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hashlists', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SelfReported',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=openhotline.hashlists.models.self_reported._new_id, max_length=40, unique=True)),
                ('origin', models.CharField(max_length=40, unique=True)),
                ('pdq', openhotline.core.fields.SealedText(null=True)),
                ('quality', models.PositiveSmallIntegerField(null=True)),
                ('state', models.CharField(default=openhotline.hashlists.states.SelfReportedState['UNREVIEWED'], max_length=16)),
                ('kept_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state'], name='hashlists_s_state_1a8afd_idx')],
            },
        ),
    ]
