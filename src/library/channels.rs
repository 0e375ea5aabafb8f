//! Channels: not a kind of their own, but words in touchpoints, steps and personas that mean the
//! same place when they are written alike.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use foldhash::HashMap;
use unicode_normalization::UnicodeNormalization;

use super::touch::{Met, steps_of};
use super::{Entity, EntityId, Library, Update};
use crate::schema::{Data, Kind};

/// Characters of a name in an address; longer names are cut.
const MAX_NAME: usize = 60;

/// All that is said of one channel.
#[derive(Debug, Default)]
pub struct Channel {
    /// The spelling that is used most, of several the first.
    pub name: Box<str>,
    touchpoints: Vec<EntityId>,
    /// Journey, stage and step.
    steps: Vec<(EntityId, usize, usize)>,
    personas: Vec<EntityId>,
}

/// The channels by their name in addresses.
pub type Channels = BTreeMap<Box<str>, Channel>;

impl Channel {
    /// How many steps, touchpoints and personas name it.
    pub fn uses(&self) -> (usize, usize, usize) {
        (
            self.steps.len(),
            self.touchpoints.len(),
            self.personas.len(),
        )
    }

    /// The touchpoints that belong to it, by name.
    pub fn touchpoints<'a>(&self, library: &'a Library) -> Vec<&'a Entity> {
        entities(library, &self.touchpoints)
    }

    /// The personas who prefer it, by name.
    pub fn personas<'a>(&self, library: &'a Library) -> Vec<&'a Entity> {
        entities(library, &self.personas)
    }

    /// The steps that happen there, by journey.
    pub fn steps<'a>(&self, library: &'a Library) -> Vec<Met<'a>> {
        let steps = self.steps.iter();
        steps
            .filter_map(|&(journey, stage, step)| Met::at(library.entity(journey)?, stage, step))
            .collect()
    }
}

fn entities<'a>(library: &'a Library, ids: &[EntityId]) -> Vec<&'a Entity> {
    ids.iter().filter_map(|id| library.entity(*id)).collect()
}

