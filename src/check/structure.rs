//! The rules that reading itself applies: what is wrong with a file before anybody judges it.

use super::Rule;
use crate::diagnostic::Severity;
use crate::diagnostic::rule::About;

pub(super) const UNREADABLE: Rule = Rule {
    about: About {
        name: "unreadable",
        severity: Severity::Error,
        summary: "A file or folder that cannot be read as text",
        what: "Files that are not UTF-8, are larger than 4 MiB or may not be read, and symbolic links that lead nowhere or in a circle.",
        why: "What cannot be read is missing from the site, and from every check.",
        fails: "# content/personas/nora.md, saved as UTF-16",
        repair: "# content/personas/nora.md, saved as UTF-8",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const FRONT_MATTER_MISSING: Rule = Rule {
    about: About {
        name: "front-matter-missing",
        severity: Severity::Error,
        summary: "A file without front matter, or with one that never ends",
        what: "The lines `---` around the fields at the start of a file. Pages may do without.",
        why: "The fields are what Personary checks and connects; without them a file is only text.",
        fails: "name: Nora Lind\nmarket: b2c",
        repair: "---\nname: Nora Lind\nmarket: b2c\n---",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const YAML_SYNTAX: Rule = Rule {
    about: About {
        name: "yaml-syntax",
        severity: Severity::Error,
        summary: "Front matter that is not YAML",
        what: "Whether the front matter, and `personary.yaml`, can be read as YAML 1.2.",
        why: "One missing bracket hides every field below it.",
        fails: "segments: [home-brewers",
        repair: "segments: [home-brewers]",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const DUPLICATE_KEY: Rule = Rule {
    about: About {
        name: "duplicate-key",
        severity: Severity::Error,
        summary: "A field that is given twice",
        what: "Fields of one block with the same name.",
        why: "Readers of YAML disagree on which of two counts, so one of them is silently lost.",
        fails: "owner: customers\nowner: research",
        repair: "owner: research",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const UNKNOWN_KEY: Rule = Rule {
    about: About {
        name: "unknown-key",
        severity: Severity::Error,
        summary: "A field that the kind does not have",
        what: "Field names in front matter, and names of rules and their settings in `personary.yaml`.",
        why: "A misspelt field is read by nobody. It looks filled in and shows nowhere.",
        fails: "onwer: customers",
        repair: "owner: customers",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const SCHEMA: Rule = Rule {
    about: About {
        name: "schema",
        severity: Severity::Error,
        summary: "A field that is missing or has a value it must not have",
        what: "Every field against the JSON Schema of its kind, custom fields included: types, allowed words, ranges, what is required.",
        why: "Only what has the expected form can be compared across personas, summed up and shown.",
        fails: "impulse: sometimes",
        repair: "impulse: medium",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const UNKNOWN_FOLDER: Rule = Rule {
    about: About {
        name: "unknown-folder",
        severity: Severity::Warn,
        summary: "A file in a folder that no kind has",
        what: "Markdown files below `content/` in folders that are not those of a kind.",
        why: "The folder tells what a file is. In another one it is not part of the library.",
        fails: "# content/persona/nora.md",
        repair: "# content/personas/nora.md",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const UNPUBLISHED_FILE: Rule = Rule {
    about: About {
        name: "unpublished-file",
        severity: Severity::Warn,
        summary: "A file beside the texts that could run something on the site",
        what: "The files below `content/` that are no Markdown. Pictures, sounds, tables and documents are published; of drawings (SVG) those that run and load nothing.",
        why: "Whoever may propose a text may put a file beside it. A page or a script there would act in the name of the site.",
        fails: "# content/pages/calculator.html",
        repair: "# static/calculator.html, after somebody has read it",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const PATH_CLASH: Rule = Rule {
    about: About {
        name: "path-clash",
        severity: Severity::Error,
        summary: "A file that would take the place of a page, or of another file",
        what: "The files below `static/`, and those beside texts: each needs an address of its own, which no page and no other file has.",
        why: "A site has one file for an address. Of two that claim it one would be missing.",
        fails: "# static/library.json, where the site has its own library.json",
        repair: "# static/data/library.json",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const TRANSLATION: Rule = Rule {
    about: About {
        name: "translation",
        severity: Severity::Warn,
        summary: "A translation that does not fit its original",
        what: "The files `ID.LANG.md` of the languages that `languages` names in `personary.yaml`: there is an `ID.md`, what they say stands there, too, and they change words only. References, ids, numbers and words from a list come from the original.",
        why: "Two pages of one persona must not say different things about it, and a text that translates nothing is shown nowhere.",
        fails: "# content/personas/nora.de.md, where nora.md says `market: b2c`\nmarket: b2b\nsummary: Will zwei gute Tassen am Tag.",
        repair: "# content/personas/nora.de.md\nsummary: Will zwei gute Tassen am Tag.",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_SYNTAX: Rule = Rule {
    about: About {
        name: "csv-syntax",
        severity: Severity::Error,
        summary: "A row of measurements that does not fit its columns",
        what: "Each row of a CSV of measurements: as many fields as the first row, quotes closed.",
        why: "A row that slips by one column puts a count where the value belongs.",
        fails: "period,value,n\n2026-09,41.5",
        repair: "period,value,n\n2026-09,41.5,120",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_COLUMN: Rule = Rule {
    about: About {
        name: "csv-column",
        severity: Severity::Error,
        summary: "A column that measurements do not have, or lack",
        what: "The first row of a CSV of measurements: known columns, each once, and both `period` and `value`.",
        why: "Figures in a column that nobody knows are not shown.",
        fails: "period,valeu\n2026-09,41.5",
        repair: "period,value\n2026-09,41.5",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_PERIOD: Rule = Rule {
    about: About {
        name: "csv-period",
        severity: Severity::Error,
        summary: "A period that is none",
        what: "The column `period`: a year, quarter, month, week or day, as `2026`, `2026-Q3`, `2026-09`, `2026-W38` or `2026-09-14`.",
        why: "Without a period a figure has no place on the time axis.",
        fails: "period,value\nSept 2026,41.5",
        repair: "period,value\n2026-09,41.5",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_VALUE: Rule = Rule {
    about: About {
        name: "csv-value",
        severity: Severity::Error,
        summary: "A measurement that is not a number",
        what: "The columns of numbers: digits and a point; `n` a whole number of at least 1.",
        why: "A value that cannot be read is a gap in the trend.",
        fails: "period,value\n2026-09,\"41,5\"",
        repair: "period,value\n2026-09,41.5",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_SCALE: Rule = Rule {
    about: About {
        name: "csv-scale",
        severity: Severity::Error,
        lesser: Some(Severity::Warn),
        summary: "A measurement or an answer that is not on the scale of the KPI",
        what: "Values and scores against the kind of the KPI: NPS from −100 to 100, its answers from 0 to 10; shares in percent from 0 to 100; answers of CSAT from 1 to 5, of CES from 1 to 7. A value off the scale is a warning, an answer that cannot be counted an error.",
        why: "A figure off the scale was counted in another way, or typed wrong. Either spoils the mean.",
        fails: "# kind: csat\nperiod,score\n2026-09,8",
        repair: "# kind: csat\nperiod,score\n2026-09,4",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_COUNTS: Rule = Rule {
    about: About {
        name: "csv-counts",
        severity: Severity::Error,
        summary: "Counts that do not add up to `n`, or do not make the value",
        what: "The columns `promoters`, `passives` and `detractors`: together they are `n`, and the score they make is the value, but for rounding.",
        why: "Of two figures that contradict each other one is wrong, and the interval rests on the counts.",
        fails: "# kind: nps\nperiod,value,n,promoters,passives,detractors\n2026-09,40,100,60,30,20",
        repair: "# kind: nps\nperiod,value,n,promoters,passives,detractors\n2026-09,40,110,64,26,20",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_INTERVAL: Rule = Rule {
    about: About {
        name: "csv-interval",
        severity: Severity::Error,
        summary: "An interval that is upside down or does not hold the value",
        what: "The columns `low` and `high`: the value lies between them.",
        why: "The band in the chart would tell of a certainty that is not there.",
        fails: "period,value,low,high\n2026-09,41.5,44,47",
        repair: "period,value,low,high\n2026-09,41.5,38,45",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const CSV_DUPLICATE: Rule = Rule {
    about: About {
        name: "csv-duplicate",
        severity: Severity::Error,
        summary: "Two measurements of the same period and slice",
        what: "Rows with the same period, persona, segment, journey and stage.",
        why: "Two answers to one question: one of them is wrong, and the chart shows either.",
        fails: "period,value\n2026-09,41.5\n2026-09,43.0",
        repair: "period,value\n2026-09,43.0",
        ..About::DEFAULT
    },
    check: None,
};

pub(super) const TEMPLATE: Rule = Rule {
    about: About {
        name: "template",
        severity: Severity::Error,
        summary: "A theme template that does not work",
        what: "The templates of your own theme: whether they can be read and filled in.",
        why: "One broken template breaks every page that uses it.",
        fails: "{{ e.name",
        repair: "{{ e.name }}",
        ..About::DEFAULT
    },
    check: None,
};
