//! The texts of the sample project. `{today}`, `{quarter}` and `{next_year}` become days.

use crate::schema::Kind;

/// `personary.yaml`.
pub(super) const SETTINGS: &str = "\
# Everything Personary needs to know about the project; the rest is in content/ and static/.

# Shown in the header of every page and in the browser tab.
title: Our customers

# One sentence for search engines and shared links.
description: Who buys from us and why, and how well we serve them.

# The language of the texts, as in HTML.
lang: en

# The address the site is published at. With it links are absolute; without it the site works in
# any folder.
# base_url: https://example.com/customers/

# Where a page can be edited: the path of its file is added to this address.
# edit_url: https://example.com/edit/main/

# A picture in static/, as the mark in the header.
# logo: /logo.svg

# A folder below themes/ whose files take the place of the built-in ones.
# theme: house

# The phases of the customer lifecycle, in order.
lifecycle: [acquisition, product-development, marketing, renewal]

# From which severity on findings fail a check and a build: error, warn or info.
fail_on: error

# Single rules: a severity (error, warn, info or off), or a block with the rule's own settings.
# `personary explain` lists the rules, `personary explain RULE` the settings of one.
# rules:
#   orphan: info
#   stale-evidence: { warn_months: 9, error_months: 18 }

# What is different for some files.
# overrides:
#   - paths: ['content/personas/legacy/**']
#     rules: { not-reviewed: warn }

# Fields of your own, as JSON Schema; `x-reference: KIND` makes a text a reference.
# After a change, `personary schema --all schemas` tells your editor.
# fields:
#   persona:
#     contract:
#       title: Contract
#       description: The plan this persona normally signs.
#       type: string
#       enum: [monthly, yearly]
";

/// `.gitignore`.
pub(super) const GITIGNORE: &str = "/public\n/.public.personary-*\n";

const INDEX: &str = "\
name: Welcome
summary: What this library is for.
last_reviewed: {today}
---

This is an example: a shop that sends freshly roasted coffee by post. Replace it with your own customers, one file at a time.

- Begin with [Nora](../personas/nora-lind.md), a customer to win, and [Rob](../personas/rob-harker.md), one to leave to others.
- Follow Nora through [her first month](../journeys/first-month.md).
- See whether it works: [[kpi:second-order]].
";

const TEAM: &str = "\
name: Customer team
contact: '#customers in the company chat'
summary: Talks with customers and keeps this library true.
---
";

const SEGMENT: &str = "\
name: Home brewers
summary: People who make coffee at home every day and care how it tastes.
owner: customers
---
";

const EVIDENCE: &str = "\
name: Order history
summary: All orders of the last quarter, with the notes of the support desk.
method: analytics
population: actual
collected: { from: {quarter}, to: {today} }
n: 412
sensitivity: internal
owner: customers
last_reviewed: {today}
---

Counted: first and second orders, their distance in days, and what people wrote to us in between.
";

const KPI: &str = "\
name: Second order
kind: custom
class: outcome
summary: How many first-time buyers order again within 30 days.
method: Buyers of the month before who ordered again within 30 days, divided by all buyers of that month.
unit: percent
direction: up
target: { value: 45, by: {next_year} }
thresholds: { warn: 35, bad: 25 }
cadence: monthly
serves: ['persona:nora-lind#good-cup']
owner: customers
last_reviewed: {today}
---

The figures stand in [second-order.csv](second-order.csv), one row a month. Add a row; never change one.
";

const PERSONA: &str = "\
name: Nora Lind
market: b2c
stance: target
status: active
basis: statistical
owner: customers
summary: Drinks two good cups a day and wants them to turn out well without a course in chemistry.
quote:
  text: I only want to know which one tastes like the last one.
  evidence: order-history
  attribution: A buyer in her second month
segments: [home-brewers]
lifecycle: [acquisition, renewal]
last_reviewed: {today}
traits:
  coffee_knowledge: 2
  patience: 3
goals:
  - id: good-cup
    text: Make a cup on a weekday that is as good as the one at the weekend.
    evidence: [order-history]
    kpis: [second-order]
    confidence: high
