from django.db import migrations

from qualipolis.city.core import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_undo_and_stamps")]
    operations = [migrations.RunPython(install, remove)]
