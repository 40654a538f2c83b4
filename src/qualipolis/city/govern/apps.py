from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernConfig(AppConfig):
    name = "qualipolis.city.govern"
    label = "govern"
    verbose_name = _("Governing together")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, rules of visibility and words of the ledger are known as soon as the room stands."""
        from qualipolis.city.govern import queries, sentences, service  # noqa: F401
