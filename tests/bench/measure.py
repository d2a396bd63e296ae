"""Runs commands and says what they took.

A sample is a dict from a measure to a number: `wall` and `cpu` (user + system, children included) in seconds, `memory`
(the peak of the largest process) in bytes, `instructions`, `rate` a second, `p99` in seconds.
"""

import os
import re
import shlex
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path


class Failure(Exception):
    """A command did not do what is to be measured."""


class Bench:
    """Where things are, and the environment that every command runs in: a clean one."""

    def __init__(self, build: Path, token: str):
        self.tools = build / "tests" / "bench"
        self.work = build / "bench"
        self.work.mkdir(parents=True, exist_ok=True)
        home = self.work / "home"
        home.mkdir(exist_ok=True)
        self.environment = {
            "PATH": f"{build}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "BOOKAFY_TOKEN": token,
            "GH_ENTERPRISE_TOKEN": token,
        }

    def file(self, name: str) -> Path:
        return self.work / name

    def tool(self, name: str) -> str:
        return str(self.tools / name)

    def start(self, command: list[str], report: str, **streams) -> subprocess.Popen:
        """A command under the stopwatch; its report can be read once it has ended."""
        return subprocess.Popen([self.tool("stopwatch"), str(self.file(report)), *command], env=self.environment, **streams)

    def report(self, name: str, label: str, status: int) -> dict[str, float]:
        wall, cpu, memory, ended = map(int, self.file(name).read_text().split())
        if ended != status:
            raise Failure(f"{label} ended with status {ended}, not {status}")
        return {"wall": wall / 1e9, "cpu": cpu / 1e6, "memory": memory * 1024}

    def output(self, command: list[str]) -> str:
        """What a command prints, on either stream."""
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout


@dataclass(frozen=True)
class Command:
    """A line as a user types it; one that needs no shell gets none."""

    bench: Bench
    line: str
    input: str = "/dev/null"
    status: int = 0

    def arguments(self) -> list[str]:
        if "|" in self.line:
            return ["sh", "-c", self.line]
        token = self.bench.environment["BOOKAFY_TOKEN"]
        return [word.replace("$BOOKAFY_TOKEN", token) for word in shlex.split(self.line)]

    def __call__(self, output: str = os.devnull) -> dict[str, float]:
        errors = self.bench.file("errors")
        with open(self.input) as stdin, open(output, "w") as stdout, open(errors, "w") as stderr:
            self.bench.start(self.arguments(), "report", stdin=stdin, stdout=stdout, stderr=stderr).wait()
        try:
            return self.bench.report("report", self.line, self.status)
        except Failure as failure:
            raise Failure(f"{failure}: {errors.read_text()[:500]}") from None

    def lines(self) -> list[str]:
        """What it prints, in an order of its own: not every peer keeps that of the questions."""
        printed = self.bench.file("output")
        self(str(printed))
        return sorted(printed.read_text().splitlines())

    def instructions(self) -> int:
        log = self.bench.file("callgrind.log")
        valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}"]
        done = subprocess.run(valgrind + self.arguments(), env=self.bench.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        collected = re.search(r"Collected : (\d+)", log.read_text())
        if done.returncode != self.status or not collected:
            raise Failure(f"{self.line} under callgrind ended with status {done.returncode}")
        return int(collected[1])


@dataclass(frozen=True)
class Spread:
    """The median of the runs, with the least and the most."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: list[float]) -> "Spread":
        return Spread(statistics.median(values), min(values), max(values))


def interleaved(sides: list, runs: int) -> list[dict[str, Spread]]:
    """Each side in turn, again and again, so that what disturbs the machine meets all of them; a round to warm up first,
    but for what takes long."""
    if runs > 3:
        for side in sides:
            side()
    samples = [[] for _ in sides]
    for _ in range(runs):
        for side, taken in zip(sides, samples):
            taken.append(side())
    return [{measure: Spread.of([one[measure] for one in taken]) for measure in taken[0]} for taken in samples]
