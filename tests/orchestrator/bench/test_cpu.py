"""Processor time of a process and all it started."""

import subprocess
import sys

from orchestrator.bench.cpu import spent_s

BUSY = """
import subprocess, sys
subprocess.run([sys.executable, '-c', 'sum(range(20_000_000))'])
print('done', flush=True)
input()
"""


def test_what_a_child_spent_counts_also_after_its_end() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        spent = spent_s(process.pid)
        process.kill()

    assert spent > 0.1
    assert spent_s(process.pid) == 0
