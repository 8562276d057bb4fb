"""The field is called by what it says; the column keeps its name, as the version before still serves meanwhile."""

from django.db import migrations, models

FIELD = models.BooleanField(
    db_column="stands", default=False, editable=False, verbose_name="being corrected, the approved value stands"
)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0011_explanation_one_open")]

    operations = [
        operation
        for model in ("figure", "historicalfigure")
        for operation in (
            migrations.AlterField(model, "stands", FIELD),
            migrations.RenameField(model, "stands", "being_corrected"),
        )
    ]
