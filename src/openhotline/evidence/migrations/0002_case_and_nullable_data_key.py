"""Make room: the case an item came in with, and a data key that may be gone from here."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='case',
            field=models.CharField(blank=True, default='', editable=False, help_text='outside id of what it first came in with; never changed', max_length=40),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='item',
            name='data_key',
            field=models.BinaryField(help_text='wrapped by the epoch key', null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='provenance_sealed',
            field=models.BinaryField(help_text="JSON: prompts, thumbnails, free text; sealed under the item's data key", null=True),
        ),
    ]
