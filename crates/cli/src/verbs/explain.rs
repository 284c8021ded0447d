//! `growset explain`

use growset_model::Rule;

use crate::check::all_rules;
use crate::console::Console;
use crate::exit::Exit;
use crate::pages;
use crate::report::REPORT_SCHEMA;

/// How alike two ids have to be for one to be suggested for the other (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// What is explained beside rules: the JSON Schema of `check --format json`.
const SCHEMA_OF_REPORTS: &str = "report-schema";

/// Prints the page of one rule, or one line for each.
pub(crate) fn run(rule: Option<&str>, console: &mut Console) -> Exit {
    let rules = all_rules();
    let Some(id) = rule else {
        list(&rules, console);
        return Exit::Clean;
    };
    // Reports show ids in brackets, and people copy them so.
    let id = id.trim_matches(['[', ']']);
    if id == SCHEMA_OF_REPORTS {
        console.write(REPORT_SCHEMA);
        return Exit::Clean;
    }
    if let Some(page) = pages::of_rule(id) {
        console.write(page);
        return Exit::Clean;
    }
    if let Some(rule) = rules.iter().find(|rule| rule.id == id) {
        console.say(&format!("# {}\n\n{}", rule.id, rule.summary));
        return Exit::Clean;
    }
    let nearest = rules
        .iter()
        .map(|rule| (strsim::jaro_winkler(rule.id, id), rule.id))
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .filter(|(alike, _)| *alike >= ALIKE);
    match nearest {
        Some((_, nearest)) => console.remark(&format!("error: no rule `{id}`; did you mean `{nearest}`?")),
        None => console.remark(&format!("error: no rule `{id}`; `growset explain` lists every rule")),
    }
    Exit::Usage
}

fn list(rules: &[&Rule], console: &mut Console) {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        console.say(&format!("{:width$}  {:7}  {}", rule.id, rule.severity.as_str(), rule.summary));
    }
    console.say(&format!("\n{} rules; `growset explain <rule>` prints the page of one", rules.len()));
}
