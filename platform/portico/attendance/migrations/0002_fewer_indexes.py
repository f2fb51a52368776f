import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Django makes a second index of a unique text for LIKE, which nobody asks of these.
class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0001_initial"),
        ("internships", "0003_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attendance",
            name="placement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="days_worked",
                to="internships.placement",
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="issued_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX attendance_certificate_code_dc296753_like",
            "CREATE INDEX attendance_certificate_code_dc296753_like ON attendance_certificate (code varchar_pattern_ops)",
        ),
        migrations.RunSQL(
            "DROP INDEX attendance_mentorlink_secret_hash_4eda42e7_like",
            "CREATE INDEX attendance_mentorlink_secret_hash_4eda42e7_like ON attendance_mentorlink (secret_hash varchar_pattern_ops)",
        ),
        migrations.RunSQL(
            "DROP INDEX attendance_studentchoice_calendar_hash_2d58f80e_like",
            "CREATE INDEX attendance_studentchoice_calendar_hash_2d58f80e_like ON attendance_studentchoice (calendar_hash varchar_pattern_ops)",
        ),
    ]
