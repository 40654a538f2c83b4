"""The one-stop service: stations, the catalogue, demands with their lines, quotes, orders, samples, reports, complaints."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment, Bilingual, Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Institution, Qualification, Unit

PERSON = settings.AUTH_USER_MODEL
STARS = (MinValueValidator(1), MaxValueValidator(5))


class NeedType(models.TextChoices):
    """Kinds of need: the five of the quality infrastructure, and two around them."""

    METROLOGY = "metrology", _("metrology and calibration")
    STANDARDS = "standards", _("standards and standardisation")
    CERTIFICATION = "certification", _("certification and accreditation")
    TESTING = "testing", _("inspection and testing")
    TRAINING = "training", _("training")
    MANAGEMENT = "management", _("quality management")
    BRAND = "brand", _("brand and intellectual property")


class ServicePoint(Bilingual):
    """A place of the three-level network: the general platform, an area centre, a workstation with its steward."""

    class Level(models.TextChoices):
        PLATFORM = "platform", _("general platform")
        CENTRE = "centre", _("area centre")
        WORKSTATION = "workstation", _("workstation")

    code = models.CharField(_("code"), max_length=24, unique=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="service_points"
    )
    units = models.ManyToManyField(Unit, related_name="service_points", blank=True, verbose_name=_("towns it serves"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("service point")
        ordering = ["code"]


class ServiceItem(Bilingual):
    """One line of the catalogue: what an institution does at which price in how many days; a station's are free."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=14, choices=NeedType.choices)
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="service_items"
    )
    point = models.ForeignKey(
        ServicePoint, null=True, blank=True, on_delete=models.PROTECT, related_name="service_items"
    )
    product = models.CharField(_("product"), max_length=120, blank=True)
    parameter = models.CharField(_("item"), max_length=120, blank=True)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    free = models.BooleanField(_("free of charge"), default=False)
    price = models.DecimalField(_("price, CNY"), max_digits=12, decimal_places=2, null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    listed_on = models.DateField(_("listed on"), default=timezone.localdate)
    ended_on = models.DateField(_("taken out on"), null=True, blank=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("service of the catalogue")
        ordering = ["kind", "number"]


class Demand(Moving):
    """What a firm needs, in its own words, and how far it has come; nobody outside sees it."""

    FLOW = "service_demand"

    class Urgency(models.IntegerChoices):
        LOW = 1, _("1 can wait")
        MIDDLE = 2, _("2 soon")
        HIGH = 3, _("3 at once")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("answered at the station")
        SERVED = "served", _("served by an institution")
        OUTSIDE = "outside", _("an institution outside the city was named")
        GAP = "gap", _("gap in capability recorded")

    class Refusal(models.TextChoices):
        APPRAISAL = "appraisal", _("a judicial appraisal: outside the platform")
        NOT_QUALITY = "not_quality", _("not a matter of quality services")
        DOUBLE = "double", _("handed in twice")
        OTHER = "other", _("another reason")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="service_demands")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="service_demands")
    point = models.ForeignKey(
        ServicePoint, null=True, blank=True, on_delete=models.PROTECT, related_name="demands", verbose_name=_("with")
    )
    officer = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    need_type = models.CharField(_("kind of need"), max_length=14, choices=NeedType.choices, blank=True)
    free = models.BooleanField(_("query, advice or printing"), default=False)
    text = models.TextField(_("what you need"), max_length=4000)
    product_name = models.CharField(_("product"), max_length=120, blank=True)
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    budget = models.DecimalField(_("budget, CNY"), max_digits=12, decimal_places=2, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.MIDDLE)
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=40, blank=True)
    case = models.ForeignKey(
        "hospital.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="service_demands"
    )
    prescribed = models.ForeignKey(
        "hospital.PrescriptionItem", null=True, blank=True, on_delete=models.PROTECT, related_name="service_demands"
    )
    made_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("handed in on"), default=timezone.localdate)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    reason_code = models.CharField(_("why it was turned away"), max_length=16, choices=Refusal.choices, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    answer = models.TextField(_("answer of the station"), max_length=4000, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    outside = models.CharField(_("institution outside the city"), max_length=160, blank=True)
    gap = models.CharField(_("number of the gap record"), max_length=24, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("demand")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class DemandLine(models.Model):
    """One thing to be done: a product, an item, a standard; quotes and reports answer line by line."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.CharField(_("product"), max_length=120)
    parameter = models.CharField(_("item"), max_length=120)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)

    class Meta:
        verbose_name = _("line of a demand")
        ordering = ["demand", "position"]
        constraints = [models.UniqueConstraint(fields=["demand", "position"], name="one_line_for_demand_and_position")]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.product, self.parameter, self.standard)))


class Quote(Moving):
    """What one institution asks for a demand: price and days, line by line; it is never ranked by the city."""

    FLOW = "service_quote"

    number = models.CharField(_("number"), max_length=24, unique=True)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="quotes")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="service_quotes")
    status = state(FLOW)
    invited_on = models.DateField(_("asked on"), default=timezone.localdate)
    quoted_on = models.DateField(_("quoted on"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    valid_until = models.DateField(_("stands until"), null=True, blank=True)
    extra = models.DecimalField(_("other costs, CNY"), max_digits=12, decimal_places=2, default=0)
    extra_for = models.CharField(_("what the other costs are for"), max_length=200, blank=True)
    note = models.TextField(_("conditions"), max_length=2000, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("quote")
        ordering = ["demand", "pk"]
        constraints = [models.UniqueConstraint(fields=["demand", "institution"], name="one_quote_of_an_institution")]

    def __str__(self) -> str:
        return self.number


class QuoteLine(models.Model):
    """The price of one line; a line that the institution does not offer has none."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(DemandLine, on_delete=models.PROTECT, related_name="quoted")
    price = models.DecimalField(_("price, CNY"), max_digits=12, decimal_places=2)
    subcontractor = models.CharField(_("done by another body"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("line of a quote")
        ordering = ["quote", "line__position"]
        constraints = [models.UniqueConstraint(fields=["quote", "line"], name="one_price_for_quote_and_line")]

    def __str__(self) -> str:
        return f"{self.quote} {self.line_id}"


class Order(Moving):
    """The entrustment of lines of a demand to one institution, with the certificate that covered it on that day."""

    FLOW = "service_order"

    number = models.CharField(_("number"), max_length=24, unique=True)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="orders")
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="orders")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="service_orders")
    lines = models.ManyToManyField(DemandLine, related_name="orders")
    status = state(FLOW)
    placed_on = models.DateField(_("ordered on"), default=timezone.localdate)
    placed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    price = models.DecimalField(_("price, CNY"), max_digits=12, decimal_places=2)
    days = models.PositiveSmallIntegerField(_("working days"))
    certificates = models.JSONField(_("certificate by line on the day of the order"), default=dict)
    subcontracting = models.BooleanField(_("the firm agrees to subcontracting"), default=False)
    needs_sample = models.BooleanField(_("works on a sample"), default=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    begun_on = models.DateField(_("begun on"), null=True, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    blocked_on = models.DateField(_("blocked on"), null=True, blank=True)
    blocked_for = models.JSONField(_("lines no longer covered"), default=list)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        verbose_name = _("order")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class ServiceSample(models.Model):
    """A sample handed over for an order, with its receipt."""

    class Afterwards(models.TextChoices):
        RETURN = "return", _("to be given back")
        KEEP = "keep", _("kept, then disposed of")
        USED = "used", _("used up by the test")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="samples")
    number = models.CharField(_("number"), max_length=24, unique=True)
    name = models.CharField(_("sample"), max_length=120)
    mark = models.CharField(_("model, batch, mark"), max_length=160, blank=True)
    quantity = models.CharField(_("quantity"), max_length=60)
    condition = models.CharField(_("condition on receipt"), max_length=200)
    afterwards = models.CharField(
        _("what becomes of it"), max_length=8, choices=Afterwards.choices, default=Afterwards.RETURN
    )
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    received_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    returned_on = models.DateField(_("given back on"), null=True, blank=True)

    class Meta:
        verbose_name = _("sample of an order")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.number


class ServiceReport(models.Model):
    """A report as it was handed in, with what was checked then; a replaced one stays to be seen."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    number = models.CharField(_("number of the report"), max_length=80)
    tested_on = models.DateField(_("day of the test"))
    issued_on = models.DateField(_("date of the report"))
    signatory = models.CharField(_("authorised signatory"), max_length=80)
    certificate = models.CharField(_("certificate printed on it"), max_length=40, blank=True)
    cma_mark = models.BooleanField(_("carries the CMA mark"), default=False)
    items = models.JSONField(_("items: line, standard, result, verdict"), default=list)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    file = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checks = models.JSONField(_("checks when it was handed in"), default=list)
    handed_in_on = models.DateField(_("handed in on"), default=timezone.localdate)
    handed_in_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(
        Qualification, null=True, blank=True, on_delete=models.PROTECT, related_name="service_reports"
    )
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True)
    replaced_why = models.CharField(_("why it was replaced"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("report of a service")
        ordering = ["order", "version"]
        constraints = [models.UniqueConstraint(fields=["order", "version"], name="one_report_for_order_and_version")]

    def __str__(self) -> str:
        return self.number


class Evaluation(models.Model):
    """What the firm says of the service; only counts and means are ever published."""

    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="evaluation")
    stars = models.PositiveSmallIntegerField(_("stars"), validators=STARS)
    on_time = models.BooleanField(_("on time, as the firm sees it"), null=True, blank=True)
    text = models.TextField(_("in your words"), max_length=2000, blank=True)
    made_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("evaluated on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("evaluation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.demand}"


class ServiceComplaint(Moving):
    """A complaint of a firm about a service: about the institution of an order, or about a station."""

    FLOW = "service_complaint"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="complaints")
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints")
    facts = models.TextField(_("what happened"), max_length=4000)
    claim = models.CharField(_("what you ask for"), max_length=400, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    objection = models.TextField(_("why the answer does not settle it"), max_length=2000, blank=True)
    decision = models.TextField(_("decision"), max_length=4000, blank=True)
    authority = models.CharField(_("passed to"), max_length=120, blank=True)
    made_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("handed in on"), default=timezone.localdate)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("complaint about a service")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number
