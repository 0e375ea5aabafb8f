#!/usr/bin/env python3
"""Whether check, build and diff take as many instructions as they used to.

usage: instructions.py PERSONARY [--accept] [--runs R]

PERSONARY is a program of `cargo build --profile quick`.  Each command runs on one thread under
Valgrind's callgrind, on a generated library that is always the same.  Instructions, unlike seconds,
are the same on a busy machine, so that a change by a few percent can be seen.

The counts that are expected stand in instructions.txt beside this file.  A count that is over 5 %
higher fails.  --accept writes what was counted there instead; do that in the commit that makes the
program do more, and say in it why that is worth it.  --runs counts R times and prints the spread.

Exit codes: 0 as expected, 1 a count grew or cannot be taken, 2 the usage is wrong.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

EXPECTED = Path(__file__).resolve().with_name("instructions.txt")
PERSONAS = 150
CHANGED = 20
TODAY = "2026-11-24"
TOLERANCE = 0.05
HEAD = f"""\
# Instructions of each command on a generated library of {PERSONAS} personas, one thread, profile `quick`.
# Written by `python3 benches/instructions.py PERSONARY --accept`.
"""

# Nothing of the user's own may count: settings of Git, the day, the width of the terminal.
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "RAYON_", "SOURCE_DATE_"))} | dict(
    RAYON_NUM_THREADS="1", NO_COLOR="1", GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull,
    GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="bench@example.com", GIT_AUTHOR_DATE="2026-11-01T12:00:00Z",
    GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="bench@example.com", GIT_COMMITTER_DATE="2026-11-01T12:00:00Z")


def run(*command, cwd=None, accepted=(0,)):
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode not in accepted:
        sys.exit(f"instructions.py: {' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done


def projects(personary, folder):
    """A library without a history, and the same in Git with changes that are not committed."""
    for name in ("plain", "changed"):
        run(personary, "init", folder / name, "--personas", PERSONAS, "--as-of", TODAY)
    changed = folder / "changed"
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All"]):
        run("git", *arguments, cwd=changed)
    for number in range(CHANGED):
        file = changed / f"content/personas/persona-{number * 7:05}.md"
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"online_share: \d+", "online_share: 50", text)
        text = re.sub(r'(?m)^(  - id: goal-1\n    text: ").*$', r'\1The board asks for fewer numbers in the report."', text)
        file.write_text(text, encoding="utf-8")
    return folder / "plain", changed


def count(personary, folder, turn):
    """name -> instructions"""
    plain, changed = folder / "plain", folder / "changed"
    commands = {
        "check": ["-C", plain, "check", "--as-of", TODAY],
        "build": ["-C", plain, "build", "--as-of", TODAY, "-o", folder / f"site-{turn}"],
        "diff": ["-C", changed, "diff", "HEAD", "--as-of", TODAY, "--fail-on", "never"],
    }
    found = {}
    for name, command in commands.items():
        done = run("valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}", personary, *command)
        total = re.search(r"Collected : (\d+)", done.stderr)
        if not total:
            sys.exit(f"instructions.py: valgrind counted nothing:\n{done.stderr[-2000:]}")
        found[name] = int(total[1])
    return found


def compiler():
    return subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("personary", type=Path)
    parser.add_argument("--accept", action="store_true", help="write the counts down as those to expect")
    parser.add_argument("--runs", type=int, default=1, help="count as often and print the spread (default 1)")
    options = parser.parse_args()
    if not os.access(options.personary, os.X_OK) or options.runs < 1:
        parser.error(f"there is no program {options.personary}, or --runs is below 1")
    personary = options.personary.resolve()
    with tempfile.TemporaryDirectory(prefix="personary-instructions-") as folder:
        folder = Path(folder)
        projects(personary, folder)
        runs = [count(personary, folder, turn) for turn in range(options.runs)]
    if options.accept:
        lines = "".join(f"{name:<6} {value}\n" for name, value in runs[0].items())
        EXPECTED.write_text(f"{HEAD}# {compiler()}\n{lines}", encoding="utf-8")
    text = EXPECTED.read_text(encoding="utf-8") if EXPECTED.exists() else ""
    expected = {name: int(value) for name, value in re.findall(r"(?m)^(\w+) +(\d+)$", text)}
    grown, fallen = [], []
    for name, value in runs[0].items():
        if name not in expected:
            sys.exit(f"instructions.py: {EXPECTED.name} has no count of {name}; --accept writes it")
        change = value / expected[name] - 1
        values = [run[name] for run in runs]
        spread = f", spread of {len(runs)} runs {(max(values) - min(values)) / min(values):.4%}" if len(runs) > 1 else ""
        print(f"{name:<6} {value / 1e6:>9.1f} million instructions, {change:+.2%} of what is expected{spread}")
        if change > TOLERANCE:
            grown.append(name)
        elif change < -TOLERANCE:
            fallen.append(name)
    if fallen:
        print(f"\nFewer than before: {', '.join(fallen)}. Write it down, so that it stays: add --accept and commit {EXPECTED.name}.")
    if grown:
        taken = re.search(r"(?m)^# (rustc .*)$", text)
        here = compiler()
        other = f"The counts are of {taken[1]}, this is {here}; if the program is as it was, the compiler is the reason.\n" if taken and taken[1] != here else ""
        print(f"\nOver {TOLERANCE:.0%} more than before: {', '.join(grown)}.\n{other}"
              "To see where they go: valgrind --tool=callgrind, then callgrind_annotate.\n"
              f"If it is worth it: python3 benches/instructions.py {options.personary} --accept, and commit {EXPECTED.name}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
