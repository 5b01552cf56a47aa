"""Take the emptied column away. No release has gone out that reads it, so this does not wait for the next one.

SQLite writes the table anew; `VACUUM` (or `openhotline backup` and restore) also drops the pages it stood in. What is
left in them is wrapped by the first epoch and is useless once that epoch is retired.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0003_move_data_keys'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='item',
            name='data_key',
        ),
    ]
