"""Files, pictures, the journal and the fault queue by themselves."""

import struct
from random import Random

import pytest

from sandbox.clock import VirtualClock
from sandbox.faults import Fault, FaultQueue
from sandbox.journal import Journal
from sandbox.telegram.errors import ApiError
from sandbox.telegram.files import FileStore
from sandbox.telegram.images import grey_png, picture_size

JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 16)
    + bytes(14)
    + b"\xff\xc0"
    + struct.pack(">HBHH", 17, 8, 480, 640)
    + bytes(10)
)
WEBP_LOSSY = b"RIFF" + bytes(4) + b"WEBPVP8 " + bytes(10) + struct.pack("<HH", 640, 480)
WEBP_LOSSLESS = b"RIFF" + bytes(4) + b"WEBPVP8L" + bytes(5) + struct.pack("<I", 639 | 479 << 14)
WEBP_EXTENDED = b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + b"\x7f\x02\x00" + b"\xdf\x01\x00"
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)


@pytest.mark.parametrize("data", [JPEG, WEBP_LOSSY, WEBP_LOSSLESS, WEBP_EXTENDED, GIF, grey_png(640, 480)])
def test_the_size_of_a_picture_is_read_from_its_head(data: bytes):
    assert picture_size(data) == (640, 480)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x10", b"RIFF0000WEBPxxxx"])
def test_what_is_no_picture_has_no_size(data: bytes):
    assert picture_size(data) is None


def test_the_oldest_files_go_when_there_are_too_many_bytes():
    files = FileStore(Random(1), kept_bytes=25)
    first, second, third = [files.keep("document", bytes(10), f"{n}.bin", "", {}) for n in range(3)]
    with pytest.raises(ApiError, match="invalid file_id"):
        files.by_id(first.file_id)
    assert files.by_path(first.path) is None
    assert files.by_id(second.file_id).data == bytes(10)
    assert files.by_path(third.path) is not None


def test_paths_are_never_used_twice():
    files = FileStore(Random(1), kept_bytes=10)
    paths = [files.keep("voice", bytes(8), "a.ogg", "", {}).path for _ in range(5)]
    assert len(set(paths)) == 5


def test_the_journal_keeps_the_newest_calls_and_goes_on_counting():
    journal = Journal(VirtualClock(), kept=2)
    for number in range(3):
        journal.record("telegram", "getMe", {}, result=number)
    journal.record("rentprog", "cars", {}, error="Unauthorized")
    assert [entry.n for entry in journal.since()] == [3, 4]
    assert [entry.n for entry in journal.since(3)] == [4]
    assert [entry.as_json()["result"] for entry in journal.since(system="telegram")] == [2]
    refused = journal.since(3)[0].as_json()
    assert (refused["ok"], refused["error"]) == (False, "Unauthorized")
    assert "result" not in refused


def test_faults_are_used_up_in_their_order():
    queue = FaultQueue()
    queue.add(Fault("telegram", "sendMessage", destination="5", error_code=400))
    queue.add(Fault("telegram", times=2, error_code=500))
    codes = [
        fault.error_code if fault else None for fault in (queue.take("telegram", "sendMessage", "5") for _ in "1234")
    ]
    assert codes == [400, 500, 500, None]


def test_a_fault_hits_only_its_system_and_destination():
    queue = FaultQueue()
    queue.add(Fault("telegram", "sendMessage", destination="5"))
    assert queue.take("rentprog", "sendMessage", "5") is None
    assert queue.take("telegram", "sendMessage", "6") is None
    assert queue.take("telegram", "getMe", "5") is None
    assert queue.take("telegram", "sendMessage", "5") is not None


def test_faults_are_cleared_by_system():
    queue = FaultQueue()
    queue.add(Fault("telegram"))
    queue.add(Fault("rentprog"))
    queue.clear("telegram")
    assert [fault.system for fault in queue.waiting()] == ["rentprog"]


def test_the_clock_only_goes_forward():
    clock = VirtualClock()
    before = clock.now()
    clock.advance(3600)
    assert (clock.now() - before).total_seconds() >= 3600
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
