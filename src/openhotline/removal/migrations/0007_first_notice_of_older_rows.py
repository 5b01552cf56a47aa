"""Addresses that were noticed before the first notice was kept: the last one known stands for it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def keep_first(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write down the moment of the first notice where none was kept."""
    rows = apps.get_model("removal", "Removal").objects.filter(first_noticed_at=None, noticed_at__isnull=False)
    rows.update(first_noticed_at=F("noticed_at"))


class Migration(migrations.Migration):
    dependencies = [("removal", "0006_contacts_of_further_networks")]

    operations = [migrations.RunPython(keep_first, migrations.RunPython.noop)]
