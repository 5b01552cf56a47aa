"""Give every list that was imported before its row, with the shipped rules of matching."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min


def name_lists(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Read the names from the files that lie under them."""
    known_file, known_list = apps.get_model("hashlists", "KnownFile"), apps.get_model("hashlists", "KnownList")
    rows = known_file.objects.values("list_name", "verdict").annotate(first=Min("imported_at")).order_by("list_name")
    for row in rows:
        known_list.objects.get_or_create(
            name=row["list_name"], defaults={"verdict": row["verdict"], "added_at": row["first"]}
        )


class Migration(migrations.Migration):
    """Nothing to take back: the rows go with their table."""

    dependencies = [("hashlists", "0003_known_lists")]
    operations = [migrations.RunPython(name_lists, migrations.RunPython.noop)]
