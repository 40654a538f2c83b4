"""What is learned: cases that may be shared, like cases, outcomes, ratings, and the check-up of a firm."""
