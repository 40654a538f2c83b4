"""The roles people act in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Who may do what is said verb by verb; a role is only a name for a kind of work."""

    LEADER = "leader", _("Leader")
    PLANNER = "planner", _("Bureau planner")
    DEPARTMENT = "department", _("Department officer")
    TOWN_OFFICER = "town_officer", _("Town officer")
    INSPECTOR = "inspector", _("Inspector")
    LABORATORY = "laboratory", _("Laboratory")
    EXPERT = "expert", _("Expert")
    HOSPITAL_DESK = "hospital_desk", _("Product hospital desk")
    HOSPITAL_MANAGER = "hospital_manager", _("Product hospital manager")
    COMPLAINT_DESK = "complaint_desk", _("Complaint officer")
    MEDIATOR = "mediator", _("Mediator")
    NQI_DESK = "nqi_desk", _("Service platform dispatcher")
    STEWARD = "steward", _("Quality steward")
    TRAINER = "trainer", _("Training officer")
    SECRETARY = "secretary", _("Secretary of the federation")
    MEMBER = "member", _("Member of the federation")
    ENTERPRISE = "enterprise", _("Enterprise quality officer")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


PUBLIC = "public"
SYSTEM = "system"
STAFF = tuple(role.value for role in Role)
OUTSIDE = (  # they act for a body outside
    Role.LABORATORY.value,
    Role.ENTERPRISE.value,
    Role.MEDIATOR.value,
    Role.NQI_DESK.value,
    Role.STEWARD.value,
    Role.TRAINER.value,
    Role.SECRETARY.value,
    Role.MEMBER.value,
)
INSIDE = tuple(role for role in STAFF if role not in OUTSIDE)
CITY_WIDE = (Role.LEADER.value, Role.PLANNER.value, Role.AUDITOR.value, Role.ADMIN.value)
