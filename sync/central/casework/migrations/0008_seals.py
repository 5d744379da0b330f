"""The chain of seals; what was opened, paid and escalated until now is sealed as it stands."""

from typing import Any

from django.db import migrations, models

from sync.central.casework.models import Seal
from sync.central.casework.seals import next_seals


def seal_what_stands(apps: Any, _schema_editor: Any) -> None:
    """One seal for each row, table after table, in the order in which they were written."""
    seal = apps.get_model("casework", "Seal")
    for of in Seal.Of:
        rows = apps.get_model("casework", of.value).objects.select_related("case").order_by("pk")
        made = next_seals(seal, of, rows.iterator(chunk_size=500))
        seal.objects.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0007_sample_offices_payments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                (
                    "of",
                    models.CharField(
                        choices=[
                            ("opening", "Opening"),
                            ("payment", "Payment"),
                            ("escalation", "Escalation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("row", models.PositiveBigIntegerField()),
                ("previous_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("of", "row"), name="sealed_once"),
                ],
            },
        ),
        migrations.RunPython(seal_what_stands, migrations.RunPython.noop),
    ]
