//! For a comment on a pull request: what breaks with its witness folded below it, then what grew.

use growset_compat::growth::Class;
use growset_model::{Diagnostic, Severity, Sources};

use crate::check::Checked;
use crate::comparison::Waived;
use crate::report::{counted, summary};

/// More growth than this is counted, not listed.
const MOST_CHANGES: usize = 50;

/// The comment, with a line break at its end.
pub(super) fn render(checked: &Checked) -> String {
    let breaks = checked.count(Severity::Error);
    let heading = if breaks == 0 {
        "Contracts: nothing breaks".to_owned()
    } else {
        format!("Contracts: {}", counted(breaks, "problem"))
    };
    let mut report = format!("### {heading}\n\n");
    for diagnostic in &checked.diagnostics {
        report.push_str(&item(&checked.sources, diagnostic));
    }
    if let Some(growth) = &checked.growth {
        for Waived { finding, waiver, .. } in &growth.waived {
            report.push_str(&format!(
                "- waived until {} by {}: {} ({})\n",
                waiver.expires,
                text(&waiver.owner),
                text(&finding.message),
                text(&waiver.reason)
            ));
        }
        let grown: Vec<&str> = growth
            .report
            .changes
            .iter()
            .filter(|change| change.class == Class::Additive)
            .map(|change| change.message.as_str())
            .collect();
        if !grown.is_empty() && growth.revisions > 0 {
            report.push_str(&format!("\n<details><summary>{}</summary>\n\n", counted(grown.len(), "addition")));
            for message in grown.iter().take(MOST_CHANGES) {
                report.push_str(&format!("- {}\n", text(message)));
            }
            if grown.len() > MOST_CHANGES {
                report.push_str(&format!("- and {} more\n", grown.len() - MOST_CHANGES));
            }
            report.push_str("\n</details>\n");
        }
    }
    report.push_str(&format!("\n{}\n", text(&summary(checked))));
    report
}

fn item(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let at = sources.locate(diagnostic.place);
    let at = at.map_or_else(String::new, |at| format!(" ({}:{}:{})", text(&at.path), at.line, at.column));
    let mut item =
        format!("- **{}** `{}`: {}{at}\n", diagnostic.severity.as_str(), diagnostic.rule.id, text(&diagnostic.message));
    if !diagnostic.notes.is_empty() {
        item.push_str("  <details><summary>why</summary>\n\n");
        if !diagnostic.label.is_empty() {
            item.push_str(&format!("  {}\n\n", text(&diagnostic.label)));
        }
        for note in &diagnostic.notes {
            item.push_str(&format!("  - {}\n", text(note)));
        }
        item.push_str("\n  </details>\n\n");
    }
    for help in &diagnostic.help {
        item.push_str(&format!("  - {}\n", text(help)));
    }
    item
}

/// Text of a contract as text: no markup of its own, no mention, no link. Code in backticks stays code.
pub(crate) fn text(content: &str) -> String {
    let is_balanced = content.matches('`').count().is_multiple_of(2);
    let mut escaped = String::with_capacity(content.len());
    let mut is_code = false;
    for character in content.chars() {
        match character {
            '`' if is_balanced => {
                is_code = !is_code;
                escaped.push('`');
            }
            '\n' | '\r' => escaped.push(' '),
            _ if is_code => escaped.push(character),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character), // Means nothing to Markdown.
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_contract_is_no_markup() {
        assert_eq!(text("field `a_b` <img> @team [x](y)"), "field `a_b` &lt;img&gt; &#64;team \\[x\\](y)");
        assert_eq!(text("one ` alone"), "one \\` alone");
    }
}
