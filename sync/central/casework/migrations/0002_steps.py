"""Cases go through steps of several offices; the office that took one in still hears of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="heard_at",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="case",
            name="step",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="case",
            name="step_due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="step",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="to_office",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.office",
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="role",
            field=models.CharField(default="district", max_length=64),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["heard_at", "status"], name="case_heard_at"),
        ),
    ]
