//! Entities as others show them: links, chips and small portraits.
//!
//! In: an entity and what stands before every path on a page. Out: its view for templates with the
//! HTML that the theme makes of it. Drawn once an entity; for pages of another depth only the way to
//! the root is written anew.

use std::borrow::Cow;
use std::sync::OnceLock;

use minijinja::Value;

use super::Site;
use super::fields::view;
use super::markdown::escape;
use crate::library::Entity;

/// Nearly all pages are at most so many folders deep; what others show is made anew each time.
const DEPTHS: usize = 4;
/// The way to the root while it is not known. It is a character of no language; a text that has it all the
/// same shows the way there.
pub(super) const ROOT: &str = "\u{f0002}";
/// What the theme makes of a reference, by the name in its view.
const DRAWN: [(&str, &str); 3] = [
    ("link", "_link.html"),
    ("chip", "_chip.html"),
    ("tile", "_tile.html"),
];

/// What is shown of one entity.
#[derive(Debug, Default)]
pub(super) struct Slot {
    drawn: OnceLock<Box<Drawn>>,
    /// By the depth of the page that shows it.
    at: [OnceLock<Box<Shown>>; DEPTHS],
}

/// How others show an entity: its view for templates, and the pieces of HTML that the theme makes
/// of it, which the view has too.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// Name, address, status and the like.
    pub(super) view: Value,
    /// In the order of [`DRAWN`].
    html: [Value; 3],
    /// The chip of a KPI among values of others.
    everybody: Option<Value>,
}

impl Shown {
    /// A link, or the name and why there is none.
    pub(super) fn link(&self) -> &str {
        self.html[0].as_str().unwrap_or_default()
    }

    /// The same as a small chip.
    pub(super) fn chip(&self) -> &str {
        self.html[1].as_str().unwrap_or_default()
    }

    /// The chip where values of others stand beside it: that of a KPI says whose value it shows.
    pub(super) fn everybody(&self) -> &str {
        let everybody = self.everybody.as_ref();
        everybody.and_then(Value::as_str).unwrap_or(self.chip())
    }

    /// The small portrait of a persona; empty for other kinds.
    pub(super) fn tile(&self) -> &str {
        self.html[2].as_str().unwrap_or_default()
    }
}

/// The fields of a reference and the HTML that the theme makes of them.
#[derive(Debug)]
struct Drawn {
    fields: Vec<(&'static str, Value)>,
    html: [Value; 3],
    everybody: Option<Value>,
}

impl Drawn {
    /// The same on a page whose links start with `root`.
    fn at(&self, root: &str) -> Shown {
        let root = escape(root);
        let replaced = |html: &Value| match html.as_str() {
            Some(text) if text.contains(ROOT) => Value::from_safe_string(text.replace(ROOT, &root)),
            _ => html.clone(),
        };
        let drawn = Self {
            fields: self.fields.clone(),
            html: self.html.each_ref().map(replaced),
            everybody: self.everybody.as_ref().map(replaced),
        };
        drawn.shown()
    }

    fn shown(self) -> Shown {
        let mut fields = self.fields;
        let names = DRAWN.iter().map(|(name, _)| *name);
        fields.extend(names.zip(self.html.iter().cloned()));
        Shown {
            view: view(fields),
            html: self.html,
            everybody: self.everybody,
        }
    }
}

impl<'a> Site<'a> {
    /// How pages whose links start with `root` show `entity`.
    pub(super) fn shown(&self, entity: &Entity, root: &str) -> Cow<'a, Shown> {
        let new = |root| self.draw(self.reference_fields(entity), root);
        let slot = self.refs.slot(entity.index);
        let Some((slot, depth)) = slot.zip(self.depth(root)) else {
            return Cow::Owned(new(root).shown());
        };
        Cow::Borrowed(slot.at[depth].get_or_init(|| {
            // A theme may do with the way to the root what it likes.
            let is_own = |(_, template): &(_, &str)| self.theme.has_own(template);
            Box::new(if DRAWN.iter().any(is_own) {
                new(root).shown()
            } else {
                let drawn = slot.drawn.get_or_init(|| Box::new(new(ROOT)));
                drawn.at(root)
            })
        }))
    }

    /// The place of `root` in a [`Slot`].
    fn depth(&self, root: &str) -> Option<usize> {
        let depth = match root {
            _ if self.options.base_url.is_some() => 0,
            "./" => 0,
            up if up.starts_with("../") => up.len() / "../".len(),
            _ => DEPTHS,
        };
        (depth < DEPTHS).then_some(depth)
    }

    /// The view of `entity` for templates: name, address, status, and the HTML of a link and of a
    /// chip.
    pub(super) fn reference(&self, entity: &Entity, root: &str) -> Value {
        self.shown(entity, root).view.clone()
    }

    /// A reference with these fields and what the theme makes of it.
    pub(super) fn new_shown(&self, fields: Vec<(&'static str, Value)>, root: &str) -> Shown {
        self.draw(fields, root).shown()
    }

    fn draw(&self, fields: Vec<(&'static str, Value)>, root: &str) -> Drawn {
        let mut context = fields.clone();
        context.push(("root", root.into()));
        context.push(("labels", self.theme.labels.clone()));
        let draw = |template: &str, context: Vec<(&'static str, Value)>| {
            // A broken template is reported by the pages that use it as a whole.
            let html = self.theme.render(template, view(context));
            Value::from_safe_string(html.unwrap_or_default().trim().to_owned())
        };
        let has_values = fields.iter().any(|(name, _)| *name == "kpi");
        let everybody = has_values.then(|| {
            let mut context = context.clone();
            context.push(("everybody", true.into()));
            draw("_chip.html", context)
        });
        let html = DRAWN.map(|(name, template)| {
            let html = draw(template, context.clone());
            // A template may show what was drawn before it.
            context.push((name, html.clone()));
            html
        });
        Drawn {
            fields,
            html,
            everybody,
        }
    }
}
