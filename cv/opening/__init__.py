"""Opening what somebody sent as a photo: what it really is, a clean working copy, and what it says of itself.

``open_photo`` runs in a process of its own (``cv/pool.py``, untrusted): decoders of pictures are what attackers like.
"""

from cv.opening.exif import ExifFacts, OddExif
from cv.opening.fingerprint import distance, is_same_picture
from cv.opening.opened import OpenedPhoto, OpeningLimits, open_photo
from cv.opening.refusal import PhotoRefused, RefusalReason

__all__ = [
    "ExifFacts",
    "OddExif",
    "OpenedPhoto",
    "OpeningLimits",
    "PhotoRefused",
    "RefusalReason",
    "distance",
    "is_same_picture",
    "open_photo",
]
