"""What must be corrected, sealed; and claims to correct that are not proven."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """What replaced another application before keeps it; from now on a proof is asked for."""

    dependencies: ClassVar = [("casework", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="case",
            name="claims",
            field=models.CharField(blank=True, db_index=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="caseevent",
            name="asked",
            field=models.BinaryField(blank=True, null=True),
        ),
    ]
