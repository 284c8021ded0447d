//! `growset audit`
//!
//! Judges the history that a folder of schemas holds, as if every revision had been released.

use std::collections::BTreeMap;

use growset_compat::growth::{Class, Finding, Shown};
use growset_import::{Comparison, Difference, Document, NameRule, Options};
use growset_model::{Audience, EventName};
use serde_json::json;

use crate::arguments::{AuditOptions, ImportFormat};
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::judged_history::{self, Step, Unjudged};
use crate::report::counted;
use crate::sources_of_import;

/// Longer witnesses are cut: the first bytes show what is meant.
const LONGEST_WITNESS: usize = 200;

/// Prints a row for every step of every event, and what shows each break.
pub(crate) fn run(options: &AuditOptions, console: &mut Console) -> Result<Exit, CliError> {
    let name = options.sources.name.as_deref().map(NameRule::parse).transpose();
    let name = name.map_err(|error| CliError::Refused(error.to_string()))?;
    let found = sources_of_import::read(&options.sources.paths, Document::is_schema, console);
    let rules = Options { name, audience: Audience::Org, owner: None, draft: options.sources.draft };
    let releases = growset_import::history(&found.documents, &rules, &[]);
    let mut refusals = found.refusals;
    refusals.extend(releases.last().into_iter().flat_map(|newest| newest.refusals.iter().cloned()));
    let families = releases.last().map_or(0, |newest| newest.documents.len());
    let steps = judged_history::steps(&releases, &Comparison::new(&found.documents, rules.draft));
    match options.format {
        ImportFormat::Text => {
            refusals.iter().for_each(|refusal| console.say(&format!("error: {refusal}")));
            console.write(&text(&steps, families));
        }
        ImportFormat::Json => {
            let steps: Vec<_> = steps.iter().map(as_json).collect();
            let refusals: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            console.say(&format!("{:#}", json!({ "events": families, "steps": steps, "refusals": refusals })));
        }
    }
    if families == 0 {
        console.remark("nothing was audited: no event could be read");
        return Ok(Exit::Invalid);
    }
    let is_broken = steps.iter().any(|step| step.report.class() >= Class::Policy);
    let exit = if is_broken { Exit::Findings } else { Exit::Clean };
    Ok(if refusals.is_empty() { exit } else { exit.and(Exit::Invalid) })
}

fn text(steps: &[Step], families: usize) -> String {
    let revisions = |step: &Step| {
        let (from, to) = told_apart(&step.from, &step.to);
        format!("{from} → {to}")
    };
    let width = |of: &dyn Fn(&Step) -> String| steps.iter().map(|step| of(step).chars().count()).max().unwrap_or(0);
    let (names, spans) = (width(&|step| step.event.to_string()), width(&revisions));
    let mut lines = Vec::new();
    let mut last: Option<&EventName> = None;
    for step in steps {
        let name = if last == Some(&step.event) { String::new() } else { step.event.to_string() };
        last = Some(&step.event);
        let class = step.verdict();
        lines.push(
            format!("{name:names$}  {:spans$}  {class:9}  {}", revisions(step), summary(step)).trim_end().to_owned(),
        );
        for finding in step.report.findings.iter().filter(|finding| finding.class >= Class::Policy) {
            lines.extend(told(finding).into_iter().map(|line| format!("    {line}")));
        }
        lines.extend(step.unjudged.iter().map(|unjudged| format!("    differs in {}", unseen(unjudged))));
    }
    let mut verdicts: BTreeMap<(Class, &str), usize> = BTreeMap::new();
    steps.iter().for_each(|step| *verdicts.entry((step.report.class(), step.verdict())).or_default() += 1);
    let verdicts: Vec<String> = verdicts.iter().map(|((_, verdict), number)| format!("{number} {verdict}")).collect();
    let several: std::collections::BTreeSet<&EventName> = steps.iter().map(|step| &step.event).collect();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let colon = if verdicts.is_empty() { "" } else { ": " };
    lines.push(format!(
        "{}, {} with several revisions; {}{colon}{}",
        counted(families, "event"),
        several.len(),
        counted(steps.len(), "step"),
        verdicts.join(", ")
    ));
    lines.join("\n") + "\n"
}

