"""How letters come in, who sent them under seal, and how they are tracked."""
