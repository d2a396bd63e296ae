"""The rows: every line of the goals, and some without a goal that put them in their place."""

import re
from dataclasses import dataclass

import receiving
import world
from build import FullBuild
from measure import Bench, Command, Failure
from row import Goal, Row

AUTHORIZED = '-H "Authorization: Bearer $BOOKAFY_TOKEN"'
FIELDS = ",".join(world.FIELDS)
JQ = f"jq -r '.resource|{world.JQ_FIELDS}'"
ROUND_TRIP = 30


@dataclass(frozen=True)
class Site:
    """The ports of the server: with HTTP/2, with HTTP/1.1 only, and with HTTP/2 behind a long way."""

    http2: int
    http1: int
    far: int


@dataclass(frozen=True)
class Rated:
    """A command that does so many things."""

    command: Command
    count: int

    def __call__(self) -> dict[str, float]:
        sample = self.command()
        return sample | {"rate": self.count / sample["wall"]}


@dataclass(frozen=True)
class H2load:
    bench: Bench
    urls: str
    count: int

    def __call__(self) -> dict[str, float]:
        header = f"authorization: Bearer {world.TOKEN}"
        printed = self.bench.output(["h2load", "-n", str(self.count), "-c", "1", "-m", "100", "-i", self.urls, "-H", header])
        rate = re.search(r"finished in .*?, ([\d.]+) req/s", printed)
        if not rate or f"{self.count} succeeded" not in printed:
            raise Failure(f"h2load: {printed}")
        return {"rate": float(rate[1])}


def start_rows(bench: Bench) -> list[Row]:
    peer = "curl --version"
    lines = {"version": "bookafy --version", "help": "bookafy --help", "completion": "bookafy completion bash"}
    commands = {name: Command(bench, line) for name, line in lines.items()}
    commands["usage-error"] = Command(bench, "bookafy list --no-such-option", status=2)
    return [Row(name, f"`{command.line}`", f"`{peer}`", command, Command(bench, peer), (Goal("wall", 0.25),),
                ("wall", "cpu", "instructions"), (40, 10)) for name, command in commands.items()]


def one_rows(bench: Bench, site: Site) -> list[Row]:
    path = world.paths(1)[0]

    def ours(port: int) -> Command:
        return Command(bench, f"bookafy --api-url https://localhost:{port} inspect {path} -o tsv --fields {FIELDS}")

    def curl(port: int, after: str = "") -> Command:
        return Command(bench, f"curl -s {AUTHORIZED} https://localhost:{port}{path}{after}")

    gh = Command(bench, f"gh api {path} --jq '.resource|{world.JQ_FIELDS}'")
    return [
        Row("one", "one GET over HTTPS, fields printed", "`curl`, no fields", ours(site.http2), curl(site.http2),
            (Goal("wall", 0.40), Goal("cpu", 0.38), Goal("instructions", 0.15)), runs=(40, 10), wants=("https",)),
        Row("one-jq", "one GET over HTTPS, fields printed", "`curl | jq`", ours(site.http2), curl(site.http2, f" | {JQ}"),
            (Goal("wall", 0.40), Goal("cpu", 0.25)), runs=(40, 10), wants=("https",), alike=True),
        Row("one-gh", "one GET over HTTPS, fields printed", "`gh api --jq`", ours(site.http2), gh,
            runs=(20, 5), wants=("https", "gh"), alike=True),
        Row("one-far", f"one GET, {ROUND_TRIP} ms round trip", "`curl`, no fields", ours(site.far), curl(site.far),
            (Goal("wall", 1.00), Goal("cpu", 0.45)), runs=(20, 5), wants=("https",)),
    ]


def lookups(bench: Bench, port: int, name: str, count: int) -> Command:
    return Command(bench, f"bookafy --api-url https://localhost:{port} inspect - -o tsv --fields {FIELDS}",
                   str(bench.file(f"{name}-{count}.txt")))


