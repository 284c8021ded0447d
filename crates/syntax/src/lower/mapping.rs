//! The entries of a mapping under the keys that it may have; every other key is reported, with the one it is near to.

use growset_model::{Diagnostic, Place};

use crate::lower::Lowering;
use crate::rules;
use crate::suggest::{alternatives, nearest, shown};
use crate::tree::{Entry, Node, NodeKind, Scalar, Style};

/// What other schema languages call our keys.
const FOREIGN_KEYS: &[(&str, &str)] = &[
    ("description", "doc"),
    ("summary", "doc"),
    ("docs", "doc"),
    ("name", "event"),
    ("properties", "fields"),
    ("payload", "fields"),
    ("items", "list"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("uniqueItems", "unique"),
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
        if !unknown.is_empty() {
            let torn = self.torn_texts(&mapping.entries, accepted);
            unknown.retain(|entry| !torn.contains(&entry.key.place));
        }
        let is_free = |known: &&str| mapping.entries.iter().all(|other| &*other.key.text != *known);
        let free: Vec<&'static str> = accepted.iter().copied().filter(is_free).collect();
        for entry in unknown {
            if let Some(meant) = self.unknown_key(name, entry, &free, accepted)
                && !entries.iter().any(|(known, _)| *known == meant)
            {
                // The value is read as the key that was meant, so that nothing is called missing on top.
                entries.push((meant, entry));
            }
        }
        Some(Keys { entries, place })
    }

    /// `{ doc: Placed, not paid. }`: the comma ends the text, and the rest looks like a key. Reports each text that is
    /// torn so, and answers the places of what only looks like keys.
    fn torn_texts(&mut self, entries: &[Entry], accepted: &[&'static str]) -> Vec<Place> {
        let mut torn = Vec::new();
        let mut index = 1;
        while let (Some(owner), Some(entry)) = (entries.get(index - 1), entries.get(index)) {
            let mut end = None;
            let mut before = owner.value.place;
            let mut next = Some(entry);
            while let Some(entry) = next.filter(|entry| self.continues(before, entry, accepted)) {
                torn.push(entry.key.place);
                before = entry.key.place;
                end = Some(entry.key.place);
                index += 1;
                next = entries.get(index);
            }
            if let (Some(end), NodeKind::Scalar(Scalar { style: Style::Plain, .. })) = (end, &owner.value.kind) {
                self.torn_text(owner, end);
            }
            index += 1;
        }
        torn
    }

    /// Whether an entry is the rest of the text before it: after a comma, unknown, and without a colon.
    fn continues(&self, before: Place, entry: &Entry, accepted: &[&'static str]) -> bool {
        let between = self.text.get(before.range().end..entry.key.place.range().start).map(str::trim);
        let after = self.text.get(entry.key.place.range().end..).map_or("", str::trim_start);
        entry.value.is_left_out()
            && entry.key.style == Style::Plain
            && between == Some(",")
            && after.starts_with([',', '}'])
            && !before.range().is_empty()
            && !accepted.contains(&&*entry.key.text)
    }

    fn torn_text(&mut self, owner: &Entry, end: Place) {
        let whole = Place::new(self.file, owner.value.place.range().start..end.range().end);
        let text = self.text.get(whole.range()).unwrap_or("").to_owned();
        let comma = owner.value.place.range().end;
        let message =
            format!("a comma ends an unquoted text inside `{{ }}`; quote the text of `{}`", shown(&owner.key.text));
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_KEY, self.first_line(end), message)
            .label("read as a further key")
            .related(Place::new(self.file, comma..comma + 1), "the text ends here");
        // Over several lines the text would have to be folded as YAML does it.
        let fixed = !text.contains(['\n', '\r']);
        let edits = self.quote(whole, &text);
        self.report(if fixed { diagnostic.certain_fix("quote the text", edits) } else { diagnostic });
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
        let message = format!("unknown key `{}` in {}", shown(text), in_words(name));
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_KEY, entry.key.place, message);
        let near = nearest(text, free.iter().copied());
        if let Some(only) = near.only() {
            let edits = self.replace(entry.key.place, only);
            self.report(
                diagnostic.label(format!("did you mean `{only}`?")).certain_fix(format!("write `{only}`"), edits),
            );
            return free.iter().copied().find(|known| *known == only);
        }
        if let Some(way_out) = no_such_key(entry, free) {
            self.report(diagnostic.label("not a key here").help(way_out));
            return None;
        }
        let is_ours =
            |(foreign, ours): &&(&str, &str)| *foreign == text && free.contains(ours) && suits(ours, &entry.value);
        let foreign = FOREIGN_KEYS.iter().find(is_ours);
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

/// What is said otherwise here than by one key in place of another.
fn no_such_key(entry: &Entry, free: &[&'static str]) -> Option<String> {
    let has_form = |form: &str| !free.contains(&form);
    match &*entry.key.text {
        "required" => {
            Some("what stands under `fields:` is required, what stands under `optional:` is not; delete it".to_owned())
        }
        "oneOf" | "anyOf" => Some(
            "a union is told apart by a property, as in `{ union: kind, cases: { user: { fields: { id: uuid } } } }`"
                .to_owned(),
        ),
        "items" if has_form("type") => {
            let items = entry.value.scalar_text().filter(|text| !text.is_empty()).map_or("string".to_owned(), shown);
            Some(format!("say it in `type`, as in `type: list<{items}>`, or write `list: {items}` without `type`"))
        }
        _ => None, // Any other key either has its like here, or means nothing.
    }
}

/// Whether a value has the shape that one of our keys takes.
fn suits(ours: &str, value: &Node) -> bool {
    match (ours, &value.kind) {
        ("fields" | "types", kind) => matches!(kind, NodeKind::Mapping(_)),
        ("enum", kind) => matches!(kind, NodeKind::Mapping(_) | NodeKind::List(_)),
        ("union", kind) => matches!(kind, NodeKind::Scalar(_)),
        _ => true, // The others take more than one shape, or the next report says which.
    }
}

/// A mapping under a key is quoted; a whole document has a name in words.
fn in_words(name: &str) -> String {
    if name.contains(' ') || name.ends_with(".yaml") { name.to_owned() } else { format!("`{}`", shown(name)) }
}
