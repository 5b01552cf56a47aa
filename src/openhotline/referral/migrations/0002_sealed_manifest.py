"""The manifest has hashes and addresses: its column is sealed. Nothing had been referred before."""

from django.db import migrations

import openhotline.core.fields


class Migration(migrations.Migration):
    dependencies = [("referral", "0001_initial")]

    operations = [
        migrations.RemoveField("referral", "manifest"),
        migrations.AddField(
            "referral",
            "manifest",
            openhotline.core.fields.SealedText(
                default="{}", help_text="JSON as it stands in the package: it has hashes and addresses"
            ),
            preserve_default=False,
        ),
    ]
