"""The method of a release in words, written from the pipeline that really ran: pure data, translated by the caller."""

from qualipolis.lake.release.wording.describe import describe_pipeline
from qualipolis.lake.release.wording.sentences import Section, Sentence

__all__ = ["Section", "Sentence", "describe_pipeline"]
