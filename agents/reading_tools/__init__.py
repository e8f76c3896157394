"""Reading tools: what a model may look up to answer a client or a colleague; each is bound to its event by code.

``ReadingTools`` is read first. What its tools answered are ``Fact`` values; ``unfounded`` finds what a text claims
beyond them.
"""

from agents.reading_tools.facts import Fact, unfounded
from agents.reading_tools.tools import ReadingTools

__all__ = ["Fact", "ReadingTools", "unfounded"]
