"""A link needs a code that only the second person saw. Links that were approved before have none and open no more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_roles_by_two'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='code_hash',
            field=models.CharField(blank=True, db_default='', default='', help_text='empty: not approved', max_length=64),
        ),
        migrations.AddField(
            model_name='invitation',
            name='wrong_codes',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
