//! Certain fixes applied as text edits, so that comments and everything else around them survive.

use std::collections::BTreeMap;

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
    let range = edit.place.range();
    sources.text(edit.place).is_some()
        && accepted.get(&file).into_iter().flatten().all(|other| {
            let other = other.place.range();
            range.end < other.start
                || other.end < range.start
                || (range.end == other.start && !range.is_empty() && !other.is_empty())
                || (other.end == range.start && !range.is_empty() && !other.is_empty())
        })
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