/// The name of a channel in an address, which follows from how it is written alone: small letters
/// and digits of any script, everything between as one hyphen. What is written alike (`E-mail`,
/// `e-mail`; `home visit`, `Home-visit`) is one channel. Where signs are lost that could tell two
/// apart (`C++`, `C#`) a number made of the whole takes their place. `None` for a blank.
pub fn slug(written: &str) -> Option<String> {
    let name: String = written.trim().nfc().flat_map(char::to_lowercase).collect();
    if name.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(name.len());
    let mut lossy = false;
    let mut kept = 0;
    for c in name.chars() {
        if c.is_alphanumeric() {
            if kept == MAX_NAME {
                lossy = true;
                break;
            }
            kept += 1;
            out.push(c);
        } else {
            lossy |= !(c.is_whitespace() || matches!(c, '-' | '_' | '‐' | '–' | '.' | ','));
            if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
    }
    let end = out.trim_end_matches('-').len();
    out.truncate(end);
    if lossy || out.is_empty() {
        // FNV-1a: the same on every machine and in every version.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        let dash = if out.is_empty() { "" } else { "-" };
        let _ = write!(out, "{dash}{hash:08x}");
    }
    Some(out)
}

/// Whether anything that is `wanted` names a channel.
pub fn any(library: &Library, wanted: impl Fn(&Entity) -> bool) -> bool {
    let names = |entity: &Entity| match &entity.data {
        Some(Data::Touchpoint(_)) => true,
        Some(Data::Persona(persona)) => persona
            .channels
            .as_ref()
            .is_some_and(|c| !c.preferred.is_empty()),
        _ => steps_of(entity).any(|met| met.step().channel.is_some()),
    };
    let mut all = [Kind::Touchpoint, Kind::Journey, Kind::Persona]
        .into_iter()
        .flat_map(|kind| library.of_kind(kind));
    all.any(|entity| wanted(entity) && names(entity))
}

/// The channels that entities which are `wanted` name.
pub fn channels(library: &Library, wanted: impl Fn(&Entity) -> bool) -> Channels {
    let mut found = Found::default();
    for entity in library.of_kind(Kind::Touchpoint).filter(|e| wanted(e)) {
        if let Some(Data::Touchpoint(touchpoint)) = &entity.data
            && let Some(channel) = found.of(&touchpoint.channel)
        {
            channel.touchpoints.push(entity.index);
        }
    }
    for entity in library.of_kind(Kind::Journey).filter(|e| wanted(e)) {
        for met in steps_of(entity) {
            if let Some(channel) = met.channel(library).and_then(|name| found.of(name)) {
                channel
                    .steps
                    .push((entity.index, met.stage_index, met.index));
            }
        }
    }
    for entity in library.of_kind(Kind::Persona).filter(|e| wanted(e)) {
        let Some(Data::Persona(persona)) = &entity.data else {
            continue;
        };
        for name in persona.channels.iter().flat_map(|c| &c.preferred) {
            if let Some(channel) = found.of(name)
                && channel.personas.last() != Some(&entity.index)
            {
                channel.personas.push(entity.index);
            }
        }
    }
    found.named()
}

/// Which channels are named at all: an index that changes with single entities.
#[derive(Debug)]
pub struct Names {
    drafts: bool,
    uses: HashMap<Box<str>, Uses>,
    by_entity: HashMap<EntityId, Box<[Box<str>]>>,
}

/// By whom a channel is named.
#[derive(Debug, Default, PartialEq, Eq)]
struct Uses {
    published: usize,
    /// Touchpoints without a page of their own: it is still there if a step happens at one of them.
    hidden: BTreeSet<EntityId>,
}

impl Names {
    /// Those of a library; `drafts` tells whether drafts are published.
    pub fn of(library: &Library, drafts: bool) -> Self {
        let mut names = Self {
            drafts,
            uses: HashMap::default(),
            by_entity: HashMap::default(),
        };
        library.all().for_each(|(_, entity)| names.enter(entity));
        names
    }

    /// Looks again at those whom an update of the library changed.
    pub fn update(&mut self, library: &Library, update: &Update) {
        for &id in update.removed.iter().chain(&update.changed) {
            self.leave(id);
            if let Some(entity) = library.entity(id) {
                self.enter(entity);
            }
        }
    }

    /// Whether there is a channel of this name in addresses: what [`channels`] has.
    pub fn has(&self, library: &Library, slug: &str) -> bool {
        let Some(uses) = self.uses.get(slug) else {
            return false;
        };
        let is_met = |id: &EntityId| {
            let met = library.entity(*id).map(|entity| library.steps_at(entity));
            met.into_iter()
                .flatten()
                .any(|met| met.step().channel.is_none() && met.entity.is_published(self.drafts))
        };
        uses.published > 0 || uses.hidden.iter().any(is_met)
    }

    fn enter(&mut self, entity: &Entity) {
        let is_published = entity.is_published(self.drafts);
        let is_touchpoint = entity.kind == Kind::Touchpoint;
        if !is_published && !is_touchpoint {
            return;
        }
        let slugs: Box<[Box<str>]> = written(entity)
            .into_iter()
            .filter_map(|written| slug(written).map(Into::into))
            .collect();
        for slug in &slugs {
            let uses = self.uses.entry(slug.clone()).or_default();
            if is_published {
                uses.published += 1;
            } else {
                uses.hidden.insert(entity.index);
            }
        }
        if !slugs.is_empty() {
            self.by_entity.insert(entity.index, slugs);
        }
    }

    fn leave(&mut self, id: EntityId) {
        for slug in self.by_entity.remove(&id).into_iter().flatten() {
            let Some(uses) = self.uses.get_mut(&slug) else {
                continue;
            };
            if !uses.hidden.remove(&id) {
                uses.published -= 1;
            }
            if *uses == Uses::default() {
                self.uses.remove(&slug);
            }
        }
    }
}

/// The channels that an entity itself names, as it writes them.
fn written(entity: &Entity) -> Vec<&str> {
    match &entity.data {
        Some(Data::Touchpoint(touchpoint)) => vec![&*touchpoint.channel],
        Some(Data::Persona(persona)) => {
            let preferred = persona.channels.iter().flat_map(|c| &c.preferred);
            preferred.map(|name| &**name).collect()
        }
        _ => steps_of(entity)
            .filter_map(|met| met.step().channel.as_deref())
            .collect(),
    }
}

/// What is found while going through the entities.
#[derive(Default)]
struct Found<'a> {
    /// The address of each spelling, and how often that was used.
    spellings: HashMap<&'a str, (Option<Box<str>>, usize)>,
    channels: HashMap<Box<str>, Channel>,
}

impl<'a> Found<'a> {
    /// The channel that is written so.
    fn of(&mut self, written: &'a str) -> Option<&mut Channel> {
        let entry = self.spellings.entry(written);
        let (slug, uses) = entry.or_insert_with(|| (slug(written).map(Into::into), 0));
        *uses += 1;
        let slug = slug.as_deref()?;
        if !self.channels.contains_key(slug) {
            self.channels.insert(slug.into(), Channel::default());
        }
        self.channels.get_mut(slug)
    }

