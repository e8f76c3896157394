"""Before and after: which findings of a photo were there already, and the two photos side by side at one scale.

``matching.compare`` answers for findings, ``pairs.pair_picture`` draws for people, ``comparison`` holds what is told.
What cannot be lined up is refused, never guessed.
"""
