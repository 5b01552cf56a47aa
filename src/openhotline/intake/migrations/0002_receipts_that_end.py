"""Find the reports whose receipt ends, without reading all of them at every tick."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["received_at"],
                condition=models.Q(("receipt__isnull", False), ("idempotency__isnull", False), _connector="OR"),
                name="reports_with_a_receipt",
            ),
        ),
    ]
