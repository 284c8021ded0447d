//! For GitHub Actions: one workflow command per problem, which becomes an annotation at its line, then the summary.

use growset_model::{Diagnostic, Severity, Sources};

use crate::check::Checked;
use crate::report::{growth, summary};

/// The commands, then the summary as a plain line.
pub(super) fn render(checked: &Checked) -> String {
    let mut report = String::new();
    for diagnostic in &checked.diagnostics {
        report.push_str(&command(&checked.sources, diagnostic));
        report.push('\n');
    }
    report.push_str(&summary(checked));
    report.push('\n');
    if let Some(growth) = &checked.growth {
        report.push_str(&growth::lines(growth));
    }
    report
}

fn command(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let (Some(start), Some(end)) = (sources.locate(diagnostic.place), sources.locate_end(diagnostic.place)) {
        properties.push(format!("file={}", property(&start.path)));
        properties.push(format!("line={}", start.line));
        properties.push(format!("endLine={}", end.line));
        // Columns are taken only where both ends are on one line.
        if start.line == end.line {
            properties.push(format!("col={}", start.column));
            properties.push(format!("endColumn={}", end.column));
        }
    }
    properties.push(format!("title={}", property(diagnostic.rule.id)));
    let mut message = diagnostic.message.clone();
    for note in &diagnostic.notes {
        message.push_str("\nnote: ");
        message.push_str(note);
    }
    let ways_out = diagnostic.help.iter().chain(diagnostic.fixes.iter().map(|fix| &fix.title));
    for help in ways_out {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!("::{level} {}::{}", properties.join(","), data(&message))
}

/// As the runner unescapes a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As the runner unescapes a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_contract_cannot_start_a_second_command() {
        assert_eq!(data("100%\n::set-env name=x::y\r"), "100%25%0A::set-env name=x::y%0D");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
