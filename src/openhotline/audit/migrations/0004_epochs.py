"""Checkpoints by number and epoch. The table is empty: 0003 took its rows away, and its guards; 0005 guards it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_unseal")]
    operations = [
        migrations.DeleteModel("Checkpoint"),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "number",
                    models.BigIntegerField(
                        help_text="1, 2, 3 …: a missing one is seen", primary_key=True, serialize=False
                    ),
                ),
                ("epoch", models.BigIntegerField()),
                ("start", models.BigIntegerField(help_text="records before this epoch")),
                ("size", models.BigIntegerField(help_text="records covered, of the whole log", unique=True)),
                (
                    "previous",
                    models.CharField(
                        blank=True, help_text="last root of the epoch before; empty: none", max_length=64
                    ),
                ),
                ("root", models.CharField(max_length=64)),
                ("frontier", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "signature",
                    models.CharField(help_text="key hash and Ed25519 signature, in hex", max_length=136),
                ),
            ],
            options={"indexes": [models.Index(fields=["epoch", "size"], name="audit_check_epoch_idx")]},
        ),
    ]
