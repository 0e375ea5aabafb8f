//! What values mean that are made for templates. Fields of a front matter are described by their
//! schema, and not here.

/// By the path of a value, which may stand behind the name of its template.
const WORDS: &[(&str, &str)] = &[
    ("root", "What stands before every path in a link"),
    ("header", "The bar at the top, ready"),
    ("page.kind", "The sort of page: a kind, `home`, `health` …"),
    ("page.title", "The name of the page"),
    ("page.description", "What it is about, for search engines"),
    ("page.path", "Its address, without `root`"),
    ("page.canonical", "Its whole address, if the site has one"),
    ("page.id", "The id of its entry"),
    ("page.source", "The file it is written in"),
    ("graph.ref.name", "The name of the entry"),
    ("graph.ref.path", "Its address, without `root`"),
    ("graph.svg", "The drawing"),
    ("graph.from", "Who refers to the entry, as lists"),
    ("graph.to", "What it refers to, as lists"),
    ("page.edit_url", "Where that file can be edited"),
    ("site.title", "`title` of the settings"),
    ("site.description", "`description` of the settings"),
    ("site.lang", "`lang` of the settings"),
    ("site.dir", "`ltr` or `rtl`, by the language"),
    (
        "site.logo",
        "The address of the logo, for the filter `from`",
    ),
    (
        "site.brand",
        "`brand` of the settings; with it there is `assets/brand.css`",
    ),
    ("site.base_url", "The address of the site"),
    ("site.nav", "The kinds that have entries"),
    ("site.pages", "The free pages, in their order"),
    ("site.tools", "The pages about the library"),
    (
        "site.offers",
        "Of what `leave_out` of the settings may name, whether the site has it",
    ),
    (
        "site.offers.card",
        "Whether personas have a card for slides",
    ),
    ("site.offers.compare", "Whether personas are compared"),
    (
        "site.offers.coverage",
        "Whether there are tables of what is covered",
    ),
    ("site.offers.data", "Whether everything is there as JSON"),
    (
        "site.offers.finder",
        "Whether there are questions that find a persona",
    ),
    ("site.offers.graph", "Whether there are graphs"),
    (
        "site.offers.traceability",
        "Whether there is a table from personas to measures",
    ),
    (
        "findings",
        "What is wrong with this entry, with `--keep-going` only",
    ),
    ("e.body", "The text, headings from `h2` on"),
    ("e.toc", "Its headings"),
    ("e.custom", "Your own fields that are filled"),
    ("e.backlinks", "Who refers to it, by kind"),
    ("e.json", "The address of the JSON view"),
    ("e.kind", "What kind of entry it is"),
    ("e.id", "Its id"),
    ("e.path", "The address of its page; empty for drafts"),
    ("e.initials", "One or two letters of its name"),
    (
        "e.hue",
        "A hue from 0 to 350, in tens, that stays with its id",
    ),
    ("e.claim_lists", "Goals, pains and the like that are filled"),
    (
        "e.claim_lists[].claims",
        "The claims, from `stencils/claim.html`",
    ),
    ("e.coverage", "How many of the claims rest on research"),
    ("e.founded", "What the research is"),
    ("e.traits_list", "The traits, from 1 to 5"),
    ("e.kpi_kind", "The field `kind` of a KPI"),
    ("e.latest", "Its latest figures"),
    ("e.chart", "The chart; points as percentages of the drawing"),
    ("e.table", "The same as a table"),
    ("e.csv", "The address of the measurements"),
    ("e.lines", "Its lines, one a persona and source"),
    ("e.citations", "What cites it, from `stencils/citing.html`"),
    ("e.step_count", "How many steps it has"),
    ("e.has", "Which lanes of the map are filled"),
    ("e.curve", "The curve of emotion"),
    ("items", "The entries, ready"),
    ("filters", "What the list can be narrowed to"),
    ("kind", "A kind of entry"),
    ("id", "The id"),
    ("name", "The name"),
    (
        "path",
        "The address without `root`; empty when there is no page",
    ),
    ("status", "`draft`, `active` and so on"),
    ("summary", "What it is in a sentence"),
    ("initials", "One or two letters of the name"),
    (
        "hue",
        "A hue from 0 to 350, in tens, that stays with the id",
    ),
    (
        "portrait",
        "The address of the picture, for the filter `from`",
    ),
    ("missing", "There is nothing of that id"),
    ("redirect.html target", "Where the entry is now"),
    ("sitemap.xml urls", "All pages"),
];

/// What a value means, if that is said here.
pub(super) fn word(template: &str, path: &str) -> Option<&'static str> {
    let in_template = format!("{template} {path}");
    let find = |wanted: &str| WORDS.iter().find(|(name, _)| *name == wanted);
    let found = find(&in_template).or_else(|| find(path));
    found.map(|(_, text)| *text)
}
