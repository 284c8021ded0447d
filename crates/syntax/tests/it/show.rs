//! Inputs from texts, and diagnostics as plain text for snapshots.

use std::fmt::Write;
use std::path::Path;

use growset_model::{Diagnostic, Place, Sources};
use growset_syntax::{Input, Reading};

/// A `growset.yaml` with nothing wrong in it.
pub(crate) const SETTINGS: &str = "growset: 1
title: Test events
schema_base: https://events.example.com/schemas
npm: { name: \"@example/events\" }
rust: { name: example-events }
";

/// Reads texts by path, with a good `growset.yaml` unless there is one among them.
pub(crate) fn read(files: &[(&str, &str)]) -> Reading {
    let settings = ("growset.yaml", SETTINGS);
    let given = files.iter().any(|(path, _)| *path == settings.0);
    let files = files.iter().copied().chain((!given).then_some(settings));
    growset_syntax::read(files.map(|(path, text)| input(path, text.as_bytes())).collect())
}

/// One input shown by its own path.
pub(crate) fn input(path: &str, bytes: &[u8]) -> Input {
    Input { path: path.to_owned(), shown: format!("contracts/{path}"), bytes: bytes.to_vec() }
}

/// Every diagnostic: severity, rule, message; each place as line, column and the text that it covers.
pub(crate) fn report(reading: &Reading) -> String {
    let mut text = String::new();
    for diagnostic in &reading.diagnostics {
        show(&mut text, &reading.sources, diagnostic);
    }
    text
}

fn show(text: &mut String, sources: &Sources, diagnostic: &Diagnostic) {
    let _ = writeln!(text, "{}[{}]: {}", diagnostic.severity.as_str(), diagnostic.rule.id, diagnostic.message);
    let _ = writeln!(text, "  --> {} {}", place(sources, diagnostic.place), diagnostic.label);
    for label in &diagnostic.related {
        let _ = writeln!(text, "  ::: {} {}", place(sources, label.place), label.text);
    }
    for help in &diagnostic.help {
        let _ = writeln!(text, "  help: {help}");
    }
    for fix in &diagnostic.fixes {
        let kind = if fix.certain { "fix" } else { "maybe" };
        let edits: Vec<String> =
            fix.edits.iter().map(|edit| format!("{} => {:?}", place(sources, edit.place), edit.text)).collect();
        let _ = writeln!(text, "  {kind}: {}: {}", fix.title, edits.join(", "));
    }
}

fn place(sources: &Sources, place: Place) -> String {
    let Some(location) = sources.locate(place) else { return "nowhere".to_owned() };
    let covered = sources.text(place).unwrap_or("OUTSIDE");
    format!("{}:{}:{} {covered:?}", location.path, location.line, location.column)
}

/// Every YAML file below a folder.
pub(crate) fn folder(root: &Path) -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is in the repository") {
            let path = entry.expect("is readable").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml")
                && let Ok(bytes) = std::fs::read(&path)
            {
                let below = path.strip_prefix(root).expect("is below").to_string_lossy().replace('\\', "/");
                inputs.push(input(&below, &bytes));
            }
        }
    }
    inputs
}
