"""One authority is live at a time: whoever records another, or withdraws it, ends it for good."""

from django.db import migrations, models


def end_all_but_the_newest(apps, schema_editor):
    """End what was superseded already: it would come back once the newest is over, and nobody decided that."""
    authorities = apps.get_model("accounts", "Authority").objects
    newest = authorities.order_by("-valid_from", "-pk").first()
    if newest is not None:
        authorities.exclude(pk=newest.pk).update(ended_at=newest.valid_from)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_mail_on_call'),
    ]

    operations = [
        migrations.AddField(
            model_name='authority',
            name='ended_at',
            field=models.DateTimeField(help_text='withdrawn, or superseded by a newer one; null: neither', null=True),
        ),
        migrations.RunPython(end_all_but_the_newest, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.UniqueConstraint(models.Value(1), condition=models.Q(('ended_at__isnull', True)), name='one_live_authority'),
        ),
    ]
