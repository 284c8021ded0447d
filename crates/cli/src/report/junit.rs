//! For test reports: JUnit XML, one test case per problem, one that is skipped per waiver in force, and one that passes where
//! there is no problem.

use growset_model::{Diagnostic, Severity, Sources};

use crate::check::Checked;
use crate::comparison::Waived;

/// The document, with a line break at its end.
pub(super) fn render(checked: &Checked) -> String {
    let failures = checked.count(Severity::Error);
    let waived: Vec<&Waived> = checked.growth.iter().flat_map(|growth| &growth.waived).collect();
    let tests = checked.diagnostics.len().max(1) + waived.len();
    let skipped = waived.len();
    let mut report = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"growset check\" tests=\"{tests}\" \
         failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">\n"
    );
    if checked.diagnostics.is_empty() {
        report.push_str("    <testcase classname=\"growset\" name=\"contracts\"/>\n");
    }
    for diagnostic in &checked.diagnostics {
        report.push_str(&case(&checked.sources, diagnostic));
    }
    for waived in waived {
        report.push_str(&skipped_case(&checked.sources, waived));
    }
    report.push_str("  </testsuite>\n</testsuites>\n");
    report
}

/// The name of what is broken, and where.
fn named(sources: &Sources, diagnostic: &Diagnostic) -> (String, String) {
    let at = sources.locate(diagnostic.place);
    let shown = at.map_or_else(String::new, |at| format!(" at {}:{}:{}", at.path, at.line, at.column));
    (xml(&format!("{}{shown}", diagnostic.rule.id)), shown)
}

fn skipped_case(sources: &Sources, Waived { waiver, diagnostic, .. }: &Waived) -> String {
    let (name, _) = named(sources, diagnostic);
    let why = xml(&format!(
        "waived until {} by {}: {} ({})",
        waiver.expires, waiver.owner, diagnostic.message, waiver.reason
    ));
    format!("    <testcase classname=\"growset\" name=\"{name}\"><skipped>{why}</skipped></testcase>\n")
}

fn case(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let (name, shown) = named(sources, diagnostic);
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let body: String = notes.chain(help).collect();
    let body = xml(&format!("{}{shown}{body}", diagnostic.message));
    let inside = match diagnostic.severity {
        Severity::Error => {
            format!(
                "<failure type=\"{}\" message=\"{}\">{body}</failure>",
                diagnostic.rule.id,
                xml(&diagnostic.message)
            )
        }
        Severity::Warning | Severity::Note => {
            format!("<system-out>{}: {body}</system-out>", diagnostic.severity.as_str())
        }
    };
    format!("    <testcase classname=\"growset\" name=\"{name}\">{inside}</testcase>\n")
}

/// Text as XML 1.0 takes it; what it takes in no form is shown as U+FFFD.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' | '\r' => escaped.push_str(&format!("&#{};", u32::from(character))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character), // Every other character is itself (XML 1.0, Char).
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_contract_stays_text() {
        assert_eq!(xml("</failure>\u{1}&\"\n"), "&lt;/failure&gt;\u{fffd}&amp;&quot;&#10;");
    }
}
