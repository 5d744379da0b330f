from django.db import migrations, models


def make_analysts(apps, schema_editor):
    """The group whose members see the whole nation; Django makes permissions only afterwards."""
    about, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="insight", model="nation"
    )
    right, _new = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=about,
        codename="see_nation",
        defaults={"name": "Can see the figures of every office"},
    )
    group, _new = apps.get_model("auth", "Group").objects.get_or_create(name="analysts")
    group.permissions.add(right)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Nation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "permissions": [("see_nation", "Can see the figures of every office")],
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(make_analysts, migrations.RunPython.noop),
    ]
