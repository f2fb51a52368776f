from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_roles"),  # numbers were given out before the order was known
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="is_service",
            field=models.BooleanField(default=False, db_default=False, editable=False),
        ),
    ]
