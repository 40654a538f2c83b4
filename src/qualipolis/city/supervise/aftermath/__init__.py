"""What follows: handling, transfers, publication, penalties, meetings."""
