"""What the numbers were measured on, and with which versions."""

import os
import re
import statistics
import subprocess
import time
from pathlib import Path

from measure import Bench


def first(pattern: str, file: str) -> str:
    found = re.search(pattern, Path(file).read_text(), re.MULTILINE)
    return found[1].strip() if found else "?"


def sync_time(bench: Bench) -> float:
    """The median time to append 4 KiB durably to a file where the stores are."""
    times = []
    path = bench.file("sync")
    with open(path, "wb", buffering=0) as file:
        for _ in range(100):
            start = time.monotonic()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - start)
    path.unlink()
    return statistics.median(times)


def machine(bench: Bench) -> list[str]:
    memory = int(first(r"^MemTotal:\s+(\d+)", "/proc/meminfo")) / 2**20
    processor = first(r"^model name\s*:(.*)$", "/proc/cpuinfo")
    system = first(r"^PRETTY_NAME=.(.*).$", "/etc/os-release")
    filesystem = subprocess.run(["stat", "-f", "-c", "%T", str(bench.work)], capture_output=True, text=True).stdout.strip()
    return [
        f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB",
        f"{system}, Linux {os.uname().release}",
        f"stores on {filesystem}; appending 4 KiB durably takes {sync_time(bench) * 1e6:.0f} µs",
        f"load average at the start {os.getloadavg()[0]:.1f}",
    ]


VERSIONS = [["bookafy", "--version"], ["curl", "--version"], ["jq", "--version"], ["gh", "--version"], ["nginx", "-v"],
            ["h2load", "--version"], ["webhook", "-version"], ["valgrind", "--version"]]


def versions(bench: Bench) -> list[str]:
    found = []
    for command in VERSIONS:
        try:
            line = bench.output(command).splitlines()[0]
        except (OSError, IndexError):
            continue
        # curl names all its libraries: the URL library and the TLS library are enough.
        found.append(" ".join(line.split()[:6]) if command[0] == "curl" else line)
    return found
