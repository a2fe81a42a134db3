"""What things are: ink, glyphs, characters, recognitions, models. NumPy only."""
