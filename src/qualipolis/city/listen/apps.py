from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListenConfig(AppConfig):
    name = "qualipolis.city.listen"
    label = "listen"
    verbose_name = _("Listening")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Verbs, rules of visibility and words of the ledger are known as soon as the room stands."""
        from qualipolis.city.listen import queries, sentences, service  # noqa: F401
