"""YOLO by onnxruntime: any model exported by ultralytics (v5, v8/11, end-to-end; detect or segment).

``open_detector(path, threads)`` gives a ``Detector``; ``detector.detect(image, least, tiles)`` gives ``Detection``s.
"""

from cv.detector.detection import Detection
from cv.detector.detector import Detector, open_detector

__all__ = ["Detection", "Detector", "open_detector"]
