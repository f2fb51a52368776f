import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Django makes a second index of a unique text for LIKE, which nobody asks of these.
class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_cultivation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="favorite",
            name="student",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="favorites",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="wishlistitem",
            name="student",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wishes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX catalog_term_name_389b1c58_like",
            "CREATE INDEX catalog_term_name_389b1c58_like ON catalog_term (name varchar_pattern_ops)",
        ),
    ]
