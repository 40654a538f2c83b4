"""Units that did not answer: their weight passes to those of their class that did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats, Ints, coded
from qualipolis.methods.sampling.estimation.design import SurveyDesign


@dataclass(frozen=True)
class Answered:
    """Scores of an estimate adjusted by classes: ``w mean_c + g w (y - mean_c)`` for those that answered, the first
    term alone for those that did not."""

    code: Ints
    before: Floats
    after: Floats

    def residuals(self, scores: Floats) -> Floats:
        size = int(self.code.max()) + 1
        whole = np.bincount(self.code, self.after, size)
        out = np.empty_like(scores)
        for k, column in enumerate(scores.T):
            mean = np.bincount(self.code, column, size) / np.where(whole == 0, 1.0, whole)
            out[:, k] = column + (self.before - self.after) * mean[self.code]
        return out


def weighting_classes(
    design: SurveyDesign, answered: ArrayLike, classes: ArrayLike | None = None, *, least: int = 5
) -> SurveyDesign:
    """Return the design with the weight of units that did not answer passed on within their class.

    The weight of a unit that answered becomes ``w sum_c w / sum_c,answered w``, that of one that did not 0. It assumes
    that within a class those who answer are like those who do not; classes that tell answers apart make it truer.

    Parameters
    ----------
    answered : (rows,) whether the unit answered (was there, was sampled)
    classes : (rows,) label of the class, known for all; None: one class
    least : fewest answers in a class

    Returns
    -------
    SurveyDesign
        its variances count that the response rates were estimated, by linearisation

    Raises
    ------
    InputError
        a class with fewer answers than ``least``

    References
    ----------
    H. L. Oh, F. J. Scheuren (1983), Weighting adjustments for unit nonresponse, in Incomplete Data in Sample Surveys.

    >>> from qualipolis.methods.sampling.estimation import survey_design
    >>> d = weighting_classes(survey_design([2, 2, 2, 2]), [1, 1, 0, 0], least=1)
    >>> d.weights.tolist()
    [4.0, 4.0, 0.0, 0.0]
    """
    return _passed_on(design, answered, classes, least)


def _passed_on(design: SurveyDesign, answered: ArrayLike, classes: ArrayLike | None, least: int) -> SurveyDesign:
    said = np.asarray(answered).astype(np.bool_)
    given = np.zeros(said.size, dtype=np.intp) if classes is None else np.asarray(classes)
    if design.kept is not None and said.shape == design.kept.shape:
        said, given = said[design.kept], given[design.kept]
    if said.shape != (design.rows,) or given.shape != said.shape:
        what = msg("%(size)s values for %(rows)s rows of the design.")
        params: dict[str, object] = {"size": said.size, "rows": design.rows}
        raise InputError([Problem("wrong_length", what, msg("Give one value for each row."), params, "answered")])
    code, names = coded(given)
    counts = np.bincount(code, said, names.size)
    if (counts < least).any():
        what = msg("Classes with fewer than %(least)s answers: %(classes)s.")
        few = ", ".join(str(names[i]) for i in np.flatnonzero(counts < least)[:8])
        remedy = msg("Join them with a class that is like them.")
        raise InputError([Problem("thin_class", what, remedy, {"least": least, "classes": few}, place="classes")])
    before = design.weights
    whole = np.bincount(code, before, names.size)
    heard = np.bincount(code, before * said, names.size)
    after = np.where(said, before * (whole / heard)[code], 0.0)
    return design.with_weights(after, Answered(code, before, after))