def many_rows(bench: Bench, site: Site) -> list[Row]:
    def parallel(name: str, count: int, options: str = "") -> Command:
        config = bench.file(f"{name}-{count}.curl")
        return Command(bench, f"curl -s --parallel {options} {AUTHORIZED} --config {config} | {JQ}")

    xargs = Command(bench, f"cat {bench.file('http2-1000.txt')} | xargs -P 2 -n 1 curl -s {AUTHORIZED}")
    peer = "`curl --parallel` HTTP/2 `| jq`"
    near, far, old = (site.http2, "http2"), (site.far, "far"), (site.http1, "http1")
    ten_thousand = lookups(bench, *near, 10_000)
    return [
        Row("lookups-1000-xargs", "1,000 invitee lookups to TSV", "`xargs -P 2 -n 1 curl`", lookups(bench, *near, 1000), xargs,
            (Goal("wall", 0.01),), runs=(3, 1), wants=("https",)),
        Row("lookups-1000", "1,000 invitee lookups to TSV", peer, lookups(bench, *near, 1000), parallel("http2", 1000),
            (Goal("wall", 0.70), Goal("cpu", 0.60)), ("wall", "cpu", "memory"), (20, 5), ("https",), alike=True),
        Row("lookups-10000", "10,000 invitee lookups to TSV", peer, ten_thousand, parallel("http2", 10_000),
            (Goal("wall", 0.55), Goal("cpu", 0.48), Goal("memory", 1.0)), runs=(10, 3), wants=("https",), alike=True),
        Row("lookups-flat", "50,000 invitee lookups to TSV", "1,000 of them by itself", lookups(bench, *near, 50_000),
            lookups(bench, *near, 1000), (Goal("memory", 1.10),), (), (3, 1), ("https",)),
        Row("lookups-limit", "10,000 invitee lookups to TSV", "the server's limit: `h2load -c 1 -m 100`",
            Rated(ten_thousand, 10_000), H2load(bench, str(bench.file("http2-10000.txt")), 10_000),
            (Goal("rate", 0.40, at_least=True),), (), (10, 3), ("https",)),
        Row("lookups-1000-far", f"1,000 invitee lookups to TSV, {ROUND_TRIP} ms round trip, defaults of each", peer,
            lookups(bench, *far, 1000), parallel("far", 1000), (Goal("wall", 0.60),), runs=(10, 3),
            wants=("https",), alike=True),
        Row("lookups-1000-http1", "1,000 invitee lookups to TSV, HTTP/1.1", "`curl --parallel | jq`",
            lookups(bench, *old, 1000), parallel("http1", 1000, "--parallel-max 8"), runs=(10, 3), wants=("https",)),
    ]


def page_rows(bench: Bench, site: Site) -> list[Row]:
    script = bench.file("pages.sh")
    row = ",".join(f".{column}" for column in world.COLUMNS)
    script.write_text(f"""\
next='https://localhost:{site.http2}{world.list_query()}'
while [ "$next" != null ]; do
    page=$(curl -s {AUTHORIZED} "$next")
    printf '%s' "$page" | jq -r '.collection[]|[{row}]|@tsv'
    next=$(printf '%s' "$page" | jq -r .pagination.next_page)
done
""")
    ours = Command(bench, f"bookafy --api-url https://localhost:{site.http2} list --scope organization"
                          f" --organization {world.ORGANIZATION} -o tsv --fields {','.join(world.COLUMNS)}")
    return [Row("pages", "10,000 subscriptions in pages of 100", "a shell loop of `curl` and `jq`", ours,
                Command(bench, f"sh {script}"), (Goal("wall", 0.02), Goal("memory", 16 * 2**20, absolute=True)),
                runs=(5, 1), wants=("https",), alike=True)]


def receiving_rows(bench: Bench, quick: bool) -> list[Row]:
    seconds = 2.0 if quick else 3.0
    ours, theirs = receiving.Listen(bench, seconds), receiving.Webhook(bench, seconds)
    return [
        Row("listen", "`listen --store`, 16 senders, durable", "`webhook` with a C helper that appends and syncs",
            ours, theirs, (Goal("rate", 8, at_least=True), Goal("cpu", 0.05), Goal("p99", 0.4)),
            ("rate", "cpu", "p99", "memory"), (5, 2), ("webhook",)),
        Row("listen-refuses", "`listen`, bad signatures refused", "`webhook`",
            receiving.Listen(bench, seconds, forged=True), receiving.Webhook(bench, seconds, forged=True),
            (Goal("rate", 3, at_least=True), Goal("cpu", 0.3)), ("rate", "cpu", "p99", "memory"), (5, 2), ("webhook",)),
    ]


def all_rows(bench: Bench, site: Site, quick: bool) -> list[Row]:
    build = Row("build", "full build: CPU of the program, time with all tests", "", FullBuild(bench), None,
                (Goal("cpu", 60, absolute=True), Goal("wall", 300, absolute=True)), (), (1, 1), full_only=True)
    return [*start_rows(bench), *one_rows(bench, site), *many_rows(bench, site), *page_rows(bench, site),
            *receiving_rows(bench, quick), build]
