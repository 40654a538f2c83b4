"""Comparisons: two samples, many, pairs, counts, many possible causes; and whether a treatment worked."""

from qualipolis.methods.spc.comparison.before_after import Proof, before_after
from qualipolis.methods.spc.comparison.before_after_counts import CountProof, before_after_counts
from qualipolis.methods.spc.comparison.counted_proof import (
    CountPhase,
    before_after_defectives,
    before_after_defects,
)
from qualipolis.methods.spc.comparison.counts import fisher_exact, rate_ratio, share_difference, table_test
from qualipolis.methods.spc.comparison.many import (
    MeansTest,
    Pair,
    compare_means,
    compare_pairs,
    compare_ranks,
    compare_spreads,
)
from qualipolis.methods.spc.comparison.multi_vari import Components, variance_components
from qualipolis.methods.spc.comparison.paired import Equivalence, equivalence, paired_difference, signed_rank
from qualipolis.methods.spc.comparison.result import Comparison, Effect
from qualipolis.methods.spc.comparison.screening import Screening, Suspect, adjusted, screen
from qualipolis.methods.spc.comparison.two import distribution_distance, mean_difference, rank_shift, variance_ratio

__all__ = [
    "Comparison",
    "Components",
    "CountPhase",
    "CountProof",
    "Effect",
    "Equivalence",
    "MeansTest",
    "Pair",
    "Proof",
    "Screening",
    "Suspect",
    "adjusted",
    "before_after",
    "before_after_counts",
    "before_after_defectives",
    "before_after_defects",
    "compare_means",
    "compare_pairs",
    "compare_ranks",
    "compare_spreads",
    "distribution_distance",
    "equivalence",
    "fisher_exact",
    "mean_difference",
    "paired_difference",
    "rank_shift",
    "rate_ratio",
    "screen",
    "share_difference",
    "signed_rank",
    "table_test",
    "variance_components",
    "variance_ratio",
]
