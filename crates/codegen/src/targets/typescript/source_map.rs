//! Text that remembers where its names come from, and the source map (ECMA-426) that leads back to the contracts.

use std::collections::BTreeMap;

use growset_model::{Catalog, FileId, Place, Sources};
use serde_json::json;

use crate::escape;

/// Text that grows at its end.
pub(super) struct MappedText<'a> {
    text: String,
    line_start: usize,
    sources: &'a Sources,
    contracts_folder: &'a str,
    /// In the order in which they are first led to.
    files: Vec<FileId>,
    indices: BTreeMap<FileId, usize>,
    mappings: String,
    last: Position,
}

/// A finished text.
pub(super) struct Mapped {
    /// With the line that names the map.
    pub(super) text: String,
    /// JSON.
    pub(super) map: String,
    /// The contracts that the map leads to: path in the package, and text.
    pub(super) contracts: Vec<(String, String)>,
}

/// What the segments of a map are relative to.
#[derive(Default, Clone, Copy)]
struct Position {
    generated_column: usize,
    file: usize,
    line: usize,
    column: usize,
}

impl<'a> MappedText<'a> {
    pub(super) fn new(catalog: &'a Catalog, sources: &'a Sources) -> Self {
        Self {
            text: String::new(),
            line_start: 0,
            sources,
            contracts_folder: contracts_folder(catalog, sources),
            files: Vec::new(),
            indices: BTreeMap::new(),
            mappings: String::new(),
            last: Position::default(),
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        for (at, _) in text.match_indices('\n') {
            self.line_start = start + at + 1;
            self.mappings.push(';');
            self.last.generated_column = 0;
        }
    }

    /// A name, which leads to `place`. Both ends are mapped: TypeScript takes the mapping after a position that has none.
    pub(super) fn push_named(&mut self, name: &str, place: Place) {
        self.map_to(place, place.range().start);
        self.push(name);
        self.map_to(place, place.range().end);
    }

    fn map_to(&mut self, place: Place, offset: usize) {
        let Some(file) = place.file() else { return };
        let Some(source) = self.sources.file(file) else { return };
        let index = *self.indices.entry(file).or_insert_with(|| {
            self.files.push(file);
            self.files.len() - 1
        });
        let (line, _) = source.line_and_column(offset);
        let next = Position {
            generated_column: utf16_len(self.text.get(self.line_start..).unwrap_or_default()),
            file: index,
            line: line - 1,
            column: utf16_column(&source.text, offset),
        };
        if !self.mappings.is_empty() && !self.mappings.ends_with(';') {
            self.mappings.push(',');
        }
        push_difference(&mut self.mappings, next.generated_column, self.last.generated_column);
        push_difference(&mut self.mappings, next.file, self.last.file);
        push_difference(&mut self.mappings, next.line, self.last.line);
        push_difference(&mut self.mappings, next.column, self.last.column);
        self.last = next;
    }

    pub(super) fn finish(mut self, name: &str) -> Mapped {
        self.text.push_str(&format!("//# sourceMappingURL={name}.map\n"));
        let contracts: Vec<(String, String)> = self
            .files
            .iter()
            .filter_map(|file| self.sources.file(*file))
            .map(|source| (package_path(&source.path, self.contracts_folder), source.text.to_string()))
            .collect();
        let paths: Vec<String> = contracts.iter().map(|(path, _)| escape::path::url(path)).collect();
        let map = json!({ "version": 3, "file": name, "sources": paths, "names": [], "mappings": self.mappings });
        // Two files can only share a path where one lies outside of the contracts folder.
        let contracts: BTreeMap<String, String> = contracts.into_iter().collect();
        Mapped { text: self.text, map: format!("{map}\n"), contracts: contracts.into_iter().collect() }
    }
}

/// The folder that the paths of sources start with, as they are shown: found from an event, which knows its path below.
fn contracts_folder<'a>(catalog: &Catalog, sources: &'a Sources) -> &'a str {
    let folder = |event: &growset_model::Event| {
        let source = sources.file(event.place.file()?)?;
        source.path.strip_suffix(event.source.as_str())
    };
    catalog.events.values().find_map(folder).unwrap_or_default()
}

fn package_path(shown: &str, contracts_folder: &str) -> String {
    let below = shown.strip_prefix(contracts_folder).unwrap_or(shown);
    format!("contracts/{}", escape::path::file(below))
}

fn utf16_column(text: &str, offset: usize) -> usize {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or_default();
    utf16_len(before.rsplit('\n').next().unwrap_or_default())
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn push_difference(mappings: &mut String, next: usize, last: usize) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Base64 VLQ: the lowest bit is the sign, each digit holds five bits, its sixth says that more follow.
    let mut rest = if next >= last { (next - last) << 1 } else { ((last - next) << 1) | 1 };
    loop {
        let digit = (rest & 31) | if rest > 31 { 32 } else { 0 };
        mappings.push(char::from(DIGITS[digit]));
        rest >>= 5;
        if rest == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_where_they_are_spelled() {
        let mut sources = Sources::default();
        let file = sources.add("x/contracts/a.yaml", "doc: 🦀\n\u{1F980} name: b\n");
        let catalog = Catalog::default();
        let mut text = MappedText::new(&catalog, &sources);
        text.push("// x\n  ");
        text.push_named("name", Place::new(file, 15..19));
        text.push(" nowhere ");
        text.push_named("more", Place::NOWHERE);
        text.push("\n");
        let mapped = text.finish("index.d.ts");
        assert_eq!(mapped.text, "// x\n  name nowhere more\n//# sourceMappingURL=index.d.ts.map\n");
        // Column 2 to line 1, column 3 (the crab counts two); column 6 to column 7.
        assert!(mapped.map.contains(r#""mappings":";EACG,IAAI;""#), "{}", mapped.map);
        assert_eq!(mapped.contracts[0].0, "contracts/x/contracts/a.yaml");
    }
}
