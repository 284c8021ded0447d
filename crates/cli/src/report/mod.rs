//! Prints diagnostics in the format that was asked for.

mod text;

mod json;

mod github;

mod growth;

mod sarif;

mod junit;

pub(crate) mod markdown;

use growset_model::Severity;

use crate::check::Checked;

pub(crate) use json::SCHEMA as REPORT_SCHEMA;
pub(crate) use text::summary;

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: each problem with its line, and the way out.
    #[default]
    Text,
    /// For programs: one JSON document, described in the guide "Formats of reports".
    Json,
    /// For GitHub Actions: annotations in the pull request.
    Github,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For test reports: JUnit XML.
    Junit,
    /// For a comment on a pull request.
    Markdown,
}

/// The whole report, with a line break at its end.
pub(crate) fn render(format: Format, checked: &Checked, styled: bool) -> String {
    match format {
        Format::Text => text::render(checked, styled),
        Format::Json => json::render(checked),
        Format::Github => github::render(checked),
        Format::Sarif => sarif::render(checked),
        Format::Junit => junit::render(checked),
        Format::Markdown => markdown::render(checked),
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `2 errors, 1 warning`; nothing for weights that do not occur.
fn weights(checked: &Checked) -> Vec<String> {
    [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| {
            let number = checked.count(severity);
            (number > 0).then(|| counted(number, severity.as_str()))
        })
        .collect()
}
