//! For code scanning: SARIF 2.1.0 (OASIS standard).

use std::collections::BTreeMap;

use growset_model::{Diagnostic, Edit, Fix, Label, Place, Rule, Severity, Sources};
use serde_json::{Value, json};

use crate::check::Checked;
use crate::comparison::Waived;

/// The log, with a line break at its end.
pub(super) fn render(checked: &Checked) -> String {
    let waived = || checked.growth.iter().flat_map(|growth| &growth.waived);
    let all = checked.diagnostics.iter().chain(waived().map(|waived| &waived.diagnostic));
    let rules: BTreeMap<&str, &Rule> = all.map(|found| (found.rule.id, found.rule)).collect();
    let results = checked.diagnostics.iter().map(|found| result(&checked.sources, &rules, found));
    let suppressed = waived().map(|Waived { waiver, diagnostic, .. }| {
        let mut result = result(&checked.sources, &rules, diagnostic);
        // `external`: the waiver stands in a file of its own, not in what is at fault (SARIF 2.1.0, 3.35.2).
        let why = format!("{} (by {}, until {})", waiver.reason, waiver.owner, waiver.expires);
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
        result
    });
    let results: Vec<Value> = results.chain(suppressed).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "growset",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    growset_codegen::escape::json::file(&log)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "help": { "text": format!("`growset explain {}` says more.", rule.id) },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(sources: &Sources, rules: &BTreeMap<&str, &Rule>, diagnostic: &Diagnostic) -> Value {
    let index = rules.keys().position(|id| *id == diagnostic.rule.id);
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push_str("\nnote: ");
        text.push_str(note);
    }
    for help in &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut result = json!({
        "ruleId": diagnostic.rule.id,
        "ruleIndex": index,
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "locations": location(sources, diagnostic.place, None).into_iter().collect::<Vec<_>>(),
    });
    let related: Vec<Value> = diagnostic.related.iter().filter_map(|label| related(sources, label)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    let fixes: Vec<Value> = diagnostic.fixes.iter().filter_map(|found| fix(sources, found)).collect();
    if !fixes.is_empty() {
        result["fixes"] = Value::Array(fixes);
    }
    result
}

fn related(sources: &Sources, label: &Label) -> Option<Value> {
    location(sources, label.place, Some(&label.text))
}

fn location(sources: &Sources, place: Place, message: Option<&str>) -> Option<Value> {
    let path = sources.locate(place)?.path;
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(&path) }, "region": region(sources, place)? },
    });
    if let Some(text) = message {
        location["message"] = json!({ "text": text });
    }
    Some(location)
}

fn region(sources: &Sources, place: Place) -> Option<Value> {
    let (start, end) = (sources.locate(place)?, sources.locate_end(place)?);
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

/// A fix is one change per file, each with its replacements.
fn fix(sources: &Sources, fix: &Fix) -> Option<Value> {
    let mut by_file: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let path = sources.locate(edit.place)?.path;
        by_file.entry(path).or_default().push(replacement(sources, edit)?);
    }
    let changes: Vec<Value> = by_file
        .into_iter()
        .map(|(path, edits)| json!({ "artifactLocation": { "uri": uri(&path) }, "replacements": edits }))
        .collect();
    (!changes.is_empty()).then(|| json!({ "description": { "text": fix.title }, "artifactChanges": changes }))
}

fn replacement(sources: &Sources, edit: &Edit) -> Option<Value> {
    Some(json!({ "deletedRegion": region(sources, edit.place)?, "insertedContent": { "text": edit.text } }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a URI reference (RFC 3986): what is no unreserved character or slash is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
