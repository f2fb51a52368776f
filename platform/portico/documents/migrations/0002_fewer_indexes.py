import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Django makes a second index of a unique text for LIKE, which nobody asks of these.
class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="studentrecord",
            name="record_concentrator",
        ),
        migrations.AlterField(
            model_name="document",
            name="checked_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="given_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="student",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX documents_documentlink_secret_hash_497c31bb_like",
            "CREATE INDEX documents_documentlink_secret_hash_497c31bb_like ON documents_documentlink (secret_hash varchar_pattern_ops)",
        ),
    ]
