from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0005_partners_and_quarantine'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='contact_withdrawn',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='report',
            name='told_at',
            field=models.DateTimeField(help_text='when something was last told beside the addresses', null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='read_at',
            field=models.DateTimeField(help_text='when a person read it; null again once more is told', null=True),
        ),
    ]
