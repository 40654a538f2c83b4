"""Chief quality officers and quality departments."""
