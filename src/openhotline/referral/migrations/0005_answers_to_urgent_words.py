"""The police answer urgent words as well; what an answer is about stands in the answer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0006_who_settles_when_nobody_is_left"),
        ("evidence", "0007_videos"),
        ("referral", "0004_urgent_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="policeanswer",
            name="urgent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="referral.urgentreferral",
            ),
        ),
        migrations.AddField(
            model_name="policeanswer",
            name="item",
            field=models.ForeignKey(
                help_text="null: the urgent words were about none",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.item",
            ),
        ),
        migrations.AlterField(
            model_name="policeanswer",
            name="referred",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="referral.referreditem",
            ),
        ),
        migrations.AlterField(
            model_name="policeanswer",
            name="decision",
            field=models.ForeignKey(
                help_text="what stood when it was answered; null: nothing is put in question",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="police_answers",
                to="assessment.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="policeanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("referred__isnull", True), ("urgent__isnull", True), _connector="XOR"),
                name="answers_a_package_or_words",
            ),
        ),
    ]
