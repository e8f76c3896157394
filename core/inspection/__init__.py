"""Inspections of a car by photo: the words that the form, the agents, vision and the report share."""
