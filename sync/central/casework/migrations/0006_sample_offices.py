from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_browser_sticks"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="sample",
            field=models.BooleanField(default=False),
        ),
    ]
