"""Addresses of the work on site on the staff desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms import supervise_task, supervise_task_papers, supervise_task_sample, supervise_tasks

urlpatterns = [
    path("sampling/tasks/", supervise_tasks.task_list, name="tasks"),
    path("sampling/tasks/<int:pk>/", supervise_task.task, name="task"),
    path("sampling/tasks/<int:pk>/<slug:kind>-<str:lang>.pdf", supervise_task_papers.task_pdf, name="task_pdf"),
    path("sampling/samples/<int:pk>/", supervise_task_sample.sample, name="sample"),
]
