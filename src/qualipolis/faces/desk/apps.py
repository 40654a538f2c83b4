"""The staff desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeskConfig(AppConfig):
    name = "qualipolis.faces.desk"
    label = "desk"

    def ready(self) -> None:
        """Say which pages stand at which stop; a page that is not there yet is simply not shown."""
        from qualipolis.faces.desk.loop import announce

        announce("measure", "desk:rounds", _("Collection rounds"), home=True)
        announce("measure", "desk:year_now", _("The year in its steps"))
        announce("measure", "desk:sets", _("Indicator sets"))
        announce("measure", "desk:indicators", _("Indicators"))
        announce("measure", "desk:registry", _("Register of enterprises"), "enterprises")
        announce("supervise", "desk:campaigns", pgettext_lazy("room", "Campaigns"), home=True)
        announce("supervise", "desk:sampling_plans", _("Yearly plans"))
        announce("supervise", "desk:sampling_rules", _("Detailed rules"))
        announce("supervise", "desk:tasks", _("Tasks on site"))
        announce("supervise", "field:home", _("Sampling on the phone"))
        announce("supervise", "desk:inspectors", pgettext_lazy("room", "Inspectors"))
        announce("build", "desk:registry", _("Technical institutions"), "institutions")
        announce("build", "desk:registry", _("Quality officers"), "quality_officers")
        announce("build", "desk:registry", _("Standards"), "standards")
        announce("supervise", "desk:results", pgettext_lazy("room", "Results"))
        announce("supervise", "desk:firm_results", _("My results"))
        announce("assess", "desk:ranking", _("Ranking with intervals"), home=True)
        announce("assess", "desk:year_now", _("The year in its steps"))
        announce("assess", "desk:overview", _("Overview of the city"))
        announce("assess", "desk:releases", _("Releases and their verification"))
        announce("assess", "desk:notice_register", _("Notices of results"))
        announce("supervise", "desk:lab", _("Samples in the laboratory"))
        announce("supervise", "desk:lab_reports", _("Test reports"))
        announce("supervise", "desk:supervise_stats", _("Pass rates"))
        announce("supervise", "desk:handling_list", pgettext_lazy("room", "Handling"))
        announce("supervise", "desk:publications", pgettext_lazy("room", "Publications"))
        announce("supervise", "desk:corrections", _("Corrections of your firm"))
        self._hospital()
        self._listening()
        self._nqi()
        self._talent()
        self._federation()

    def _hospital(self) -> None:
        """The rooms of the product hospital."""
        from qualipolis.faces.desk.loop import announce

        announce("diagnose", "desk:hospital_cases", _("Cases of the product hospital"), home=True)
        announce("diagnose", "desk:my_cases", _("My cases"), home=True)
        announce("diagnose", "desk:case_new", _("Register a case"))
        announce("diagnose", "desk:offers", _("Offers after failed samples"))
        announce("diagnose", "desk:lab_examinations", _("Orders of the hospital"))
        announce("diagnose", "desk:hospital_departments", _("Departments"))
        announce("diagnose", "desk:hospital_experts", _("Experts"))
        announce("diagnose", "desk:my_absence", _("My absence"))
        announce("diagnose", "desk:duty_reports", _("Reports required by law"))
        announce("diagnose", "desk:hospital_knowledge", _("Knowledge cases"))
        announce("diagnose", "desk:hospital_groups", _("Group diseases"))
        announce("diagnose", "desk:hospital_instrument", _("Which instrument"))
        announce("diagnose", "desk:hospital_outcomes", _("Outcomes of the hospital"))
        announce("diagnose", "desk:hospital_check_ups", _("Check-up of your firm"))
        announce("diagnose", "desk:hospital_follow_ups", pgettext_lazy("room", "Follow-ups"))

    def _listening(self) -> None:
        """The rooms of listening."""
        from qualipolis.faces.desk.loop import announce

        announce("listen", "desk:listen_signals", _("Early-warning signals"), home=True)
        announce("listen", "desk:listen_complaints", _("Complaints"), home=True)
        announce("listen", "desk:listen_reports", _("Reports of violations"), home=True)
        announce("listen", "desk:listen_letters", _("Letters received"))
        announce("listen", "desk:listen_investigations", _("Investigations"), home=True)
        announce("listen", "desk:listen_products", _("Products under observation"))
        announce("listen", "desk:listen_incidents", _("Injuries and damages"))
        announce("listen", "desk:listen_recalls", _("Recalls"))
        announce("listen", "desk:listen_warnings", _("Public warnings"))
        announce("listen", "desk:my_safety", _("Safety of our products"))
        announce("listen", "desk:my_complaints", _("Complaints about us"), home=True)
        announce("listen", "desk:my_actions", _("Orders to us"))
        announce("listen", "desk:listen_proposals", _("Proposals of signals"))
        announce("listen", "desk:listen_alerts", _("Alerts of other authorities"))
        announce("listen", "desk:listen_pairs", _("Doubtful pairs"))
        announce("listen", "desk:listen_search", _("Search what was heard"))

    def _nqi(self) -> None:
        """The rooms of the one-stop service."""
        from qualipolis.faces.desk.loop import announce

        announce("build", "desk:nqi_demands", _("Demands for service"), home=True)
        announce("build", "desk:my_demands", _("Quality services"), home=True)
        announce("build", "desk:nqi_quotes", _("Quotes asked for"), home=True)
        announce("build", "desk:nqi_orders", _("Orders of services"))
        announce("build", "desk:nqi_complaints", _("Complaints about services"))
        announce("build", "desk:nqi_my_services", _("Services offered"))
        announce("build", "desk:nqi_service_figures", _("Figures of the service"))
        announce("build", "desk:nqi_scope_search", _("Who can test this"))
        announce("build", "desk:nqi_institutions", _("Institutions"))
        announce("build", "desk:nqi_capability", _("What the towns can do"))
        announce("build", "desk:nqi_gaps", _("Gaps in capability"))
        announce("build", "desk:nqi_licences", _("CMA certificates"))
        announce("build", "desk:nqi_filings", _("Changes of laboratories"))
        announce("build", "desk:nqi_certificates", _("Certificates"))
        announce("build", "desk:nqi_instruments", _("Measuring instruments"))
        announce("build", "desk:nqi_coverage", _("Coverage of compulsory verification"))
        announce("build", "desk:nqi_standards", _("Catalogue of standards"))
        announce("build", "desk:nqi_declarations", _("Declared standards"))

    def _talent(self) -> None:
        """The rooms of quality officers, training, reviewers and awards."""
        from qualipolis.faces.desk.loop import announce

        announce("build", "desk:talent_officers", _("Chief quality officers"), home=True)
        announce("build", "desk:training_sessions", _("Courses and sessions"), home=True)
        announce("build", "desk:my_officers", _("Our chief quality officer"))
        announce("build", "desk:my_training", _("Courses and examinations"))
        announce("build", "desk:talent_certificates", _("Training certificates"))
        announce("build", "desk:award_rounds", _("Award rounds"), home=True)
        announce("build", "desk:my_reviews", _("My reviews"), home=True)
        announce("build", "desk:my_awards", _("The quality award"), home=True)
        announce("build", "desk:award_applications", _("Applicants for the award"))
        announce("build", "desk:award_reviewers", _("Reviewers of performance excellence"))
        announce("build", "desk:award_opinions", _("Opinions on applicants"))

    def _federation(self) -> None:
        """The rooms of the co-governance federation."""
        from qualipolis.faces.desk.loop import announce

        announce("govern", "desk:federation", _("Co-governance federation"), home=True)
        announce("govern", "desk:federation_clues", _("Clues to the federation"), home=True)
        announce("govern", "desk:federation_pacts", _("Pacts"))
        announce("govern", "desk:federation_meetings", _("Meetings of the federation"))
        announce("govern", "desk:federation_tasks", _("Joint tasks"))
        announce("govern", "desk:federation_members", _("Members of the federation"))
        announce("govern", "desk:federation_committees", _("Committees"))
        announce("govern", "desk:federation_pledges", _("Pledges of firms"))
        announce("govern", "desk:federation_breaches", _("Breaches of pacts"))
        announce("govern", "desk:federation_mediation", _("Entrusted mediation"), home=True)
