"""The build from nothing, without a compiler cache."""

import os
import resource
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from measure import Bench, Failure

TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class FullBuild:
    """`cpu`: the program's. `wall`: of everything, the tests included."""

    bench: Bench

    def __call__(self) -> dict[str, float]:
        folder = self.bench.file("build")
        shutil.rmtree(folder, ignore_errors=True)
        start, cpu_before = time.monotonic(), self.children_cpu()
        self.cmake("--preset", "dev", "-B", str(folder))
        self.cmake("--build", str(folder), "--target", "bookafy-cli")
        cpu = self.children_cpu() - cpu_before
        self.cmake("--build", str(folder))
        wall = time.monotonic() - start
        shutil.rmtree(folder)
        return {"wall": wall, "cpu": cpu}

    def cmake(self, *arguments: str):
        done = subprocess.run(["cmake", *arguments], cwd=TOP, env=os.environ | {"CCACHE_DISABLE": "1"}, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"cmake {arguments[0]}: {done.stdout[-500:]}")

    @staticmethod
    def children_cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
