"""Rows of before: who was not active is disabled; practice people count as vetted and trained, as new ones do."""

from datetime import date

from django.db import migrations

FAR = date(2036, 12, 31)


def fill(apps, _editor):
    person = apps.get_model("accounts", "Person")
    person.objects.filter(is_active=False).update(state="disabled")
    person.objects.filter(practice=True, vetted_until=None).update(vetted_until=FAR)
    person.objects.filter(practice=True, trained_until=None).update(trained_until=FAR)


def leave(_apps, _editor):
    """Nothing to reverse: the columns go with the migration before."""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
    ]

    operations = [migrations.RunPython(fill, leave)]
