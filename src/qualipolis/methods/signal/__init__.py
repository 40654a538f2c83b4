"""Finding signals early: pairs reported too often, weeks that stand out, places that cluster, what to inspect first."""
