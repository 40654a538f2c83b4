"""Addresses of the product hospital on the desk. Each part adds its own lines."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk import hospital_learning_urls, hospital_treatment_urls
from qualipolis.faces.desk.rooms.hospital import assign as hospital_assign
from qualipolis.faces.desk.rooms.hospital import case as hospital_case
from qualipolis.faces.desk.rooms.hospital import case_examine as hospital_case_examine
from qualipolis.faces.desk.rooms.hospital import case_list as hospital_case_list
from qualipolis.faces.desk.rooms.hospital import case_thread as hospital_case_thread
from qualipolis.faces.desk.rooms.hospital import (
    chart,
    chart_paper,
    chart_reading,
    instrument,
    measurement_upload,
    phase_forms,
)
from qualipolis.faces.desk.rooms.hospital import departments as hospital_departments
from qualipolis.faces.desk.rooms.hospital import duty as hospital_duty
from qualipolis.faces.desk.rooms.hospital import examination as hospital_examination
from qualipolis.faces.desk.rooms.hospital import experts as hospital_experts
from qualipolis.faces.desk.rooms.hospital import offers as hospital_offers
from qualipolis.faces.desk.rooms.hospital import panel as hospital_panel
from qualipolis.faces.desk.rooms.hospital import register as hospital_register
from qualipolis.faces.desk.rooms.hospital import second_opinion as hospital_second_opinion

urlpatterns = [
    path("cases/", hospital_case_list.hospital_cases, name="hospital_cases"),
    path("cases/mine/", hospital_case_list.my_cases, name="my_cases"),
    path("cases/new/", hospital_register.case_new, name="case_new"),
    path("cases/<int:pk>/draft/<int:step>/", hospital_register.case_step, name="case_step"),
    path("cases/<int:pk>/registered/", hospital_register.case_registered, name="case_registered"),
    path("cases/<int:pk>/assign/", hospital_assign.case_assign, name="case_assign"),
    path("cases/<int:pk>/link/", hospital_assign.case_link, name="case_link"),
    path("cases/<int:pk>/duty/", hospital_duty.duty_new, name="duty_new"),
    path("duty-reports/", hospital_duty.duty_reports, name="duty_reports"),
    path("duty-reports/<int:pk>/", hospital_duty.duty_report, name="duty_report"),
    path("treatment-offers/", hospital_offers.offers, name="offers"),
    path("departments/", hospital_departments.hospital_departments, name="hospital_departments"),
    path("departments/new/", hospital_departments.hospital_department, name="hospital_department_new"),
    path("departments/<int:pk>/", hospital_departments.hospital_department, name="hospital_department"),
    path("experts/", hospital_experts.hospital_experts, name="hospital_experts"),
    path("experts/new/", hospital_experts.hospital_expert_new, name="hospital_expert_new"),
    path("experts/<int:pk>/", hospital_experts.hospital_expert, name="hospital_expert"),
    path("experts/me/", hospital_experts.my_absence, name="my_absence"),
    path("cases/<int:pk>/", hospital_case.hospital_case, name="hospital_case"),
    path("cases/<int:pk>/thread/", hospital_case_thread.case_thread, name="case_thread"),
    path("cases/<int:pk>/second-opinion/", hospital_case_thread.ask_second_opinion, name="ask_second_opinion"),
    path("cases/<int:pk>/examination/", hospital_case_examine.case_order, name="case_order"),
    path("cases/<int:pk>/diagnosis/", hospital_case_examine.case_diagnose, name="case_diagnose"),
    path("cases/<int:pk>/panel/", hospital_case_examine.case_panel, name="case_panel"),
    path("examinations/", hospital_examination.lab_examinations, name="lab_examinations"),
    path("examinations/<int:pk>/", hospital_examination.hospital_examination, name="hospital_examination"),
    path("panels/<int:pk>/", hospital_panel.hospital_panel, name="hospital_panel"),
    path("second-opinions/<int:pk>/", hospital_second_opinion.hospital_second_opinion, name="hospital_second_opinion"),
    path("cases/<int:pk>/measurements/", measurement_upload.measurement_upload, name="hospital_measurements"),
    path("measurements/<int:pk>/", chart.hospital_chart, name="hospital_chart"),
    path("measurements/<int:pk>/phases/", phase_forms.hospital_chart_phases, name="hospital_chart_phases"),
    path("measurements/<int:pk>/reading/", chart_reading.hospital_chart_reading, name="hospital_chart_reading"),
    path("measurements/<int:pk>/findings.pdf", chart_paper.hospital_chart_paper, name="hospital_chart_paper"),
    path("measurements/<int:pk>/instrument/", instrument.instrument_of_file, name="hospital_file_instrument"),
    path("instrument/", instrument.instrument, name="hospital_instrument"),
    *hospital_learning_urls.urlpatterns,
    *hospital_treatment_urls.urlpatterns,
]
