"""The reporting days that agencies keep to unless told otherwise: figures up to the 14th of a period's last month
(Nghị định 09/2019/NĐ-CP, điều 12), due five working days later."""

from django.db import migrations


def add(apps, schema_editor):
    deadlines = apps.get_model("indicators", "Deadline").objects.using(schema_editor.connection.alias)
    # Whoever went back and comes again has them already.
    deadlines.bulk_create((deadlines.model(through_month=month) for month in (3, 6, 9, 12)), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
