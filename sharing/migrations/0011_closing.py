"""The pool in the order of its first days, for “closing soon”."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0010_owner_hears"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="poollisting",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["starts_on", "id"],
                name="pool_closing",
            ),
        ),
    ]
