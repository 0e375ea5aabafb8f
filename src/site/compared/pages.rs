//! The pages of a site with the changes of what it is compared with marked on them.

use std::borrow::Cow;
use std::fmt::Write;

use foldhash::HashMap;
use percent_encoding::percent_decode_str;

use super::Compared;
use super::element::Side;
use super::merge::{self, Mark, Merged, Setting, Words};
use crate::library::Entity;
use crate::review::{self, Change, Part};
use crate::schema::Kind;
use crate::schema::content::plain;
use crate::site::markdown::escape;
use crate::site::view::{self, Bar, State};
use crate::site::{Route, Site, ThemeError, pages, route};

/// Renders the page of an entity as it was.
type Render<'r> = dyn Fn(&Entity) -> Result<String, ThemeError> + 'r;

/// What became of an entity, for those who see its name in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::site) enum Became {
    New,
    Changed,
    Gone,
}

impl Became {
    pub(in crate::site) const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

impl<'a> Site<'a> {
    /// Adds what it is compared with: changes are marked on its pages.
    #[must_use]
    pub fn with_review(mut self, compared: Option<&'a Compared>) -> Self {
        self.compared = compared;
        self.before = compared.map(|compared| {
            let (library, refs) = (&compared.before, &compared.refs);
            let before = Site::new(library, self.theme, &compared.options, refs);
            Box::new(before.with_history(self.history))
        });
        self.shared = view::shared(&self);
        let editions = self.editions.into_iter();
        self.editions = editions
            .map(|mut edition| {
                edition.compared = compared;
                edition
            })
            .collect();
        self
    }

    /// What became of an entity, if anything did.
    pub(in crate::site) fn became(&self, kind: Kind, id: &str) -> Option<Became> {
        let compared = self.compared?;
        if compared.gone(self, kind, id).is_some() {
            return Some(Became::Gone);
        }
        let entity = self.library.find(kind, id)?.entity;
        if compared.was(entity).is_none() {
            return self.is_published(entity).then_some(Became::New);
        }
        let mut changes = compared.of(kind, &entity.id);
        changes.next().map(|_| Became::Changed)
    }

    /// The page of a route with its changes marked; `after` is the page without marks.
    pub(in crate::site) fn marked(
        &self,
        route: &Route,
        after: String,
    ) -> Result<String, ThemeError> {
        let Some((compared, before)) = self.compared.zip(self.before.as_deref()) else {
            return Ok(after);
        };
        match route {
            Route::Entity(id) => {
                let Some(entity) = self.library.entity(*id) else {
                    return Ok(after);
                };
                let was = compared.was(entity);
                let render = |was: &Entity| view::entity(before, was, &());
                self.with_marks((route, entity), (was, &render), after)
            }
            Route::Translation(id, lang) => {
                let Some(entity) = self.library.entity(*id) else {
                    return Ok(after);
                };
                let was = compared.was(entity);
                let was = was.filter(|was| before.edition(was, lang).is_some());
                let render = |was: &Entity| match before.edition(was, lang) {
                    Some((edition, translation)) => {
                        view::entity(edition, &translation.whole(before.library, was), &())
                    }
                    None => Ok(String::new()),
                };
                self.with_marks((route, entity), (was, &render), after)
            }
            Route::Index(kind) => self.marked_list(before, (route, *kind), after),
            Route::Member(family, name) if family.around == ("lists/", "/") => {
                match view::find_sheet(self, name) {
                    Some((kind, _)) => self.marked_list(before, (route, kind), after),
                    None => Ok(after),
                }
            }
            Route::Member(family, _) if family.around == ("a-z/", "/") => {
                let root = self.root(&route.path(self.library));
                let marked = self.with_badges(&root, &after);
                let has_marks = marked.len() > after.len();
                Ok(if has_marks {
                    with_style(&marked, &root)
                } else {
                    after
                })
            }
            _ => Ok(after),
        }
    }

