"""Training: labelled photos in, weights with a card and measured figures out; ``labelled.py`` is read first."""
