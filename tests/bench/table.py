"""Numbers and tables, for a terminal and for Markdown."""

from growth import Growth
from measure import Spread
from row import Goal, Line, Row

LINEAR = 1.05  # as an exponent, with what a measurement leaves open


def number(measure: str, value: float) -> str:
    if measure == "memory":
        return f"{value / 2**20:,.1f} MiB" if value < 2**30 else f"{value / 2**30:,.2f} GiB"
    if measure == "instructions":
        return f"{value / 1e6:,.1f} M"
    if measure == "rate":
        return f"{value:,.0f}/s"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-6:.3g} µs"


def spread(measure: str, value: Spread | None) -> str:
    if value is None:
        return ""
    if value.least == value.most:
        return number(measure, value.median)
    return f"{number(measure, value.median)} ({number(measure, value.least)} to {number(measure, value.most)})"


def goal(measure: str, value: Goal | None) -> str:
    if value is None:
        return ""
    limit = number(measure, value.limit) if value.absolute else f"{value.limit:g}"
    return f"{'≥' if value.at_least else '≤'} {limit}"


def mark(line: Line) -> str:
    if line.goal is None:
        return ""
    return "MISSED" if line.missed else "ok"


def ratio(line: Line) -> str:
    return "" if line.ratio is None else f"{line.ratio:.3g}"


def cells(line: Line) -> list[str]:
    return [line.measure, spread(line.measure, line.ours), spread(line.measure, line.theirs), ratio(line),
            goal(line.measure, line.goal), mark(line)]


def heading(row: Row) -> str:
    return f"{row.name}: {row.work}" + (f", against {row.peer}" if row.peer else "")


def for_terminal(lines: list[Line]) -> str:
    """One row's lines under its heading."""
    text = heading(lines[0].row).replace("`", "") + "\n"
    for line in lines:
        measure, ours, theirs, quotient, limit, verdict = cells(line)
        text += f"  {measure:13}{ours:36}{theirs:36}{quotient:>8}  {limit:10} {verdict}".rstrip() + "\n"
    return text


def markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def for_markdown(lines: list[Line], skipped: list[tuple[Row, str]]) -> str:
    rows = []
    previous = None
    for line in lines:
        same = line.row is previous
        about = ["", "", ""] if same else [line.row.name, line.row.work, line.row.peer]
        shown = cells(line)
        shown[-1] = f"**{shown[-1]}**" if line.missed else shown[-1]
        rows.append(about + shown)
        previous = line.row
    rows += [[row.name, row.work, row.peer, why, "", "", "", "", ""] for row, why in skipped]
    return markdown(["row", "work", "peer", "measure", "bookafy", "peer's", "ratio", "goal", ""], rows)


def growth_rows(growth: Growth) -> tuple[list[str], list[list[str]]]:
    header = ["n"] + [title for title, _ in growth.columns]
    measures = [measure for _, measure in growth.columns]
    rows = [[f"{size:,}"] + [number(measure, value) for measure, value in zip(measures, values)]
            for size, values in zip(growth.sizes, growth.lines)]
    exponents = [f"{exponent:.2f}" + (" MISSED" if exponent > LINEAR else "") for exponent in growth.exponents()]
    return header, rows + [["exponent", *exponents]]


def growth_for_terminal(growth: Growth) -> str:
    header, rows = growth_rows(growth)
    text = growth.title + "\n"
    for row in [header, *rows]:
        text += "  " + "".join(f"{cell.replace('`', ''):>22}" for cell in row) + "\n"
    return text


def growth_for_markdown(growth: Growth) -> str:
    return f"### {growth.title}\n\n" + markdown(*growth_rows(growth))
