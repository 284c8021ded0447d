//! Carets that go to the value of a key: the model keeps the place of a type or field, not of each limit and default. What
//! is wrong is rare, so its file is read once more rather than every place kept.

use std::collections::BTreeMap;
use std::ops::Range;

use growset_model::{Diagnostic, FileId, Place, Sources};

use crate::tree::{Node, NodeKind};
use crate::yaml;

/// Moves the caret of each diagnostic that blames a key to the value of that key, where the text still spells it.
pub fn move_carets(sources: &Sources, diagnostics: &mut [Diagnostic]) {
    let mut trees: BTreeMap<FileId, Option<Node>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let (Some(key), Some(file)) = (diagnostic.key, diagnostic.place.file()) else { continue };
        let tree = trees.entry(file).or_insert_with(|| yaml::parse(file, &sources.file(file)?.text).root);
        let found = tree.as_ref().and_then(|root| value_of(root, key, &diagnostic.place.range()));
        diagnostic.place = found.unwrap_or(diagnostic.place);
    }
}

/// The value of `key` in the mapping that `place` speaks of: the one that it names, or else the innermost around it.
fn value_of(node: &Node, key: &str, place: &Range<usize>) -> Option<Place> {
    match &node.kind {
        NodeKind::Mapping(mapping) => {
            let own = || node.child(key).map(|value| value.place);
            for entry in &mapping.entries {
                if entry.key.place.range() == *place {
                    return entry.value.child(key).map(|value| value.place).or_else(own);
                }
                if is_around(&entry.value, place) {
                    return value_of(&entry.value, key, place).or_else(own);
                }
            }
            own()
        }
        NodeKind::List(list) => value_of(list.items.iter().find(|item| is_around(item, place))?, key, place),
        NodeKind::Scalar(_) | NodeKind::Refused => None,
    }
}

fn is_around(node: &Node, place: &Range<usize>) -> bool {
    let range = node.place.range();
    range.start <= place.start && place.end <= range.end
}
