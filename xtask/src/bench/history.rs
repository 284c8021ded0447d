//! A catalog of any size with a past, for benchmarks: the same bytes for the same number of contracts.
//!
//! Every contract has five released revisions, each of which grew from the one before, and twenty fields today. Of a
//! hundred contracts two grew once more since the last release, and one breaks it, in one of five ways.

use std::fmt::Write as _;

/// Released revisions of every contract.
pub(super) const REVISIONS: usize = 5;

/// Contracts that share one file of types, as one team would.
pub(super) const CONTRACTS_PER_TEAM: usize = 25;

pub(super) const SETTINGS: &str = "growset: 1
title: Synthetic events
schema_base: https://events.example.com/schemas
npm: { name: \"@example/synthetic\" }
rust: { name: synthetic-events }
policy: { whole-object: allow, missing-example: allow }
";

/// How today's contract differs from its last revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    None,
    OptionalField,
    RequiredField,
    RemovedField,
    RetypedField,
    LooserBound,
    TighterLength,
}

/// What happened to a contract since its last release.
pub(super) fn difference(contract: usize) -> Difference {
    const BREAKS: [Difference; 5] = [
        Difference::RequiredField,
        Difference::RemovedField,
        Difference::RetypedField,
        Difference::LooserBound,
        Difference::TighterLength,
    ];
    match contract % 100 {
        17 | 67 => Difference::OptionalField,
        42 => BREAKS[contract / 100 % BREAKS.len()],
        _ => Difference::None,
    }
}

pub(super) fn event_name(contract: usize) -> String {
    format!("team{}.thing{contract}.changed", team(contract))
}

pub(super) fn team(contract: usize) -> usize {
    contract / CONTRACTS_PER_TEAM
}

/// The types of a team, the same in every revision.
pub(super) fn shared_types(team: usize) -> String {
    format!(
        r#"types:
  Team{team}Id: {{ type: string, pattern: "^t{team}_[a-z0-9]+$", max_length: 40, doc: Identifies a thing. }}
  Team{team}Money:
    doc: An amount in minor units.
    fields:
      amount: {{ type: integer, min: 0, doc: Minor units. }}
      currency: {{ type: string, pattern: "^[A-Z]{{3}}$", doc: ISO 4217 code. }}
  Team{team}Status:
    doc: Where a thing stands.
    enum: {{ created: New., active: In work., on_hold: Waits., closed: Done. }}
"#
    )
}

/// A contract as one release had it; `None` is today.
pub(super) fn contract(number: usize, revision: Option<usize>) -> String {
    let difference = if revision.is_none() { difference(number) } else { Difference::None };
    let team = team(number);
    let quantity = if difference == Difference::RetypedField { "string" } else { "integer, min: 0, max: 100000" };
    let title = if difference == Difference::TighterLength { 100 } else { 200 };
    let ratio = if difference == Difference::LooserBound { 2 } else { 1 };
    let mut text = format!(
        r#"event: {}
owner: team{team}
audience: org
doc: Thing {number} of team {team} changed, and whoever shows it has to show it anew.
fields:
  thingId: Team{team}Id
  status: {{ type: Team{team}Status, doc: Status after the change. }}
  previous: {{ type: nullable<Team{team}Status>, doc: Status before the change. }}
  title: {{ type: string, min_length: 1, max_length: {title}, doc: Shown as the heading. }}
  price: {{ type: Team{team}Money, doc: What it costs. }}
  quantity: {{ type: {quantity}, doc: How many there are. }}
  changedAt: {{ type: timestamp, doc: When it happened. }}
  tags: {{ list: {{ type: string, max_length: 40 }}, max_items: 20, doc: Words to search by. }}
  address:
    doc: Where it is.
    fields: {{ street: {{ type: string, doc: Street. }}, city: {{ type: string, doc: City. }} }}
    optional: {{ postcode: {{ type: nullable<string>, doc: Where the country has one. }} }}
  cause:
    doc: Why it changed.
    union: kind
    cases:
      user: {{ doc: Somebody did it., fields: {{ userId: {{ type: uuid, doc: Who did it. }} }} }}
      system: {{ doc: A job did it., fields: {{ job: {{ type: string, doc: Name of the job. }} }} }}
"#,
        event_name(number)
    );
    if difference == Difference::RequiredField {
        text.push_str("  region: { type: string, doc: Where it counts. }\n");
    }
    text.push_str("optional:\n");
    if difference != Difference::RemovedField {
        text.push_str("  note: { type: string, max_length: 500, doc: A remark. }\n");
    }
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        r#"  labels: {{ type: map<string>, doc: Free labels. }}
  ratio: {{ type: number, min: 0, max: {ratio}, doc: Share of the work that is done. }}
  archived: {{ type: boolean, doc: Whether it left the list. }}
  weight: {{ type: number, min: 0, doc: In kilograms. }}
  shelf: {{ type: string, max_length: 10, doc: Where it lies. }}
"#
    );
    let grown = revision.unwrap_or(REVISIONS - 1) + usize::from(difference == Difference::OptionalField);
    for index in 1..=grown {
        let _ = writeln!(text, "  grown{index}: {{ type: string, max_length: 60, doc: Came with release {index}. }}");
    }
    text
}

