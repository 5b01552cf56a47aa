"""What the answers of before were about. Apart from the columns: PostgreSQL changes no table with rows in flight."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_items(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write down the item of each answer about an item of a package."""
    answers = apps.get_model("referral", "PoliceAnswer").objects
    for key, item in answers.filter(item=None).values_list("pk", "referred__item"):
        answers.filter(pk=key).update(item=item)


def drop_urgent(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Delete what the version before has no place for."""
    apps.get_model("referral", "PoliceAnswer").objects.filter(referred=None).delete()


class Migration(migrations.Migration):
    dependencies = [("referral", "0005_answers_to_urgent_words")]

    operations = [migrations.RunPython(name_items, drop_urgent)]
