"""Uncertainty and sensitivity of a composite indicator (Handbook step 7): what the ranks owe to the choices made.

Modules: ``replicates`` runs many replicates at once; ``replay`` a given list of choices; ``exact`` enumerates all choices;
``sobol`` samples them; ``pairwise`` and ``tiers`` say who is surely above whom; ``importance`` sets what an indicator does
beside its weight.
"""