motivations:
  - id: ritual
    text: The first cup is the quiet part of the day.
    evidence: [order-history]
pains:
  - id: too-many-kinds
    text: Cannot tell eleven kinds of coffee apart by their names.
    evidence: [order-history]
    severity: high
behaviours:
  - id: orders-late
    text: Orders when the bag is empty, which is three days too late.
    evidence: [order-history]
opportunities:
  - id: same-again
    text: Offer \"the same again\" as the first button.
    evidence: [order-history]
channels:
  preferred: [email, web]
  online_share: 95
b2c:
  interests: [baking, long breakfasts]
  emotions: [curious, unsure]
  impulse: medium
  concerns: [Whether it is worth the price of postage.]
evidence: [order-history]
kpis: [second-order]
---

## How to talk with Nora

- **Do** describe a taste by something she knows.
- **Don't** mention altitude.
";

const NEGATIVE: &str = "\
name: Rob Harker
market: b2c
stance: negative
status: active
basis: statistical
owner: customers
summary: Buys with a voucher, once, and sends half of it back.
last_reviewed: {today}
goals:
  - id: cheapest
    text: Pay less than in the supermarket.
    evidence: [order-history]
motivations:
  - id: game
    text: Finding the voucher is the fun of it.
    evidence: [order-history]
pains:
  - id: full-price
    text: Feels cheated by a full price.
    evidence: [order-history]
b2c:
  interests: [voucher forums]
negative:
  reason: We cannot be the cheapest, and he wants nothing else.
  drain: An hour of the support desk and two parcels for an order that earns nothing.
  signals:
    - The first message asks for a better voucher.
    - Three accounts at one address.
  handling: Say kindly that there is one price, and recommend the supermarket's own brand.
evidence: [order-history]
---
";

const JOURNEY: &str = "\
name: The first month
personas: [nora-lind]
summary: From the first bag to the second.
scenario: The good café has closed, and Nora wants that coffee at home.
state: current
owner: customers
status: active
last_reviewed: {today}
stages:
  - id: choose
    name: Choose
    lifecycle: acquisition
    goal: Find one that she will like
    steps:
      - id: compare
        action: Opens eleven tabs and closes ten
        thought: What does washed mean?
        emotion: -1
        channel: web
        pains:
          - id: names-say-nothing
            text: The names say where it grew and not how it tastes.
            evidence: [order-history]
        opportunities:
          - id: three-questions
            text: Ask three questions and recommend one.
            evidence: [order-history]
        evidence: [order-history]
  - id: brew
    name: Brew
    lifecycle: renewal
    goal: A good cup before work
    steps:
      - id: first-cup
        action: Follows the card in the parcel
        thought: Oh. That is it.
        emotion: 2
        channel: parcel
        opportunities:
          - id: reminder
            text: Write when the bag must be nearly empty.
            evidence: [order-history]
        kpis: [second-order]
        evidence: [order-history]
---

The dip is at the choice; the cup itself is good.
";

/// The content files: their path, the schema they follow, and the text below the opening line.
pub(super) const CONTENT: [(&str, Kind, &str); 8] = [
    ("content/pages/index.md", Kind::Page, INDEX),
    ("content/teams/customers.md", Kind::Team, TEAM),
    ("content/segments/home-brewers.md", Kind::Segment, SEGMENT),
    (
        "content/evidence/order-history.md",
        Kind::Evidence,
        EVIDENCE,
    ),
    ("content/kpis/second-order.md", Kind::Kpi, KPI),
    ("content/personas/nora-lind.md", Kind::Persona, PERSONA),
    ("content/personas/rob-harker.md", Kind::Persona, NEGATIVE),
    ("content/journeys/first-month.md", Kind::Journey, JOURNEY),
];

/// Measurements of the months before today: percent, and of how many.
pub(super) const MEASURED: [(f64, u32); 6] = [
    (31.5, 124),
    (33.0, 118),
    (32.2, 131),
    (36.4, 140),
    (38.1, 139),
    (40.3, 133),
];
