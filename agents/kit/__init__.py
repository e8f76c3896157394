"""The kit: the only place that knows the library of the models; agents see ``agents.kit.question``."""
