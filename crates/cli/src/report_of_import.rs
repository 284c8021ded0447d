//! What came of an import, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};

use growset_import::{Done, Import, Loss};
use serde_json::json;

use crate::report::counted;
use crate::sources_of_import::Found;

/// More files that are not named like schemas are only counted.
const MOST_SHOWN: usize = 20;

/// A line for each loss; one for all places of a file where the same befell the same construct.
pub(crate) fn text(import: &Import, found: &Found) -> String {
    let mut lines: Vec<String> = import.refusals.iter().map(|refusal| format!("error: {refusal}")).collect();
    lines.extend(losses(import));
    for renamed in &import.renamed {
        lines.push(format!(
            "{}: {:?} is no name of an event, and becomes `{}`",
            renamed.source, renamed.from, renamed.to
        ));
    }
    lines.extend(found.passed_over.iter().map(|file| format!("{file}: passed over: is no {}", found.wanted)));
    for file in found.misnamed.iter().take(MOST_SHOWN) {
        lines.push(format!("{file}: passed over: is not named like a schema (.json, .jsonschema, .schema, .yaml); name the file itself to take it"));
    }
    if let Some(more) = found.misnamed.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        lines.push(format!("{} more passed over: not named like a schema", counted(more, "file")));
    }
    for (older, newest) in &import.superseded {
        lines.push(format!("{older}: an older revision of {newest}"));
    }
    let Tally { clean, noted, whole, refused, parts } = tally(import, found);
    let messages = if parts > 0 { format!(", and {}", counted(parts, "message")) } else { String::new() };
    lines.push(format!(
        "{}: {clean} without loss, {noted} with notes, {whole} with a part carried whole, {refused} refused{messages}",
        counted(found.documents.len() + refused_outright(import, found), "file")
    ));
    let (events, types) = (import.catalog.events.len(), import.catalog.types.len());
    lines.push(format!(
        "{}, {}, {}",
        counted(events, "event"),
        counted(types, "named type"),
        counted(import.superseded.len(), "older revision")
    ));
    lines.join("\n") + "\n"
}

/// Where, and how often there.
type Places<'a> = Vec<(&'a str, usize)>;

fn losses(import: &Import) -> Vec<String> {
    let mut alike: BTreeMap<(&str, Done, &str, &str), Places> = BTreeMap::new();
    for Loss { file, pointer, construct, done, note, count, .. } in &import.losses {
        alike.entry((file, *done, construct, note)).or_default().push((pointer, *count));
    }
    // In the order of their first places.
    let mut alike: Vec<_> = alike.into_iter().collect();
    alike.sort_by(|left, right| (left.0.0, &left.1[0], left.0).cmp(&(right.0.0, &right.1[0], right.0)));
    let mut lines = Vec::new();
    for ((file, done, construct, note), places) in alike {
        match places.as_slice() {
            [(pointer, count)] => {
                let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
                let gap = if pointer.is_empty() { "" } else { "#" };
                lines.push(format!("{file}{gap}{pointer}: {done}: `{construct}` {note}{times}"));
            }
            several => {
                lines.push(format!("{file}: {done}: `{construct}` {note}, in {} places:", several.len()));
                lines.extend(several.iter().map(|(pointer, _)| format!("    #{pointer}")));
            }
        }
    }
    lines
}

/// Refused files, and refused messages of files of which others came in.
pub(crate) fn left_out(import: &Import) -> String {
    let (files, parts) = refused(import);
    let counts = [(files.len(), "file"), (parts, "message")];
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| counted(*number, noun));
    counts.collect::<Vec<_>>().join(" and ")
}

/// Files of which nothing came in, and how much else was refused.
fn refused(import: &Import) -> (BTreeSet<&str>, usize) {
    let came: BTreeSet<&str> = import.documents.values().filter_map(|path| Some(path.split_once('#')?.0)).collect();
    let (parts, whole): (Vec<_>, Vec<_>) =
        import.refusals.iter().map(|refusal| refusal.file.as_str()).partition(|file| came.contains(file));
    (whole.into_iter().collect(), parts.len())
}

struct Tally {
    clean: usize,
    noted: usize,
    whole: usize,
    refused: usize,
    /// Of files of which others came in.
    parts: usize,
}

/// Each file counts once, by the heaviest of what befell it.
fn tally(import: &Import, found: &Found) -> Tally {
    let (refused, parts) = refused(import);
    let with = |wanted: fn(&Loss) -> bool| -> BTreeSet<&str> {
        let files = import.losses.iter().filter(|loss| wanted(loss)).map(|loss| loss.file.as_str());
        files.filter(|file| !refused.contains(file)).collect()
    };
    let whole = with(|loss| loss.done == Done::CarriedWhole);
    let noted = with(|_| true).difference(&whole).count();
    let total = found.documents.len() + refused_outright(import, found);
    let (whole, refused) = (whole.len(), refused.len());
    Tally { clean: total.saturating_sub(noted + whole + refused), noted, whole, refused, parts }
}

/// Files that did not even become documents.
fn refused_outright(import: &Import, found: &Found) -> usize {
    let documents: BTreeSet<&str> = found.documents.iter().map(|document| document.path.as_str()).collect();
    let refused: BTreeSet<&str> = import.refusals.iter().map(|refusal| refusal.file.as_str()).collect();
    refused.difference(&documents).count()
}

/// Every loss by itself.
pub(crate) fn json(import: &Import, found: &Found) -> serde_json::Value {
    let Tally { clean, noted, whole, refused, parts } = tally(import, found);
    let losses = import.losses.iter().map(|loss| {
        json!({
            "file": loss.file, "pointer": loss.pointer, "construct": loss.construct,
            "done": loss.done.as_str(), "note": loss.note, "count": loss.count,
        })
    });
    let losses = losses.collect::<Vec<_>>();
    let refusals = import
        .refusals
        .iter()
        .map(|refusal| json!({ "file": refusal.file, "pointer": refusal.pointer, "message": refusal.message }));
    let refusals = refusals.collect::<Vec<_>>();
    let renamed = import
        .renamed
        .iter()
        .map(|renamed| json!({ "source": renamed.source, "from": renamed.from, "to": renamed.to }));
    let renamed = renamed.collect::<Vec<_>>();
    let files = json!({
        "without_loss": clean, "with_notes": noted, "carried_whole": whole, "refused": refused, "refused_messages": parts,
    });
    json!({
        "events": import.catalog.events.len(),
        "types": import.catalog.types.len(),
        "files": files,
        "losses": losses,
        "refusals": refusals,
        "renamed": renamed,
        "superseded": import.superseded,
        "passed_over": found.passed_over.iter().chain(&found.misnamed).collect::<Vec<_>>(),
    })
}
