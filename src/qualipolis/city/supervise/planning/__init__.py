"""Plans of the year, detailed rules, campaigns."""