/// The message of Protocol Buffers that says nearly the same, for a peer that compares those.
pub(super) fn message(number: usize, revision: Option<usize>) -> String {
    let difference = if revision.is_none() { difference(number) } else { Difference::None };
    let mut text = format!("message Thing{number}Changed {{\n");
    let quantity = if difference == Difference::RetypedField { "string" } else { "int64" };
    let _ = write!(
        text,
        "  string thing_id = 1;\n  Status status = 2;\n  optional Status previous = 3;\n  string title = 4;\n  \
         Money price = 5;\n  {quantity} quantity = 6;\n  string changed_at = 7;\n  repeated string tags = 8;\n  \
         Address address = 9;\n  oneof cause {{\n    string user_id = 10;\n    string job = 11;\n  }}\n  \
         map<string, string> labels = 13;\n  optional double ratio = 14;\n  optional bool archived = 15;\n  \
         optional double weight = 16;\n  optional string shelf = 17;\n"
    );
    // The other breaks are none in this language, so that here they all take the field away.
    if matches!(difference, Difference::None | Difference::OptionalField | Difference::RetypedField) {
        text.push_str("  optional string note = 12;\n");
    }
    let grown = revision.unwrap_or(REVISIONS - 1) + usize::from(difference == Difference::OptionalField);
    for index in 1..=grown {
        let _ = writeln!(text, "  optional string grown{index} = {};", 20 + index);
    }
    text.push_str("  message Address {\n    string street = 1;\n    string city = 2;\n    optional string postcode = 3;\n  }\n}\n");
    text
}

/// What stands above the messages of a team.
pub(super) fn message_head(team: usize) -> String {
    format!(
        "syntax = \"proto3\";\npackage synthetic.team{team}.v1;\n\nenum Status {{\n  STATUS_UNSPECIFIED = 0;\n  \
         STATUS_CREATED = 1;\n  STATUS_ACTIVE = 2;\n  STATUS_ON_HOLD = 3;\n  STATUS_CLOSED = 4;\n}}\n\n\
         message Money {{\n  int64 amount = 1;\n  string currency = 2;\n}}\n\n"
    )
}

/// So many unions with a case for each of them; the last case of the last one holds `payload`.
pub(super) fn circle(count: usize, payload: &str) -> (String, String) {
    let mut types = "types:\n".to_owned();
    for index in 0..count {
        let closed = if index % 2 == 0 { "\n    closed: true" } else { "" };
        let _ = writeln!(types, "  U{index}:\n    doc: One of many.\n    union: kind{closed}\n    cases:");
        for to in 0..count {
            let held = if (index, to) == (count - 1, count - 1) {
                format!("fields: {{ held: {payload} }}, ")
            } else {
                String::new()
            };
            let _ = writeln!(types, "      c{to}: {{ doc: One., {held}optional: {{ next: U{to} }} }}");
        }
    }
    let event = "event: tree.grown\nowner: trees\naudience: org\ndoc: A tree grew.\nfields:\n  root: U0\n";
    (event.to_owned(), types)
}
