"""The product hospital: a firm registers a sick product, experts diagnose and prescribe, and the numbers prove the cure."""
