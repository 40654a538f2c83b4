from django.core.management import call_command


def test_it_passes_the_system_checks():
    call_command("check")


def test_it_has_no_model_change_without_a_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
