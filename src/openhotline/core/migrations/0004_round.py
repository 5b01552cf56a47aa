from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_overdue'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_at', models.DateTimeField(help_text="the last time, to the minute; the machine's clock")),
            ],
        ),
    ]
