"""`python -m tests.campaign`: see the package's docstring."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.campaign import __doc__ as description
from tests.campaign.originals import ORIGINALS
from tests.campaign.workers import BATCH, Input, Outcome, available, content, run_all, run_one

SHARES = {BATCH: 1, **dict.fromkeys(("settings", "collecting", "diary", "active", "sheet", "terms", "protocol"), 10)}
"""How often a kind comes, where that is not as usual."""
USUAL = 40
RESULTS = ("read", "refused", "crash", "hang", "memory", "traceback", "unfinished")


def inputs(kinds: Sequence[str], count: int, seed: int) -> Iterator[Input]:
    """Yield the inputs of a campaign, their kinds mixed."""
    rng, numbers = random.Random(seed), Counter[str]()
    for kind in rng.choices(kinds, [SHARES.get(kind, USUAL) for kind in kinds], k=count):
        yield Input(kind, numbers[kind], seed)
        numbers[kind] += 1


class Tally:
    """Outcomes by kind; findings of one cause are told once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.counts: dict[str, Counter[str]] = {}
        self.findings: dict[tuple[str, str], list[Outcome]] = {}

    def add(self, outcome: Outcome) -> None:
        """Count an outcome; a finding is printed where it is the first of its cause, and its file kept."""
        self.counts.setdefault(outcome.input.kind, Counter())[outcome.result] += 1
        if not outcome.is_finding:
            return
        same = self.findings.setdefault((outcome.result, outcome.where), [])
        same.append(outcome)
        if len(same) == 1:
            print(f"{outcome.result}: {outcome.where} ({name_of(outcome.input)})", flush=True)
        if self._folder and len(same) <= 3:
            keep(outcome, self._folder)

    @property
    def found(self) -> int:
        """How many inputs brought a finding."""
        return sum(len(same) for same in self.findings.values())

    def __str__(self) -> str:
        lines = [f"{'kind':12}" + "".join(f"{name:>11}" for name in ("inputs", *RESULTS))]
        every: Counter[str] = Counter()
        for counts in self.counts.values():
            every += counts
        for kind, counts in [*sorted(self.counts.items()), ("all", every)]:
            numbers = (counts.total(), *(counts[name] for name in RESULTS))
            lines.append(f"{kind:12}" + "".join(f"{number:11,}" for number in numbers))
        for (result, where), same in sorted(self.findings.items(), key=lambda item: -len(item[1])):
            kinds = ", ".join(sorted({outcome.input.kind for outcome in same}))
            lines.append(f"{len(same):6} × {result}: {where} [{kinds}], first {name_of(same[0].input)}")
        return "\n".join(lines)


def name_of(wanted: Input) -> str:
    return f"--kinds {wanted.kind} --seed {wanted.seed} --number {wanted.number}"


def keep(outcome: Outcome, folder: Path) -> None:
    """Keep the file that brought a finding, and what was said."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = outcome.input
    place = folder / f"{outcome.result}-{wanted.seed}-{wanted.number}.{wanted.kind}"
    if wanted.kind != BATCH:
        place.write_bytes(content(wanted))
    place.with_name(f"{place.name}.txt").write_text(f"{outcome.where}\n{outcome.detail}", encoding="utf-8")


def files(options: argparse.Namespace) -> int:
    """Run the campaign of damaged files."""
    wanted = options.kinds.split(",") if options.kinds else [*ORIGINALS, BATCH]
    kinds = available(wanted)
    if missing := sorted(set(wanted) - set(kinds)):
        print(f"Left out, their libraries are missing: {', '.join(missing)}")
    if options.number is not None:
        with tempfile.TemporaryDirectory() as folder:
            outcome = run_one(Input(kinds[0], options.number, options.seed), Path(folder))
        print(outcome.result, outcome.where, outcome.detail, sep="\n")
        return int(outcome.is_finding)
    tally, began = Tally(options.findings), time.monotonic()
    for number, outcome in enumerate(run_all(inputs(kinds, options.count, options.seed), options.jobs), 1):
        tally.add(outcome)
        if number % 5_000 == 0:
            print(f"{number:,} in {time.monotonic() - began:.0f} s, {tally.found} findings", flush=True)
    print(tally)
    print(f"{options.count:,} inputs in {time.monotonic() - began:.0f} s")
    return int(bool(tally.found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mode", nargs="?", choices=("files", "kills", "trouble"), default="files")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="separated by commas")
    parser.add_argument("--number", type=int, help="only this one, in this process")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--findings", type=Path, help="folder for what brought a finding")
    options = parser.parse_args(arguments)
    if options.mode == "kills":
        from tests.campaign.kills import WORKS, kills

        return kills(options.count, options.seed, options.kinds.split(",") if options.kinds else list(WORKS))
    if options.mode == "trouble":
        from tests.campaign.trouble import trouble

        return trouble(options.kinds.split(",") if options.kinds else None)
    return files(options)


if __name__ == "__main__":
    sys.exit(main())
