//! What a new rule starts from. The pages lack their examples and the fixtures their mistake, so that no test passes
//! before somebody has written them.

use super::Kind;

/// The rule's own file.
pub(super) fn rule(id: &str, kind: Kind) -> String {
    match kind {
        Kind::Growth => format!(
            r#"//! Whom it breaks, and why, in one sentence.

use growset_model::{{Rule, Severity}};

use crate::growth::promise::Promise;
use crate::growth::verdict::{{Proof, Verdict}};

pub(crate) static RULE: Rule = Rule {{
    id: "{id}",
    severity: Severity::Error,
    summary: "what a released event did",
    lint: false,
}};

pub(crate) fn judge(at: &str) -> Verdict {{
    Verdict::breaking(&RULE, &[Promise::OpenPages], Proof::Witness, format!("what happened to {{at}}"))
        .because("what goes wrong for whom")
        .help("what to do instead")
}}
"#
        ),
        Kind::Lint => format!(
            r#"//! What is wrong, in one sentence.

use growset_model::{{Diagnostic, Rule, Severity}};

use crate::context::Context;

pub(crate) const RULE: Rule =
    Rule {{ id: "{id}", severity: Severity::Warning, summary: "what a contract does", lint: true }};

/// Each finding is a `Diagnostic::new(&RULE, place, message)` whose message says what, where and the way out.
pub(crate) fn check(_context: &Context, _diagnostics: &mut Vec<Diagnostic>) {{}}
"#
        ),
    }
}

/// The rule's page.
pub(super) fn page(id: &str, kind: Kind) -> String {
    let released = if kind == Kind::Growth { "Released:\n\n" } else { "" };
    format!("# {id}\n\nWhat it is, and why it is wrong.\n\n{released}Wrong:\n\nRight:\n\nThe way out: what to do.\n")
}

/// The files of the rule's first fixture.
pub(super) fn fixture(kind: Kind) -> Vec<(&'static str, String)> {
    match kind {
        Kind::Growth => {
            let contract = "event: order.created\nowner: orders\naudience: org\ndoc: A buyer placed an order.\nfields:\n  orderId: string\n";
            vec![
                ("first/old/order.created.yaml", contract.to_owned()),
                ("first/new/order.created.yaml", contract.to_owned()),
            ]
        }
        Kind::Lint => vec![
            ("contracts/growset.yaml", settings().to_owned()),
            (
                "contracts/order.rated.yaml",
                "event: order.rated\nowner: orders\naudience: org\ndoc: A buyer rated an order.\nfields:\n  stars: { type: integer, doc: Five is best. }\nexamples:\n  - { stars: 4 }\n".to_owned(),
            ),
        ],
    }
}

pub(super) fn settings() -> &'static str {
    "growset: 1\ntitle: Fixture\nschema_base: https://events.example.com/schemas\nnpm: { name: \"@example/events\" }\nrust: { name: example-events }\n"
}
