"""Before and after: which findings of a photo were there already, and the two photos side by side at one scale.

``compare`` answers for findings, ``pair_picture`` draws for people. What cannot be lined up is refused, never guessed.
"""

from cv.compare.matching import Comparison, compare
from cv.compare.pairs import pair_picture

__all__ = ["Comparison", "compare", "pair_picture"]
