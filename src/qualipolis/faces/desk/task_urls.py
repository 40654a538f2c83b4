"""Addresses of the work on site on the staff desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.supervise import task as supervise_task
from qualipolis.faces.desk.rooms.supervise import task_papers as supervise_task_papers
from qualipolis.faces.desk.rooms.supervise import task_sample as supervise_task_sample
from qualipolis.faces.desk.rooms.supervise import tasks as supervise_tasks

urlpatterns = [
    path("sampling/tasks/", supervise_tasks.task_list, name="tasks"),
    path("sampling/tasks/<int:pk>/", supervise_task.task, name="task"),
    path("sampling/tasks/<int:pk>/<slug:kind>-<str:lang>.pdf", supervise_task_papers.task_pdf, name="task_pdf"),
    path("sampling/samples/<int:pk>/", supervise_task_sample.sample, name="sample"),
]
