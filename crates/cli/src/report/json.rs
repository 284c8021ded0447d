//! For programs: one document with a stable shape. The guide "Formats of reports" describes it; a change of meaning
//! raises `format`, a new key does not.

use growset_model::{Diagnostic, Edit, Fix, Label, Place, Severity, Sources};
use serde_json::{Value, json};

use crate::check::Checked;
use crate::report::growth;

/// The JSON Schema of the document: `growset explain report-schema`.
pub(crate) const SCHEMA: &str = include_str!("report.schema.json");

/// Raised when a key changes its meaning or goes.
const FORMAT: u32 = 1;

/// The document, with a line break at its end.
pub(super) fn render(checked: &Checked) -> String {
    let sources = &checked.sources;
    let diagnostics: Vec<Value> = checked.diagnostics.iter().map(|found| diagnostic(sources, found)).collect();
    let document = json!({
        "format": FORMAT,
        "summary": {
            "events": checked.catalog.events.len(),
            "types": checked.catalog.types.len(),
            "errors": checked.count(Severity::Error),
            "warnings": checked.count(Severity::Warning),
            "notes": checked.count(Severity::Note),
        },
        "diagnostics": diagnostics,
        "growth": checked.growth.as_ref().map(|found| growth::json(sources, found)),
    });
    growset_codegen::escape::json::file(&document)
}

fn diagnostic(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    json!({
        "rule": diagnostic.rule.id,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "label": diagnostic.label,
        "place": place(sources, diagnostic.place),
        "related": diagnostic.related.iter().map(|label| related(sources, label)).collect::<Vec<_>>(),
        "notes": diagnostic.notes,
        "help": diagnostic.help,
        "fixes": diagnostic.fixes.iter().map(|found| fix(sources, found)).collect::<Vec<_>>(),
    })
}

fn related(sources: &Sources, label: &Label) -> Value {
    json!({ "place": place(sources, label.place), "text": label.text })
}

fn fix(sources: &Sources, fix: &Fix) -> Value {
    let edit = |edit: &Edit| json!({ "place": place(sources, edit.place), "text": edit.text });
    json!({
        "title": fix.title,
        "certain": fix.certain,
        "edits": fix.edits.iter().map(edit).collect::<Vec<_>>(),
    })
}

/// Lines and columns from one, columns in code points; `offset` in bytes from zero; `end` is one past the last.
pub(super) fn place(sources: &Sources, place: Place) -> Value {
    let (Some(start), Some(end)) = (sources.locate(place), sources.locate_end(place)) else {
        return Value::Null;
    };
    let range = place.range();
    json!({
        "file": start.path,
        "start": { "line": start.line, "column": start.column, "offset": range.start },
        "end": { "line": end.line, "column": end.column, "offset": range.end },
    })
}
