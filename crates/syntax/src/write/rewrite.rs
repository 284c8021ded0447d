//! A contract's own text, made to say something else: what stays true stays as it is spelled, comments included.
//!
//! Both meanings are written in the short form and compared; what differs between them is edited where the text says it.
//! A text that spells it in another way may come out wrong, so whoever keeps the result reads it back first.

use std::ops::Range;

use growset_model::Sources;

use crate::tree::{Entry, Layout, Mapping, NodeKind};
use crate::write::yaml::{self, Node};
use crate::yaml as reader;

/// What a mapping says.
type Entries = [(String, Node)];

/// The text after every edit that leads from the one meaning to the other. Nothing for a text that is no mapping.
pub(super) fn rewrite(text: &str, before: &Node, after: &Node) -> Option<String> {
    let file = Sources::default().add("", text);
    let root = reader::parse(file, text).root?;
    let NodeKind::Mapping(mapping) = &root.kind else { return None };
    let mut edits = Edits { text, edits: Vec::new() };
    edits.mapping(mapping, &entries_of(before), &entries_of(after));
    Some(edits.applied())
}

/// Replacements of ranges of a text.
struct Edits<'t> {
    text: &'t str,
    edits: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn mapping(&mut self, mapping: &Mapping, before: &Entries, after: &Entries) {
        let mut kept: Option<&Entry> = None;
        for (key, value) in after {
            let said = value_of(before, key);
            match mapping.entries.iter().find(|entry| *entry.key.text == **key) {
                Some(entry) => {
                    if said != Some(value) {
                        self.value(mapping, entry, said, value);
                    }
                    kept = Some(entry);
                }
                None if said == Some(value) => {} // The text leaves it to its default, before and after.
                None => self.insert(mapping, kept, key, value),
            }
        }
        let is_gone =
            |entry: &Entry| value_of(before, &entry.key.text).is_some() && value_of(after, &entry.key.text).is_none();
        for index in 0..mapping.entries.len() {
            if mapping.entries.get(index).is_some_and(is_gone) {
                self.remove(mapping, index, is_gone);
            }
        }
    }

    fn value(&mut self, mapping: &Mapping, entry: &Entry, before: Option<&Node>, after: &Node) {
        if let (Some(before), NodeKind::Mapping(inner)) = (before, &entry.value.kind) {
            // Only a type may be written as a word or as a mapping, which then has the word under `type`.
            let is_type = inner.entries.iter().any(|entry| &*entry.key.text == "type");
            let are_mappings = [before, after].iter().all(|node| matches!(node, Node::Map { .. }));
            let (before, after) = (entries_of(before), entries_of(after));
            if (is_type || are_mappings) && !inner.entries.is_empty() && !before.is_empty() && !after.is_empty() {
                self.mapping(inner, &before, &after);
                return;
            }
        }
        let (start, end) = (self.after_colon(entry), self.end_of(entry));
        let is_short = self.text.get(start..end).is_some_and(|text| !text.contains('\n'));
        let whole = yaml::entry(&entry.key.text, after, self.column(entry));
        if mapping.layout == Layout::Flow || (is_short && whole.lines().count() == 1) {
            // What stands behind it on its line stays there.
            self.edits.push((start..end, format!(" {}", yaml::flow(after, mapping.layout == Layout::Flow))));
        } else {
            self.edits.push((self.start_of_line(entry)..self.end_of_line(end), whole));
        }
    }

    /// A new entry behind one that stays, or before all of them.
    fn insert(&mut self, mapping: &Mapping, behind: Option<&Entry>, key: &str, value: &Node) {
        let Some(neighbour) = behind.or(mapping.entries.first()) else { return };
        let start = neighbour.key.place.range().start;
        let (at, text) = match (mapping.layout, behind) {
            (Layout::Flow, Some(_)) => (self.end_of(neighbour), format!(", {}", yaml::entry_in_braces(key, value))),
            (Layout::Flow, None) => (start, format!("{}, ", yaml::entry_in_braces(key, value))),
            (Layout::Block, Some(_)) => {
                let at = self.end_of_line(self.end_of(neighbour));
                let gap = if self.before(at).ends_with('\n') { "" } else { "\n" };
                (at, format!("{gap}{}", yaml::entry(key, value, self.column(neighbour))))
            }
            (Layout::Block, None) => (self.start_of_line(neighbour), yaml::entry(key, value, self.column(neighbour))),
        };
        self.edits.push((at..at, text));
    }

    fn remove(&mut self, mapping: &Mapping, index: usize, is_gone: impl Fn(&Entry) -> bool) {
        let (before, from) = mapping.entries.split_at(index);
        let Some((entry, behind)) = from.split_first() else { return };
        let range = match (mapping.layout, before.last()) {
            (Layout::Block, _) => self.start_of_line(entry)..self.end_of_line(self.end_of(entry)),
            (Layout::Flow, Some(last)) if !before.iter().all(is_gone) => self.end_of(last)..self.end_of(entry),
            // The comma behind goes along, since what stood before goes as well.
            (Layout::Flow, _) => {
                let end = behind.first().map_or(self.end_of(entry), |next| next.key.place.range().start);
                entry.key.place.range().start..end
            }
        };
        self.edits.push((range, String::new()));
    }

    fn before(&self, at: usize) -> &str {
        self.text.get(..at).unwrap_or_default()
    }

    fn behind(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    fn after_colon(&self, entry: &Entry) -> usize {
        let end = entry.key.place.range().end;
        self.behind(end).find(':').map_or(end, |colon| end + colon + 1)
    }

    /// Past its last character; a block of text may count the end of its last line in.
    fn end_of(&self, entry: &Entry) -> usize {
        let end = if entry.value.is_left_out() { 0 } else { entry.value.place.range().end };
        self.before(end).trim_end().len().max(self.after_colon(entry))
    }

    fn end_of_line(&self, at: usize) -> usize {
        self.behind(at).find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    fn start_of_line(&self, entry: &Entry) -> usize {
        self.before(entry.key.place.range().start).rfind('\n').map_or(0, |end| end + 1)
    }

    fn column(&self, entry: &Entry) -> usize {
        entry.key.place.range().start - self.start_of_line(entry)
    }

    /// Insertions before what is replaced at the same place, otherwise in the order in which they were made.
    fn applied(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut result = String::with_capacity(self.text.len() + 256);
        let mut done = 0;
        for (range, text) in &self.edits {
            result += self.text.get(done..range.start).unwrap_or_default();
            result += text;
            done = done.max(range.end);
        }
        result + self.behind(done)
    }
}

/// A mapping's entries; a word stands for the type that it names.
fn entries_of(node: &Node) -> Vec<(String, Node)> {
    match node {
        Node::Map { entries, .. } => entries.clone(),
        Node::Text(word) => vec![("type".to_owned(), Node::Text(word.clone()))],
        Node::Nothing | Node::Literal(_) | Node::List { .. } => Vec::new(),
    }
}

fn value_of<'n>(entries: &'n Entries, key: &str) -> Option<&'n Node> {
    entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}
