"""One table for each workflow."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.assessment import ASSESSMENT
from qualipolis.law.flows.campaign import CAMPAIGN
from qualipolis.law.flows.collection_round import COLLECTION_ROUND
from qualipolis.law.flows.draw_run import DRAW_RUN
from qualipolis.law.flows.federation import FEDERATION
from qualipolis.law.flows.handling import AREA_TRANSFER, FOOD_HANDLING, HANDLING
from qualipolis.law.flows.hospital import HOSPITAL
from qualipolis.law.flows.indicator_set import INDICATOR_SET
from qualipolis.law.flows.listening import LISTENING
from qualipolis.law.flows.notice import NOTICE
from qualipolis.law.flows.nqi import NQI
from qualipolis.law.flows.objection import OBJECTION
from qualipolis.law.flows.observation import OBSERVATION
from qualipolis.law.flows.publication import PENALTY_PUBLICATION, PUBLICATION
from qualipolis.law.flows.recheck import FOOD_RECHECK, RECHECK
from qualipolis.law.flows.rectification import RECTIFICATION
from qualipolis.law.flows.result import FOOD_RESULT, RESULT
from qualipolis.law.flows.sample import BACKUP_SAMPLE, FOOD_SAMPLE, SAMPLE
from qualipolis.law.flows.sampling_task import SAMPLING_TASK
from qualipolis.law.flows.self_evaluation import SELF_EVALUATION
from qualipolis.law.flows.site_check import SITE_CHECK
from qualipolis.law.flows.supervision_plan import SUPERVISION_PLAN
from qualipolis.law.flows.talent import TALENT
from qualipolis.law.flows.test_report import TEST_REPORT

YEAR = (
    INDICATOR_SET,
    COLLECTION_ROUND,
    OBSERVATION,
    SELF_EVALUATION,
    SITE_CHECK,
    ASSESSMENT,
    NOTICE,
    RECTIFICATION,
)
SUPERVISION = (
    SUPERVISION_PLAN,
    CAMPAIGN,
    DRAW_RUN,
    SAMPLING_TASK,
    SAMPLE,
    BACKUP_SAMPLE,
    TEST_REPORT,
    RESULT,
    OBJECTION,
    RECHECK,
    HANDLING,
    AREA_TRANSFER,
    PUBLICATION,
    PENALTY_PUBLICATION,
    FOOD_SAMPLE,
    FOOD_RESULT,
    FOOD_RECHECK,
    FOOD_HANDLING,
)
ALL: dict[str, Flow] = {
    flow.code: flow for flow in (*YEAR, *SUPERVISION, *HOSPITAL, *LISTENING, *NQI, *TALENT, *FEDERATION)
}

__all__ = [
    "ALL",
    "AREA_TRANSFER",
    "ASSESSMENT",
    "BACKUP_SAMPLE",
    "CAMPAIGN",
    "COLLECTION_ROUND",
    "DRAW_RUN",
    "FEDERATION",
    "FOOD_HANDLING",
    "FOOD_RECHECK",
    "FOOD_RESULT",
    "FOOD_SAMPLE",
    "HANDLING",
    "HOSPITAL",
    "INDICATOR_SET",
    "LISTENING",
    "NOTICE",
    "NQI",
    "OBJECTION",
    "OBSERVATION",
    "PENALTY_PUBLICATION",
    "PUBLICATION",
    "RECHECK",
    "RECTIFICATION",
    "RESULT",
    "SAMPLE",
    "SAMPLING_TASK",
    "SELF_EVALUATION",
    "SITE_CHECK",
    "SUPERVISION",
    "SUPERVISION_PLAN",
    "TALENT",
    "TEST_REPORT",
    "YEAR",
]
