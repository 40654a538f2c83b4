"""Draws that anyone can replay: frames, the ceremony, samplers by lot."""
