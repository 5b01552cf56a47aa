"""Codes of pictures that young people made on their own devices."""

import django.db.models.deletion
import openhotline.intake.models.device_hash
import openhotline.intake.states
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_contact_and_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeviceHash',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=openhotline.intake.models.device_hash._new_id, max_length=40, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('sealed', models.BinaryField()),
                ('state', models.CharField(default=openhotline.intake.states.DeviceHashState['KEPT'], max_length=16)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='device_hashes', to='intake.report')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'position'), name='one_code_a_position')],
            },
        ),
    ]
