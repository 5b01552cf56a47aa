"""Keep what videos share with lists as matches like any other, and have every triaged video judged again for it."""

from datetime import UTC, datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LONG_DUE = datetime(2000, 1, 1, tzinfo=UTC)


def call_up_videos(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the videos as due for review: the clock then has them judged again, in steps."""
    apps.get_model("triage", "Selection").objects.filter(item__video__isnull=False).update(review_at=LONG_DUE)


class Migration(migrations.Migration):
    """The shares that were kept without their moments go: judging again finds them anew."""

    dependencies = [("evidence", "0007_videos"), ("triage", "0004_video_matches")]
    operations = [
        migrations.AddField(
            model_name="match",
            name="frames",
            field=models.JSONField(
                help_text="of a video: which frames are shared, and when; null: a whole file", null=True
            ),
        ),
        migrations.DeleteModel(name="VideoMatch"),
        migrations.RunPython(call_up_videos, migrations.RunPython.noop),
    ]
