"""The first promise of a case, and the new ones of its events."""

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
        migrations.RunPython(first_promises, migrations.RunPython.noop),
    ]
