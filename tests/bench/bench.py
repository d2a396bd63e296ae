#!/usr/bin/env python3
"""Measures bookafy against what people would use in its place; see README.md."""

import argparse
import shutil
import signal
import sys
import time
from contextlib import ExitStack
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import growth
import machine
import nginx
import rows
import table
import trust
import world
from measure import Bench, Failure
from row import Line, Row, measured

HERE = Path(__file__).resolve().parent
GROWTHS = ["growth-lookups", "growth-stores"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure bookafy against its peers.")
    parser.add_argument("--quick", action="store_true", help="fewer runs, no large stores: under two minutes")
    parser.add_argument("--only", action="append", metavar="NAME", help="this row; may be repeated; * stands for any text")
    parser.add_argument("--list", action="store_true", help="name the rows")
    parser.add_argument("--write", action="store_true", help="put the tables into tests/bench/RESULTS.md")
    parser.add_argument("--build", type=Path, default=HERE.parents[1] / "build" / "release", help=argparse.SUPPRESS)
    return parser.parse_args()


class Session:
    """One run of the benchmark."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.bench = Bench(options.build.resolve(), world.TOKEN)
        self.unable: dict[str, str] = {}  # what rows want and cannot have, and why
        self.lines: list[Line] = []
        self.skipped: list[tuple[Row, str]] = []
        self.failures = 0
        self.growths: list[growth.Growth] = []
        self.site = rows.Site(nginx.free_port(), nginx.free_port(), 0)

    def rows(self) -> list[Row]:
        return [row for row in rows.all_rows(self.bench, self.site, self.options.quick) if self.chosen(row.name)]

    def growth_names(self) -> list[str]:
        return [name for name in GROWTHS if self.chosen(name)]

    def chosen(self, name: str) -> bool:
        return not self.options.only or any(fnmatch(name, pattern) for pattern in self.options.only)

    def wants_https(self) -> bool:
        return "growth-lookups" in self.growth_names() or any("https" in row.wants for row in self.rows())

    def run(self):
        with ExitStack() as servers:
            if self.wants_https():
                self.start_servers(servers)
            for row in self.rows():
                self.measure(row)
            for name in self.growth_names():
                self.measure_growth(name)

    def start_servers(self, servers: ExitStack):
        obstacle = trust.enter()
        if obstacle:
            self.unable["https"] = f"skipped: {obstacle}"
            return
        trust.install(self.bench.work)
        servers.enter_context(nginx.running(self.bench, self.site.http2, self.site.http1))
        far = servers.enter_context(nginx.far_away(self.bench, self.site.http2, rows.ROUND_TRIP))
        self.site = rows.Site(self.site.http2, self.site.http1, far)
        self.bench.environment["GH_HOST"] = f"localhost:{self.site.http2}"
        for name, port in (("http2", self.site.http2), ("http1", self.site.http1), ("far", far)):
            world.write_lookups(self.bench.work, f"https://localhost:{port}", name, growth.LOOKUPS[0])

    def obstacle(self, row: Row) -> str | None:
        if row.full_only and self.options.quick:
            return "skipped: takes too long for --quick"
        for want in row.wants:
            if want in self.unable:
                return self.unable[want]
            if want != "https" and not shutil.which(want):
                return f"skipped: {want} is not installed"
        return None

    def measure(self, row: Row):
        why = self.obstacle(row)
        if why is None:
            try:
                lines = measured(row, self.options.quick)
            except Failure as failure:  # the other rows are still worth having
                why = f"failed: {failure}"
                self.failures += 1
            else:
                self.lines += lines
                print(table.for_terminal(lines), flush=True)
                return
        self.skipped.append((row, why))
        print(f"{table.heading(row)}\n  {why}\n".replace("`", ""), flush=True)

    def measure_growth(self, name: str):
        quick = self.options.quick
        why = self.unable.get("https") if name == "growth-lookups" else growth.lacks_room(self.bench, quick)
        if why:
            print(f"{name}\n  {why}\n")
            return
        if name == "growth-lookups":
            commands = [(count, rows.lookups(self.bench, self.site.http2, "http2", count))
                        for count in growth.LOOKUPS[1 if quick else 0]]
            found = growth.of_lookups(commands, quick)
        else:
            found = growth.of_stores(self.bench, quick)
        self.growths.append(found)
        print(table.growth_for_terminal(found), flush=True)


def results(session: Session, about: list[str], by_hand: str) -> str:
    mode = " --quick" if session.options.quick else ""
    text = f"# The last results\n\nWritten by `./dev bench{mode} --write` on {date.today()}. [README.md](README.md) says how" \
           " it is measured. Each number is a median, with the least and the most of the runs in brackets.\n\n"
    text += "".join(f"* {line}\n" for line in [*about, "; ".join(machine.versions(session.bench))])
    text += "\n## Against the peers\n\n" + table.for_markdown(session.lines, session.skipped)
    text += "\n## As the work grows\n\nThe exponent is the slope of a fit through the logarithms from n = 1,000 on: 1 is" \
            " linear, 0 is flat.\n\n"
    text += "\n".join(table.growth_for_markdown(each) for each in session.growths)
    return text + "\n" + by_hand


BY_HAND = "## What bounds it\n"


def write(session: Session, about: list[str]):
    """Keeps what a person wrote below the tables."""
    file = HERE / "RESULTS.md"
    before = file.read_text() if file.exists() else ""
    by_hand = before[before.index(BY_HAND):] if BY_HAND in before else BY_HAND
    file.write_text(results(session, about, by_hand))


def main() -> int:
    session = Session(arguments())
    if session.options.list:
        for row in session.rows():
            print(table.heading(row).replace("`", ""))
        print("\n".join(session.growth_names()))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    start = time.monotonic()
    about = machine.machine(session.bench)
    session.run()
    if session.options.write:
        write(session, about)
    missed = sum(line.missed for line in session.lines)
    goals = sum(line.goal is not None for line in session.lines)
    print(f"{goals - missed} of {goals} goals met, {len(session.skipped)} rows not measured, {time.monotonic() - start:.0f} s")
    return 1 if session.failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"bench: {failure}")