    fn named(self) -> Channels {
        let mut channels: Channels = self.channels.into_iter().collect();
        let mut spellings: Vec<_> = self.spellings.into_iter().collect();
        spellings.sort_unstable_by_key(|(written, (_, uses))| (std::cmp::Reverse(*uses), *written));
        for (written, (slug, _)) in spellings {
            if let Some(channel) = slug.and_then(|slug| channels.get_mut(&*slug))
                && channel.name.is_empty()
            {
                channel.name = written.trim().into();
            }
        }
        channels
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Memory;

    #[test]
    fn what_is_written_alike_has_one_address_and_nothing_else_has() {
        for (written, address) in [
            ("E-mail", "e-mail"),
            (" e-mail ", "e-mail"),
            ("e‐mail", "e-mail"),
            ("home visit", "home-visit"),
            ("Home_Visit", "home-visit"),
            ("微信", "微信"),
            ("Café", "café"),
            ("Cafe\u{301}", "café"),
        ] {
            assert_eq!(slug(written).as_deref(), Some(address), "{written}");
        }
        assert_eq!(slug("  "), None);
        let apart: Vec<_> = ["C", "C++", "C#", "☎", "☏", "../c"].map(slug).into();
        let different: std::collections::BTreeSet<_> = apart.iter().collect();
        assert_eq!(different.len(), apart.len(), "{apart:?}");
        assert!(
            apart
                .iter()
                .flatten()
                .all(|slug| !slug.contains(['/', '.']))
        );
        let long = |end: &str| slug(&format!("{}{end}", "x".repeat(200)));
        assert_ne!(long("a"), long("b"));
    }

    #[test]
    fn a_channel_is_called_as_most_call_it() {
        let touchpoint =
            |channel: &str| format!("---\nname: T\nchannel: {channel}\nmode: online\n---\n");
        let tree = Memory::default()
            .with("content/touchpoints/a.md", touchpoint("E-Mail"))
            .with("content/touchpoints/b.md", touchpoint("e-mail"))
            .with("content/touchpoints/c.md", touchpoint("e-mail"))
            .with("content/touchpoints/d.md", touchpoint("Phone"));
        let library = Library::load(Arc::new(tree));
        let all = channels(&library, |_| true);
        let seen: Vec<_> = all
            .iter()
            .map(|(slug, channel)| (&**slug, &*channel.name, channel.touchpoints.len()))
            .collect();
        assert_eq!(seen, [("e-mail", "e-mail", 3), ("phone", "Phone", 1)]);
        assert!(any(&library, |_| true) && !any(&library, |_| false));
    }

    #[test]
    fn which_channels_there_are_follows_changes() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join("content").join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("written");
        };
        let touchpoint = |channel: &str, status: &str| {
            format!("---\nname: T\nstatus: {status}\nchannel: {channel}\nmode: online\n---\n")
        };
        let journey = |step: &str| {
            format!(
                "---\nname: J\nowner: t\nstate: current\nscenario: s\nstatus: active\npersonas: [a]\nstages:\n  - id: one\n    name: One\n    steps:\n      - {step}\n---\n"
            )
        };
        write("touchpoints/shop.md", &touchpoint("Store", "draft"));
        write("touchpoints/app.md", &touchpoint("App", "active"));
        write(
            "journeys/j.md",
            &journey("{action: x, emotion: 1, touchpoint: shop}"),
        );
        let tree = crate::source::Folder::open(folder.path()).expect("the folder");
        let mut library = Library::load(Arc::new(tree));
        let mut names = Names::of(&library, false);
        let mut seen = |changed: &str| {
            let update = library.update([format!("content/{changed}").as_str()]);
            names.update(&library, &update);
            let there = channels(&library, |entity| entity.is_published(false));
            for slug in ["store", "app", "phone", "web"] {
                assert_eq!(
                    names.has(&library, slug),
                    there.contains_key(slug),
                    "{slug}"
                );
            }
            there.into_keys().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(seen("journeys/j.md"), "app store");
        write(
            "journeys/j.md",
            &journey("{action: x, emotion: 1, touchpoint: shop, channel: Phone}"),
        );
        assert_eq!(seen("journeys/j.md"), "app phone");
        write("touchpoints/shop.md", &touchpoint("Store", "active"));
        assert_eq!(seen("touchpoints/shop.md"), "app phone store");
        write("touchpoints/app.md", &touchpoint("Web", "active"));
        assert_eq!(seen("touchpoints/app.md"), "phone store web");
        std::fs::remove_file(folder.path().join("content/journeys/j.md")).expect("removed");
        assert_eq!(seen("journeys/j.md"), "store web");
    }
}
