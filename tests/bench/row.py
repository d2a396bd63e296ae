"""A row of the benchmark: bookafy and its peer at the same work, and what is asked of the ratio."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from measure import Command, Failure, Spread, interleaved

Side = Callable[[], dict[str, float]]


@dataclass(frozen=True)
class Goal:
    """On bookafy's number divided by the peer's; on bookafy's own when it is absolute."""

    measure: str
    limit: float
    at_least: bool = False
    absolute: bool = False

    def met_by(self, number: float) -> bool:
        return number >= self.limit if self.at_least else number <= self.limit


@dataclass(frozen=True)
class Row:
    name: str
    work: str
    peer: str
    ours: Side
    theirs: Side | None
    goals: tuple[Goal, ...] = ()
    shown: tuple[str, ...] = ("wall", "cpu")  # besides what has a goal
    runs: tuple[int, int] = (10, 3)  # full, quick
    wants: tuple[str, ...] = ()  # "https", or a program that may be missing
    alike: bool = False  # both print the same lines, but for our header
    full_only: bool = False


@dataclass(frozen=True)
class Line:
    """A measure of a row: one line of the table."""

    row: Row
    measure: str
    ours: Spread
    theirs: Spread | None
    goal: Goal | None

    @property
    def ratio(self) -> float | None:
        return self.ours.median / self.theirs.median if self.theirs else None

    @property
    def missed(self) -> bool:
        if self.goal is None:
            return False
        return not self.goal.met_by(self.ours.median if self.goal.absolute else self.ratio)


def check_alike(ours: Command, theirs: Command):
    """A peer that does less work, or other work, would be no peer."""
    mine, others = ours.lines(), theirs.lines()
    header = [line for line in mine if line not in set(others)]
    if len(header) != 1 or len(mine) != len(others) + 1:
        raise Failure(f"`{ours.line}` and `{theirs.line}` do not print the same: {len(mine)} and {len(others)} lines")


def counted(side: Side | None) -> Spread | None:
    if side is None:
        return None
    return Spread.of([side.instructions()])


def measured(row: Row, quick: bool) -> list[Line]:
    if row.alike:
        check_alike(row.ours, row.theirs)
    sides = [row.ours] + ([row.theirs] if row.theirs else [])
    spreads = interleaved(sides, row.runs[1 if quick else 0])
    with_goal = [goal.measure for goal in row.goals]
    lines = []
    for measure in dict.fromkeys([*row.shown, *with_goal]):
        if measure == "instructions" and not shutil.which("valgrind"):
            continue
        goals = [goal for goal in row.goals if goal.measure == measure] or [None]
        if measure == "instructions":
            pair = [counted(row.ours), counted(row.theirs)]
        else:
            pair = [each[measure] for each in spreads] + [None]
        lines += [Line(row, measure, pair[0], pair[1], goal) for goal in goals]
    return lines
