"""Examinations: papers drawn so that anyone can repeat the draw, marking, the figures of questions, signed certificates."""
