import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0006_clerks"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="sample",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=120)),
                ("official_lak", models.BigIntegerField(blank=True, null=True)),
                ("charged_lak", models.BigIntegerField()),
                ("receipt_number", models.CharField(max_length=40)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment",
                        to="casework.case",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="casework.office",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="casework.officer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["office", "service"], name="payment_counted_by")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("official_lak__isnull", True),
                            ("charged_lak", models.F("official_lak")),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="difference_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("charged_lak__gte", 0)), name="charged_is_no_debt"
                    ),
                ],
            },
        ),
    ]
