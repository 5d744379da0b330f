"""Service standards: first promises and new ones, decisions of two officers, escalations."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def first_promises(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Until now no promise was ever moved, but for complaints that were reopened."""
    apps.get_model("casework", "Case")._base_manager.update(promised_on=models.F("due_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_browser_sticks"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="promised_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="due_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="note",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="second",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.officer",
            ),
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("days_late", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="casework.case",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.office",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "level"), name="one_escalation_a_level")
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("taken-up", "In progress"),
                            ("returned", "Returned to the applicant"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("set-aside", "Set aside"),
                            ("assigned", "Assigned"),
                            ("transferred", "Transferred"),
                            ("answered", "Answered"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=120)),
                ("legal_basis", models.CharField(blank=True, max_length=200)),
                ("words", models.BinaryField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="casework.case",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.officer",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.officer",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.officer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="decided_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_by__isnull", True), ("withdrawn_by__isnull", True)
                            ),
                            models.Q(("confirmed_by__isnull", True), ("ended_at__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("withdrawn_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="proposal_ends_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case",),
                        name="one_open_proposal",
                    ),
                ],
            },
        ),
        migrations.RunPython(first_promises, migrations.RunPython.noop),
    ]