    fn with_marks(
        &self,
        (route, entity): (&Route, &Entity),
        (was, render): (Option<&Entity>, &Render<'_>),
        after: String,
    ) -> Result<String, ThemeError> {
        let Some(compared) = self.compared.filter(|c| c.may_differ(entity)) else {
            return Ok(after);
        };
        let changes: Vec<&Change> = compared.of(entity.kind, &entity.id).collect();
        let root = self.root(&route.path(self.library));
        let Some(was) = was else {
            let bar = Bar {
                state: State::New,
                changes: &changes,
                marks: &[],
                root: &root,
                targets: Vec::new(),
            };
            let bar = view::bar(self, &bar)?;
            return Ok(with_bar(&after, &root, &bar, "chg-new", None));
        };
        let earlier = render(was)?;
        let merged = content_of(&earlier).zip(content_of(&after));
        let words = self.mark_words();
        let leads = |href: &str| self.lead(&root, href);
        let setting = Setting {
            words: &words,
            leads: &leads,
        };
        let merged = merged.and_then(|(old, new)| merge::merge(old, new, &setting));
        let marks = merged.as_ref().map_or(&[][..], |merged| &merged.marks);
        // A page that refers to what changed without showing it is what it was.
        if changes.is_empty() && marks.is_empty() {
            return Ok(after);
        }
        let texts: Vec<(Side, &str)> = marks.iter().map(|m| (m.side, m.text.as_str())).collect();
        let places = Places::of((was, entity), marks);
        let targets = changes.iter().map(|change| places.target(change));
        let bar = Bar {
            state: if changes.is_empty() {
                State::Near
            } else {
                State::Changed
            },
            targets: targets.collect(),
            changes: &changes,
            marks: &texts,
            root: &root,
        };
        let bar = view::bar(self, &bar)?;
        let html = merged.as_ref().map(|merged| merged.html.as_str());
        Ok(with_bar(&after, &root, &bar, "chg", html))
    }

    /// A list: short ones show what came and went in their place, all name what changed.
    fn marked_list(
        &self,
        before: &Site<'_>,
        (route, kind): (&Route, Kind),
        after: String,
    ) -> Result<String, ThemeError> {
        let Some(compared) = self.compared else {
            return Ok(after);
        };
        let root = self.root(&route.path(self.library));
        let has_changes = compared.review.changes.iter().any(|c| c.kind == kind);
        if !has_changes {
            return Ok(after);
        }
        let bar = view::list_bar(self, kind, &root)?;
        // Of a list in parts, the parts are others as soon as one entry more is in it.
        let is_whole = !after.contains("class=\"pager\"");
        let merged = if is_whole && before.has(&Route::Index(kind)) {
            let earlier = view::index(before, kind)?;
            let words = self.mark_words();
            let leads = |href: &str| self.lead(&root, href);
            let setting = Setting {
                words: &words,
                leads: &leads,
            };
            let merged = content_of(&earlier).zip(content_of(&after));
            merged.and_then(|(old, new)| merge::merge(old, new, &setting))
        } else {
            None
        };
        let html = merged.as_ref().map(|merged: &Merged| merged.html.as_str());
        let page = with_bar(&after, &root, &bar, "chg chg-list", html);
        Ok(self.with_badges(&root, &page))
    }

    /// The page of what is gone, as it was.
    pub(in crate::site) fn gone_page(&self, path: &str) -> Result<String, ThemeError> {
        let found = self.gone_at(path);
        let before = self.before.as_deref();
        let (Some(was), Some(before), Some(compared)) = (found, before, self.compared) else {
            return view::not_found(self);
        };
        let page = view::entity(before, was, &())?;
        let path = route::entity_path(was);
        let root = self.root(&path);
        let words = self.mark_words();
        let leads = |href: &str| self.lead(&root, href);
        let setting = Setting {
            words: &words,
            leads: &leads,
        };
        let html = content_of(&page).map(|content| merge::only(content, &setting));
        let changes: Vec<&Change> = compared.of(was.kind, &was.id).collect();
        let bar = view::gone_bar(self, was, &changes, &root)?;
        // The menu is that of the site after.
        let around = view::around(self, was, &path)?;
        // What the page looked like, it needs to look like itself.
        let styles = stylesheets(&page).filter(|link| !around.contains(link));
        let styles: String = styles.chain(["</head>"]).collect();
        let around = around.replacen("</head>", &styles, 1);
        Ok(with_bar(&around, &root, &bar, "chg-gone", html.as_deref()))
    }

    /// What had a page at an address below the root, without its last slash.
    pub(in crate::site) fn gone_at(&self, path: &str) -> Option<&'a Entity> {
        let (folder, id) = path.split_once('/')?;
        let kind = Kind::ALL.iter().find(|kind| kind.folder() == folder)?;
        self.compared?.gone(self, *kind, id)
    }

