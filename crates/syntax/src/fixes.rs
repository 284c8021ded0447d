//! Certain fixes applied as text edits, so that comments and everything else around them survive.

use std::collections::BTreeMap;
use std::ops::Range;

use growset_model::{Diagnostic, Edit, FileId, Sources};

/// The new texts of every file that a certain fix changes. Of fixes that touch the same text the first one is applied
/// whole and the others are left for the next run.
pub fn apply_fixes(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<(FileId, String)> {
    let mut accepted: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for diagnostic in diagnostics {
        // Several certain fixes of one diagnostic would be alternatives.
        let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.certain) else { continue };
        let fits = fix.edits.iter().all(|edit| fits(edit, sources, &accepted));
        if fits {
            for edit in &fix.edits {
                if let Some(file) = edit.place.file() {
                    accepted.entry(file).or_default().push(edit);
                }
            }
        }
    }
    accepted.into_iter().filter_map(|(file, edits)| Some((file, edited(&sources.file(file)?.text, edits)))).collect()
}

/// Whether an edit lies inside a text, on character boundaries, and touches nothing that is edited already.
fn fits(edit: &Edit, sources: &Sources, accepted: &BTreeMap<FileId, Vec<&Edit>>) -> bool {
    let Some(file) = edit.place.file() else { return false };
    let is_inside = sources.text(edit.place).is_some();
    is_inside
        && accepted.get(&file).into_iter().flatten().all(|other| are_apart(&edit.place.range(), &other.place.range()))
}

/// Two replacements may meet; an insertion beside anything else would leave the order of the two open.
fn are_apart(one: &Range<usize>, other: &Range<usize>) -> bool {
    let may_meet = !one.is_empty() && !other.is_empty();
    one.end < other.start || other.end < one.start || (may_meet && (one.end == other.start || other.end == one.start))
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.place.range().start, edit.place.range().end));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.place.range();
        result += text.get(done..range.start).unwrap_or("");
        result += &edit.text;
        done = range.end;
    }
    result + text.get(done..).unwrap_or("")
}
