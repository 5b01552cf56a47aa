"""Give the first of each stack the points that the stack had, so that its place stays until it is judged again."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BATCH = 500


def copy_points(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Walk the stacks, a batch at a time."""
    stack, selection = apps.get_model("triage", "Stack"), apps.get_model("triage", "Selection")
    last = 0
    while rows := list(stack.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        leaders = {row.leader_id: row for row in rows}
        changed = list(selection.objects.filter(item_id__in=leaders))
        for one in changed:
            one.points, one.reasons = leaders[one.item_id].points, leaders[one.item_id].reasons
        selection.objects.bulk_update(changed, ["points", "reasons"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    """Nothing to take back: the columns go."""

    dependencies = [("triage", "0002_judged_again")]
    operations = [migrations.RunPython(copy_points, migrations.RunPython.noop)]