    /// Where a link of a page before leads in this site: the address without its fragment, since
    /// the part that it named may be gone.
    fn lead(&self, root: &str, href: &str) -> Option<String> {
        if href.contains("://") || href.starts_with("mailto:") {
            return Some(href.to_owned());
        }
        let href = href.split('#').next().filter(|href| !href.is_empty())?;
        let path = href.strip_prefix(root)?;
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let route = Route::at(self.library, &path)?;
        self.has(&route).then(|| href.to_owned())
    }

    fn mark_words(&self) -> Words {
        let word = |key: &str| {
            let word = self.theme.word(&["changes", key]).unwrap_or(key);
            escape(word).into_owned()
        };
        Words {
            added: word("added"),
            removed: word("removed"),
        }
    }

    /// A list with a word behind each name of what changed.
    fn with_badges(&self, root: &str, html: &str) -> String {
        const LINK: &str = "<a href=\"";
        let mut out = String::with_capacity(html.len());
        let (head, mut rest) = html
            .split_once("<main")
            .map_or(("", html), |(head, _)| (head, &html[head.len()..]));
        out.push_str(head);
        while let Some(at) = rest.find(LINK) {
            let (before, link) = rest.split_at(at);
            out.push_str(before);
            let end = link.find("</a>").map_or(link.len(), |at| at + 4);
            let (link, after) = link.split_at(end);
            out.push_str(link);
            let href = link[LINK.len()..].split('"').next().unwrap_or_default();
            if let Some(became) = self.became_at(root, href) {
                let word = self.theme.word(&["changes", "became", became.as_str()]);
                let word = escape(word.unwrap_or(became.as_str())).into_owned();
                let _ = write!(
                    out,
                    " <small class=\"chg-badge chg-{}\">{word}</small>",
                    became.as_str()
                );
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn became_at(&self, root: &str, href: &str) -> Option<Became> {
        let path = href.strip_prefix(root)?.strip_suffix('/')?;
        let (folder, id) = path.split_once('/')?;
        let kind = Kind::ALL.iter().find(|kind| kind.folder() == folder)?;
        let id = percent_decode_str(id).decode_utf8().ok()?;
        self.became(*kind, &id)
    }
}

/// The page of what is gone, at an address.
pub(in crate::site) static GONE: pages::Family = pages::Family {
    around: ("", "/"),
    extras: &[],
    name: "the page of what is gone,",
    names: |site| {
        let gone = site.compared.into_iter().flat_map(|c| c.all_gone(site));
        let gone = gone.map(|was| format!("{}/{}", was.kind.folder(), was.id).into());
        gone.collect()
    },
    has: |site, path| site.gone_at(path).is_some(),
    make: |site, path| site.gone_page(path),
};

/// Two texts in one, as HTML: with the words that differ marked.
pub(in crate::site) fn words(site: &Site<'_>, before: &str, after: &str) -> String {
    let called = site.mark_words();
    let mut out = String::new();
    for part in review::parts(before, after) {
        let said = escape(part.text());
        let (mark, word) = match part {
            Part::Same(_) => {
                out.push_str(&said);
                continue;
            }
            Part::Gone(_) => (Side::Was, &called.removed),
            Part::Came(_) => (Side::Now, &called.added),
        };
        let (tag, class) = (mark.tag(), mark.class());
        let _ = write!(
            out,
            "<{tag} class=\"{class}\"><span class=\"chg-word\">{word}</span>{said}</{tag}>"
        );
    }
    out
}

/// Claims by their JSON Pointers: their anchors and what they say.
type Claims<'e> = HashMap<String, (&'e str, &'e str)>;

fn claims_of(entity: &Entity) -> Claims<'_> {
    let claims = entity.claims().zip(entity.claim_places());
    claims
        .map(|((_, claim, anchor), (field, number))| {
            (format!("/{field}/{number}"), (anchor, claim.text.as_str()))
        })
        .collect()
}

/// What is known of a page to find the marks that show a change.
struct Places<'p> {
    was: Claims<'p>,
    now: Claims<'p>,
    /// The first mark at each anchor.
    anchors: HashMap<&'p str, usize>,
    marks: &'p [Mark],
}

impl<'p> Places<'p> {
    fn of((was, now): (&'p Entity, &'p Entity), marks: &'p [Mark]) -> Self {
        let mut anchors = HashMap::default();
        for (at, mark) in marks.iter().enumerate() {
            if let Some(anchor) = &mark.anchor {
                anchors.entry(anchor.as_str()).or_insert(at);
            }
        }
        Self {
            was: claims_of(was),
            now: claims_of(now),
            anchors,
            marks,
        }
    }

