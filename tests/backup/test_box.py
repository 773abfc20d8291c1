"""What is put into a backup is on the disk before it counts, and nobody waits for all of it at once."""

import os
from pathlib import Path

import pytest

from xunfang.backup import box


def test_a_large_file_is_written_through_as_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[int] = []
    monkeypatch.setattr(box, "_AT_ONCE", 1000)
    monkeypatch.setattr(os, "fsync", lambda handle: settled.append(os.fstat(handle).st_size))
    box.write_pieces(tmp_path / "large", [b"x" * 300] * 11)
    assert settled == [1200, 2400, 3300]
    assert (tmp_path / "large").read_bytes() == b"x" * 3300