/// What two paths differ in: `1-0-0` and `1-0-1` for files of one folder.
fn told_apart<'a>(from: &'a str, to: &'a str) -> (&'a str, &'a str) {
    let common = from.bytes().zip(to.bytes()).take_while(|(left, right)| left == right).count();
    let start = from.get(..common).and_then(|same| same.rfind('/')).map_or(0, |slash| slash + 1);
    (from.get(start..).unwrap_or(from), to.get(start..).unwrap_or(to))
}

fn summary(step: &Step) -> String {
    let report = &step.report;
    let additions = report.changes.iter().filter(|change| change.class == Class::Additive).count();
    let breaks = report.findings.iter().filter(|finding| finding.class >= Class::Policy).count();
    let parts = [(additions, "addition"), (breaks, "break")];
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| counted(*number, noun)).collect();
    parts.join(", ")
}

/// What no contract can say, and so no comparison of contracts sees.
fn unseen(Unjudged { difference, loss }: &Unjudged) -> String {
    let Difference { after, keyword, .. } = difference;
    let what = if keyword.is_empty() { "what is said".to_owned() } else { format!("`{keyword}`") };
    let gap = if after.pointer.is_empty() { "its root" } else { &after.pointer };
    match loss {
        Some(loss) => {
            format!("{what} at {gap}, which is not judged: {}: `{}` {}", loss.done, loss.construct, loss.note)
        }
        None => format!("{what} at {gap}, which changes nothing in a contract"),
    }
}

fn told(finding: &Finding) -> Vec<String> {
    let promises: Vec<&str> = finding.broken.keys().map(|promise| promise.as_str()).collect();
    let broken = if promises.is_empty() { String::new() } else { format!(" breaks {}", promises.join(", ")) };
    let mut lines = vec![format!("[{}]{broken}: {}", finding.rule.id, finding.message)];
    match &finding.proof {
        Shown::Witnesses(witnesses) => {
            lines.extend(witnesses.first().map(|witness| {
                format!("  {}: {} is refused: {}", witness.promise, cut(&witness.payload.to_string()), witness.refusal)
            }));
        }
        Shown::Sample(sample) => {
            lines.extend(sample.as_ref().map(|sample| format!("  such as {}", cut(&sample.to_string()))))
        }
        Shown::Unproven { reason } => lines.push(format!("  no payload shows it: {reason}")),
        Shown::Contradicted { says, .. } => lines.push(format!("  the judge says otherwise: {says}")),
    }
    lines
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_WITNESS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

fn as_json(step: &Step) -> serde_json::Value {
    json!({
        "event": step.event.as_str(),
        "from": step.from,
        "to": step.to,
        "verdict": step.verdict(),
        "unjudged": step.unjudged.iter().map(|unjudged| json!({
            "pointer": unjudged.difference.after.pointer, "before": unjudged.difference.before.pointer,
            "keyword": unjudged.difference.keyword, "loss": unjudged.loss.as_ref().map(|loss| loss.note.as_str()),
        })).collect::<Vec<_>>(),
        "findings": step.report.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "changes": step.report.changes.iter().map(|change| change.message.as_str()).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_called_by_what_tells_their_files_apart() {
        assert_eq!(told_apart("a/click/1-0-0", "a/click/1-0-1"), ("1-0-0", "1-0-1"));
        assert_eq!(told_apart("a/v1/é.json", "a/v2/é.json"), ("v1/é.json", "v2/é.json"));
        assert_eq!(told_apart("é.json", "è.json"), ("é.json", "è.json"));
    }
}