    /// The mark on the page that shows a change: by the name of the claim, stage or step, then by
    /// what it says.
    fn target(&self, change: &Change) -> Option<usize> {
        // The claim is at the second step of the way.
        let end = change.pointer.match_indices('/').nth(2);
        let claim = &change.pointer[..end.map_or(change.pointer.len(), |(at, _)| at)];
        if change.is_before
            && let Some((_, text)) = self.was.get(claim)
        {
            let text = escape(&plain(text)).into_owned();
            let found = self.position(|m| m.side == Side::Was && m.text.contains(&text));
            if found.is_some() {
                return found;
            }
        }
        if let Some((anchor, _)) = self.now.get(claim)
            && let Some(&found) = self.anchors.get(&*escape(anchor))
        {
            return Some(found);
        }
        let says = |side: Side, text: &Option<String>| {
            let text = plain(text.as_deref()?);
            let text = escape(&text);
            self.position(|mark| {
                mark.side == side
                    && mark.text.len() > 1
                    && (text.contains(&mark.text) || mark.text.contains(&*text))
            })
        };
        says(Side::Now, &change.after).or_else(|| says(Side::Was, &change.before))
    }

    fn position(&self, fits: impl Fn(&Mark) -> bool) -> Option<usize> {
        self.marks.iter().position(fits)
    }
}

/// What stands in the main part of a page.
pub(super) fn content_of(page: &str) -> Option<&str> {
    let from = page.find("<main")?;
    let from = from + page[from..].find('>')? + 1;
    let to = page.rfind("</main>")?;
    page.get(from..to)
}

/// The stylesheets that a page names, as they stand in its head.
fn stylesheets(page: &str) -> impl Iterator<Item = &str> {
    let found = page.match_indices("<link rel=\"stylesheet\"");
    found.filter_map(|(at, _)| page[at..].split_inclusive('>').next())
}

/// A page that has what marks look like.
fn with_style(page: &str, root: &str) -> String {
    let style = format!("<link rel=\"stylesheet\" href=\"{root}assets/changes.css\">\n</head>");
    page.replacen("</head>", &style, 1)
}

/// A page with the bar above its main part, which is `content` if there is one.
fn with_bar(page: &str, root: &str, bar: &str, class: &str, content: Option<&str>) -> String {
    let Some(old) = content_of(page) else {
        return page.to_owned();
    };
    let from = old.as_ptr() as usize - page.as_ptr() as usize;
    let (head, rest) = page.split_at(from);
    let tail = &rest[old.len()..];
    let head = with_style(head, root);
    let head = match head.split_once("<body class=\"") {
        Some((before, after)) => format!("{before}<body class=\"{class} {after}"),
        None => head.replacen("<body", &format!("<body class=\"{class}\""), 1),
    };
    let content = content.map_or(Cow::Borrowed(old), Cow::Borrowed);
    [&head, bar, &content, tail].concat()
}
