import django.db.models.deletion
import openhotline.core.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0006_told_late_and_read'),
    ]

    operations = [
        migrations.AddField(
            model_name='collection',
            name='found_by',
            field=openhotline.core.fields.SealedText(help_text='who found it, as the operator says', null=True),
        ),
        migrations.AddField(
            model_name='collection',
            name='manifest',
            field=openhotline.core.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name='collection',
            name='site',
            field=openhotline.core.fields.SealedText(help_text='origin that it was found on', null=True),
        ),
        migrations.AddField(
            model_name='find',
            name='lookup',
            field=models.CharField(help_text='keyed hash of collection and path', max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='find',
            name='told',
            field=openhotline.core.fields.SealedText(help_text='JSON: place, found_by, found_at, category as the manifest says', null=True),
        ),
        migrations.AddField(
            model_name='find',
            name='why',
            field=models.CharField(blank=True, db_default='', default='', help_text='code of the refusal', max_length=16),
        ),
        migrations.AlterField(
            model_name='find',
            name='claimed',
            field=openhotline.core.fields.SealedText(help_text='JSON: length and digests claimed, checked when sealing', null=True),
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(help_text='outside id of the person, or the step or command', max_length=40)),
                ('authority', models.CharField(help_text='outside id of the recorded authority', max_length=40)),
                ('finds', models.PositiveSmallIntegerField()),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='intake.collection')),
            ],
        ),
        migrations.AddField(
            model_name='find',
            name='batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='brought', to='intake.batch'),
        ),
        migrations.AddConstraint(
            model_name='find',
            constraint=models.UniqueConstraint(fields=('collection', 'lookup'), name='one_find_a_path'),
        ),
    ]
