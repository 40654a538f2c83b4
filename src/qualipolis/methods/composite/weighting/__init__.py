"""Where weights can come from: components, influence, comparisons, experts, or each unit's own best case."""

from qualipolis.methods.composite.weighting.ahp import AhpWeights, Judgement, ahp_weights
from qualipolis.methods.composite.weighting.budget import BudgetAllocation, budget_allocation
from qualipolis.methods.composite.weighting.envelope import BenefitOfTheDoubt, benefit_of_the_doubt
from qualipolis.methods.composite.weighting.optimise import OptimisedWeights, optimised_weights
from qualipolis.methods.composite.weighting.pca import PcaWeights, pca_weights, squared_loading_weights

__all__ = [
    "AhpWeights",
    "BenefitOfTheDoubt",
    "BudgetAllocation",
    "Judgement",
    "OptimisedWeights",
    "PcaWeights",
    "ahp_weights",
    "benefit_of_the_doubt",
    "budget_allocation",
    "optimised_weights",
    "pca_weights",
    "squared_loading_weights",
]
