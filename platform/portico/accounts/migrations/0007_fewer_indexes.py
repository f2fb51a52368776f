import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Django makes a second index of a unique text for LIKE, which nobody asks of these.
class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_services"),
    ]

    operations = [
        migrations.AlterField(
            model_name="idempotentrequest",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX accounts_apitoken_secret_hash_63c2abbe_like",
            "CREATE INDEX accounts_apitoken_secret_hash_63c2abbe_like ON accounts_apitoken (secret_hash varchar_pattern_ops)",
        ),
        migrations.RunSQL(
            "DROP INDEX accounts_linktoken_secret_hash_4957874b_like",
            "CREATE INDEX accounts_linktoken_secret_hash_4957874b_like ON accounts_linktoken (secret_hash varchar_pattern_ops)",
        ),
    ]
