"""Move data keys out of the database into the key store, and prompts and thumbnails under the data key of their item.

Objects are not touched: one that was sealed before there was a case is bound to no case, and opens so. Taken back, the
keys return to the table, wrapped by the first epoch as they were, and so they need that epoch's key.
"""

from pathlib import Path

from django.conf import settings
from django.db import migrations

from openhotline.core import crypto, keys, sealing
from openhotline.core.datakeys import data_keys
from openhotline.core.sealing import Binding, DataKey

CHUNK = 500
COLUMN = "evidence_item.provenance_sealed"
FIRST = "epoch-1.key"


def _first_epoch():
    return keys.load(FIRST, Path(settings.VAR) / "keys")


def move(apps, _schema_editor):
    item = apps.get_model("evidence", "Item")
    while rows := list(item.objects.exclude(data_key=None).order_by("pk")[:CHUNK]):
        raw = {row.public_id: crypto.unlock(_first_epoch(), bytes(row.data_key), b"data-key") for row in rows}
        data_keys().take_in(raw)
        for row in rows:
            row.data_key = None
            if row.provenance_sealed is not None:
                told = crypto.open_column(bytes(row.provenance_sealed), column=COLUMN)
                binds = Binding(row.public_id, "provenance", row.case)
                row.provenance_sealed = sealing.seal(told.encode(), key=DataKey(raw[row.public_id]), binds=binds)
        item.objects.bulk_update(rows, ["data_key", "provenance_sealed"])


def move_back(apps, _schema_editor):
    item = apps.get_model("evidence", "Item")
    while rows := list(item.objects.filter(data_key=None).order_by("pk")[:CHUNK]):
        found = data_keys().get_many([row.public_id for row in rows])
        for row in rows:
            key = found.get(row.public_id)
            row.data_key = crypto.lock(_first_epoch(), key.raw, b"data-key") if key else b""
            if row.provenance_sealed is not None and key:
                binds = Binding(row.public_id, "provenance", row.case)
                told = sealing.unseal(bytes(row.provenance_sealed), key=key, binds=binds).decode()
                row.provenance_sealed = crypto.lock_column(told, column=COLUMN)
        item.objects.bulk_update(rows, ["data_key", "provenance_sealed"])


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_case_and_nullable_data_key'),
    ]

    operations = [
        migrations.RunPython(move, move_back),
    ]
