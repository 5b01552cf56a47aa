"""A person is active exactly while they work here."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_people_rows'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_active', True), ('state', 'working')), models.Q(models.Q(('state', 'working'), _negated=True), ('is_active', False)), _connector='OR'), name='person_active_while_working'),
        ),
    ]
