"""Where limits are counted. PostgreSQL keeps both tables out of its log: quick, and yesterday's salt is in no archive."""

from django.db import migrations, models


def keep_out_of_the_log(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE core_tally SET UNLOGGED")
        schema_editor.execute("ALTER TABLE core_daysalt SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="DaySalt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("salt", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("many", models.PositiveIntegerField()),
                ("ends", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunPython(keep_out_of_the_log, migrations.RunPython.noop),
    ]
