"""How the cost grows with the work, and the exponent of it: 1 is linear."""

import math
import shutil
from dataclasses import dataclass
from pathlib import Path

import receiving
from measure import Bench, Command, Spread, interleaved

LOOKUPS = ([10, 100, 1000, 10_000, 50_000], [10, 100, 1000, 10_000])  # full, quick
STORES = ([1000, 100_000, 1_000_000], [1000, 20_000])
BYTES_A_DELIVERY = 6000  # with room to spare


@dataclass(frozen=True)
class Growth:
    """A table: a line for each size, then the exponents, one a column, where they mean something."""

    title: str
    columns: list[tuple[str, str]]  # heading, measure
    sizes: list[int]
    lines: list[list[float]]

    def exponents(self) -> list[float]:
        """Over the sizes from 1,000 on: below, the cost of starting hides that of the work."""
        first = next(i for i, size in enumerate(self.sizes) if size >= 1000)
        sizes = self.sizes[first:]
        return [fitted(sizes, [line[column] for line in self.lines[first:]]) for column in range(len(self.columns))]


def fitted(sizes: list[int], costs: list[float]) -> float:
    """The slope of a straight line through the logarithms, by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys)) / sum((x - x_mean) ** 2 for x in xs)


def of_lookups(lookups: list[tuple[int, Command]], quick: bool) -> Growth:
    spreads: list[dict[str, Spread]] = interleaved([command for _, command in lookups], 1 if quick else 5)
    measures = ["wall", "cpu", "memory"]
    return Growth("Invitee lookups to TSV over one HTTP/2 connection",
                  [("time", "wall"), ("CPU", "cpu"), ("peak memory", "memory")], [count for count, _ in lookups],
                  [[spread[measure].median for measure in measures] for spread in spreads])


def of_stores(bench: Bench, quick: bool) -> Growth:
    """One store that grows; `listen` is started anew for each size."""
    store = bench.file("growing.db")
    receiving.remove_store(store)
    sizes, lines, before, filling = STORES[1 if quick else 0], [], 0, 0.0
    for size in sizes:
        with receiving.listening(bench, store) as port:
            sent = receiving.post(bench, port, "/", "Bookafy-Webhook-Signature", str(size - before), before)
        served = receiving.sample(sent, bench.report("listen.report", "listen", 143), "200")
        filling += sent["seconds"]
        shown = Command(bench, f"bookafy bookings --store {store} -o tsv")()
        lines.append([filling, served["rate"], served["memory"], shown["wall"], shown["memory"], size_of(store)])
        before = size
    receiving.remove_store(store)
    columns = [("time to fill", "wall"), ("rate of the last part", "rate"), ("memory of `listen`", "memory"),
               ("`bookings`", "wall"), ("its memory", "memory"), ("file", "memory")]
    return Growth("Deliveries in a store (16 senders, durable)", columns, sizes, lines)


def size_of(store: Path) -> int:
    files = [Path(f"{store}{end}") for end in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.exists())


def lacks_room(bench: Bench, quick: bool) -> str | None:
    """Why there can be no store as large."""
    wanted = STORES[1 if quick else 0][-1] * BYTES_A_DELIVERY
    free = shutil.disk_usage(bench.work).free
    return None if free > wanted else f"skipped: {wanted / 2**30:.1f} GiB of disk are wanted, {free / 2**30:.1f} are free"
