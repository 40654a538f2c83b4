from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentConfig(AppConfig):
    name = "qualipolis.city.talent"
    label = "talent"
    verbose_name = _("People of quality")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, rules of visibility and words of the ledger are known as soon as the room stands."""
        from qualipolis.city.talent import queries, sentences, service  # noqa: F401
