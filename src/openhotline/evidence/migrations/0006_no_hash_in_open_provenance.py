"""Take the file's SHA-256 out of the open part of the file evidence: it stands encrypted among the digests."""

from django.db import migrations

CHUNK = 500


def take_out(apps, _schema_editor):
    item = apps.get_model("evidence", "Item")
    last = 0
    while rows := list(item.objects.filter(pk__gt=last).exclude(provenance=None).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        for row in rows:
            row.provenance.pop("file_sha256", None)
        item.objects.bulk_update(rows, ["provenance"])


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0005_key_work_and_purges'),
    ]

    operations = [
        # Nothing reads it, so there is nothing to put back.
        migrations.RunPython(take_out, migrations.RunPython.noop),
    ]
