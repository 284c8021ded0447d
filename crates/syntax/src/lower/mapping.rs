//! The entries of a mapping under the keys that it may have; every other key is reported, with the one it is near to.

use growset_model::{Diagnostic, Place};

use crate::lower::Lowering;
use crate::rules;
use crate::suggest::{alternatives, nearest};
use crate::tree::{Entry, Node, NodeKind};

/// What other schema languages call our keys.
const FOREIGN_KEYS: &[(&str, &str)] = &[
    ("description", "doc"),
    ("summary", "doc"),
    ("docs", "doc"),
    ("name", "event"),
    ("properties", "fields"),
    ("payload", "fields"),
    ("required", "fields"),
    ("items", "list"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("uniqueItems", "unique"),
    ("oneOf", "union"),
    ("discriminator", "union"),
    ("team", "owner"),
    ("regex", "pattern"),
    ("scope", "audience"),
    ("values", "enum"),
    ("example", "examples"),
    ("examples", "example"),
    ("definitions", "types"),
];

/// The known entries of one mapping.
#[derive(Debug)]
pub(super) struct Keys<'n> {
    entries: Vec<(&'static str, &'n Entry)>,
    /// Where a missing key is reported: the first key, or the mapping itself when it is empty.
    pub(super) place: Place,
}

impl<'n> Keys<'n> {
    /// The entry under a key.
    pub(super) fn find(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|(known, _)| *known == key).map(|(_, entry)| *entry)
    }

    /// In the contract's order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &'n Entry)> + '_ {
        self.entries.iter().copied()
    }
}

impl Lowering<'_> {
    /// The entries of `node`, which is called `name`; nothing when it is no mapping.
    pub(super) fn keys<'n>(
        &mut self,
        name: &str,
        key_place: Place,
        node: &'n Node,
        accepted: &[&'static str],
    ) -> Option<Keys<'n>> {
        let NodeKind::Mapping(mapping) = &node.kind else {
            self.wrong_value(name, key_place, node, "a mapping");
            return None;
        };
        let place = mapping.entries.first().map_or(node.place, |entry| entry.key.place);
        let mut entries = Vec::with_capacity(mapping.entries.len());
        let mut unknown = Vec::new();
        for entry in &mapping.entries {
            match accepted.iter().find(|known| **known == &*entry.key.text) {
                Some(known) => entries.push((*known, entry)),
                None => unknown.push(entry),
            }
        }
        for entry in unknown {
            let free: Vec<&'static str> = accepted
                .iter()
                .copied()
                .filter(|known| mapping.entries.iter().all(|other| &*other.key.text != *known))
                .collect();
            if let Some(meant) = self.unknown_key(name, entry, &free, accepted)
                && !entries.iter().any(|(known, _)| *known == meant)
            {
                // The value is read as the key that was meant, so that nothing is called missing on top.
                entries.push((meant, entry));
            }
        }
        Some(Keys { entries, place })
    }

    /// Reports an unknown key; answers the key that was surely meant.
    fn unknown_key(
        &mut self,
        name: &str,
        entry: &Entry,
        free: &[&'static str],
        accepted: &[&'static str],
    ) -> Option<&'static str> {
        let text = &*entry.key.text;
        let shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
        let message = format!("unknown key `{shown}` in {}", in_words(name));
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_KEY, entry.key.place, message);
        let near = nearest(text, free.iter().copied());
        if let Some(only) = near.only() {
            let edits = self.replace(entry.key.place, only);
            self.report(
                diagnostic.label(format!("did you mean `{only}`?")).certain_fix(format!("write `{only}`"), edits),
            );
            return free.iter().copied().find(|known| *known == only);
        }
        let foreign = FOREIGN_KEYS.iter().find(|(foreign, ours)| *foreign == text && free.contains(ours));
        if let Some((_, ours)) = foreign {
            let edits = self.replace(entry.key.place, *ours);
            self.report(
                diagnostic.label(format!("this is called `{ours}` here")).likely_fix(format!("write `{ours}`"), edits),
            );
            return None;
        }
        let diagnostic = match near.question() {
            Some(question) => diagnostic.label(question),
            None => diagnostic.label("unknown key"),
        };
        self.report(diagnostic.help(format!("it takes {}", alternatives(accepted))));
        None
    }

    /// Reports that a key is not there.
    pub(super) fn missing_key(&mut self, keys: &Keys<'_>, name: &str, key: &str, way_out: &str) {
        let message = format!("{} has no `{key}`; {way_out}", in_words(name));
        self.refuse(&rules::MISSING_KEY, keys.place, message, &format!("`{key}` is missing beside this"));
    }
}

/// A mapping under a key is quoted; a whole document has a name in words.
fn in_words(name: &str) -> String {
    if name.contains(' ') || name.ends_with(".yaml") { name.to_owned() } else { format!("`{name}`") }
}
