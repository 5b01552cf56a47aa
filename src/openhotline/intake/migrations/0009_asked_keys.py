import django.db.models.deletion
import openhotline.intake.models.partner
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0008_sweeps'),
    ]

    operations = [
        migrations.CreateModel(
            name='AskedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=openhotline.intake.models.partner._new_asked_id, max_length=40, unique=True)),
                ('scopes', models.JSONField()),
                ('days', models.PositiveSmallIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('key', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='intake.partnerkey')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_keys', to='intake.partner')),
            ],
        ),
    ]
