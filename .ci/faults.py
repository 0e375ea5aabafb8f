#!/usr/bin/env python3
"""Whether `personary check` finds every fault of a large generated project, and nothing else.

usage: faults.py PERSONARY GENERATE [--personas 1000] [--faults 0.2] [--seed 1]

GENERATE is the corpus generator: `GENERATE PERSONAS FOLDER --seed S [--faults RATE]` writes a
project and prints a line for each fault, FILE<TAB>FAULT<TAB>LINE, where LINE 0 means that a line
is missing.  The undamaged project must pass; of the damaged one every listed file must have an
error at its line (with line 0: anywhere in it), and no other file may have one.
Standard library only.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path


def generate(options, folder, faults):
    command = [sys.executable, options.generate, str(options.personas), folder, "--seed", str(options.seed)]
    if faults:
        command += ["--faults", str(faults)]
    printed = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout
    listed = [line.split("\t") for line in printed.splitlines()]
    return [(file, fault, int(line)) for file, fault, line in listed]


# The corpus has fixed dates, and what is due or old must not depend on when this runs.
TODAY = "2026-11-24"


def check(options, folder, *arguments):
    begun = time.monotonic()
    done = subprocess.run([options.personary, "-C", folder, "check", "--as-of", TODAY, *arguments],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done, time.monotonic() - begun


def errors_by_file(report):
    """FILE -> [(line, code, message)] of the findings of severity error; line 0 is the file as a whole"""
    found = defaultdict(list)
    for finding in report["findings"]:
        if finding["severity"] == "error":
            found[finding["path"]].append((finding["line"] or 0, finding["code"], finding["message"]))
    return found


def undamaged(options, folder):
    generate(options, folder, 0)
    done, took = check(options, folder)
    if done.returncode != 0:
        return [f"the undamaged project fails, exit code {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"]
    print(f"undamaged: passes, {took:.2f} s")
    return []


def damaged(options, folder):
    listed = generate(options, folder, options.faults)
    if not listed:
        return ["the generator damaged nothing"]
    done, took = check(options, folder, "--format", "json")
    if done.returncode != 1:
        return [f"exit code {done.returncode}, not 1:\n{done.stderr[-3000:]}"]
    found = errors_by_file(json.loads(done.stdout))
    problems = []
    for file, fault, line in listed:
        at = sorted({each for each, _, _ in found.get(file, [])})
        if not at:
            problems.append(f"{file}:{line}: {fault}: not reported")
        elif line and line not in at:
            problems.append(f"{file}:{line}: {fault}: reported at line {', '.join(map(str, at))} instead: {found[file][0][2]}")
    for file in sorted(set(found) - {file for file, _, _ in listed}):
        line, code, message = found[file][0]
        problems.append(f"{file}:{line}: {code}: an error in an undamaged file: {message}")
    kinds = ", ".join(sorted({fault for _, fault, _ in listed}))
    print(f"damaged: {len(listed)} files ({kinds}), {took:.2f} s, {len(problems)} problems")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("personary")
    parser.add_argument("generate")
    parser.add_argument("--personas", type=int, default=1000)
    parser.add_argument("--faults", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not Path(options.personary).is_file():
        sys.exit(f"faults.py: no program {options.personary}")
    problems, passed = [], 0
    for part in (undamaged, damaged):
        with tempfile.TemporaryDirectory(prefix="personary-corpus-") as folder:
            found = part(options, folder)
        problems += found
        passed += not found
    for problem in problems[:40]:
        print(f"  {problem}")
    if len(problems) > 40:
        print(f"  … and {len(problems) - 40} more")
    print(f"corpus: {passed} passed, {2 - passed} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
