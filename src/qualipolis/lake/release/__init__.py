"""The release bundle: everything an assessment said, what it was computed from, and the means to check it."""

from qualipolis.lake.release.compute import Assessment, compute, default_pipeline, inputs_of, pipeline_source
from qualipolis.lake.release.format import FORMAT, About, Inputs
from qualipolis.lake.release.verify import Check, Verification, verify_release
from qualipolis.lake.release.workbook import results_workbook
from qualipolis.lake.release.write import Release, refuse_occupied, write_release

__all__ = [
    "FORMAT",
    "About",
    "Assessment",
    "Check",
    "Inputs",
    "Release",
    "Verification",
    "compute",
    "default_pipeline",
    "inputs_of",
    "pipeline_source",
    "refuse_occupied",
    "results_workbook",
    "verify_release",
    "write_release",
]
