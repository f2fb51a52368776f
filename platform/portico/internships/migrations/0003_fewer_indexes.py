import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OF_STUDENT = "internships_placement_student_id_a187811c"


class Migration(migrations.Migration):
    dependencies = [
        ("internships", "0002_site_and_hours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # By name: AlterField would drop every index of the student alone, the unique
        # placement_one_under_way among them.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {OF_STUDENT}",
                    f"CREATE INDEX {OF_STUDENT} ON internships_placement (student_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="placement",
                    name="student",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
