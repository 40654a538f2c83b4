"""The people who answer for quality: officers, training, reviewers, awards."""
