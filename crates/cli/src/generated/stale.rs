//! Shows how the generated folder differs from what the contracts say, as a unified diff that stays readable.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::time::Duration;

use similar::{Algorithm, TextDiff};

use crate::generated::Plan;
use crate::report::counted;
use crate::walk::plain;

/// Lines of one file's diff; a file that is new or gone is only named.
const MOST_LINES_OF_A_FILE: usize = 40;

/// Lines of all diffs together.
const MOST_LINES: usize = 400;

/// A diff of two large files that differ everywhere is cut short rather than awaited.
const LONGEST_DIFF: Duration = Duration::from_millis(500);

/// The diff, then one line that says what to do.
pub(crate) fn diff(folder: &Path, shown_folder: &str, plan: &Plan) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut files = 0;
    for target in &plan.targets {
        for artifact in &target.written {
            files += 1;
            let shown = format!("{shown_folder}/{}", artifact.path);
            match std::fs::read(folder.join(&artifact.path)) {
                Err(cause) if is_absent(&cause) => lines.push(format!("missing: {shown}")),
                Err(cause) => lines.push(format!("unreadable: {shown}: {}", plain(&cause))),
                Ok(_) if lines.len() > MOST_LINES => lines.push(format!("stale: {shown}")),
                Ok(bytes) => {
                    lines.extend(abbreviated(&unified(&shown, &String::from_utf8_lossy(&bytes), &artifact.text)));
                }
            }
        }
        for path in &target.removed {
            files += 1;
            lines.push(format!("unclaimed: {shown_folder}/{}", path.display()));
        }
    }
    lines.push(format!("{} stale in {shown_folder}/; run `growset generate`", counted(files, "file")));
    lines.join("\n")
}

/// Nothing of that name is there, or a file where a folder should be.
fn is_absent(cause: &Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unified(shown: &str, old: &str, new: &str) -> String {
    TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .timeout(LONGEST_DIFF)
        .diff_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .header(shown, &format!("{shown} (as the contracts say)"))
        .to_string()
}

fn abbreviated(diff: &str) -> Vec<String> {
    let all: Vec<&str> = diff.lines().collect();
    let mut shown: Vec<String> = all.iter().take(MOST_LINES_OF_A_FILE).map(|line| (*line).to_owned()).collect();
    if all.len() > MOST_LINES_OF_A_FILE {
        shown.push(format!("… {}", counted(all.len() - MOST_LINES_OF_A_FILE, "more line")));
    }
    shown
}
