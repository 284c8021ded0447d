//! What is said of contracts written as in another language: a way out that does work here.

use std::fmt::Write;

use growset_syntax::apply_fixes;

use crate::show::{SETTINGS, input, read, report};

/// The lines under `fields:`, or further keys.
const HABITS: &[(&str, &str)] = &[
    ("required on a field", "  status: { type: string, required: true }"),
    ("optional on a field", "  status: { type: string, optional: true }"),
    ("a union of types", "  what: { oneOf: [A, B] }"),
    ("a list by its items", "  tags: { type: list, items: string }"),
    ("items alone", "  tags: { items: string }"),
    ("an array", "  tags: array"),
    ("an array of strings", "  tags: array<string>"),
    ("a type in brackets", "  tags: [string]"),
    ("an enum beside a type", "  side: { type: string, enum: { buy: , sell: } }"),
    ("values of another shape", "  side: { values: buy }"),
    ("deprecated by a flag", "  old: { type: string, deprecated: true }"),
    ("a map with keys", "  names: map<string, list<string>>"),
    ("a type or null", "  note: string | null"),
    ("null inside a list", "  notes: list<null | string>"),
    ("one type or another", "  what: string | integer"),
    ("a list of nothing", "  tags: list<>"),
    ("an empty type", "  tag: \"\""),
    ("no type", "  tag: ~"),
    ("no type in a mapping", "  tag: { type: ~ }"),
    ("a length beyond everything", "  tag: { type: string, min_length: 99999999999999999999 }"),
    ("a bound beyond everything", "  tag: { type: integer, min: 99999999999999999999 }"),
    ("a key twice", "  tag: string\nretain: { latest_by: [tag, tag] }"),
    ("deprecated by yes", "  old: { type: string, deprecated: yes }"),
];

#[test]
fn habits_from_elsewhere_get_a_way_out_that_works() {
    let mut reports = String::new();
    for (what, line) in HABITS {
        let text = format!("event: a.b\naudience: org\nfields:\n{line}\n");
        let _ = writeln!(reports, "# {what}: {}\n{}", line.trim(), report(&read(&[("a.b.yaml", &text)])));
    }
    insta::assert_snapshot!(reports);
}

#[test]
fn a_flag_never_becomes_the_reason_of_a_deprecation() {
    for flag in ["true", "yes", "1"] {
        let reading = read(&[("a.b.yaml", &format!("event: a.b\naudience: org\nfields: {{}}\ndeprecated: {flag}\n"))]);
        assert!(report(&reading).contains("`deprecated` takes a reason"), "{}", report(&reading));
        assert!(apply_fixes(&reading.sources, &reading.diagnostics).is_empty(), "{flag}");
    }
}

#[test]
fn an_unknown_audience_is_answered_with_those_there_are() {
    let reading = read(&[("a.b.yaml", "event: a.b\naudience: team\nfields: {}\n")]);
    insta::assert_snapshot!(report(&reading));
}

#[test]
fn a_version_that_no_integer_holds_is_a_version_all_the_same() {
    let settings = SETTINGS.replace("growset: 1", "growset: 99999999999999999999");
    insta::assert_snapshot!(report(&read(&[("growset.yaml", &settings)])));
}

#[test]
fn a_name_that_is_let_in_and_that_no_event_bears_is_mentioned() {
    let settings = format!("{SETTINGS}names: {{ any: [order_update, order_updaet] }}\n");
    let event = "event: order_update\naudience: org\nfields: {}\n";
    let reading = read(&[("growset.yaml", &settings), ("order_update.yaml", event)]);
    insta::assert_snapshot!(report(&reading));
}

#[test]
fn a_character_that_no_text_holds_is_named() {
    let reading = read(&[("a.b.yaml", "event: a.b\0\n")]);
    assert!(report(&reading).contains("U+0000 is a character that no text holds; remove it"), "{}", report(&reading));
}

#[test]
fn no_size_is_told_of_a_file_that_was_not_read_to_its_end() {
    let reading = growset_syntax::read(vec![
        input("growset.yaml", SETTINGS.as_bytes()),
        input("a.b.yaml", &[b'a'; (1 << 20) + 1]),
    ]);
    let report = report(&reading);
    assert!(report.contains("larger than a contract may be (1048576 bytes)"), "{report}");
    assert!(!report.contains("1048577"), "{report}");
}

#[test]
fn names_that_cannot_be_packages_are_refused_with_the_true_reason() {
    let mut reports = String::new();
    for (old, new) in [
        ("\"@example/events\"", "\"node_modules\""),
        ("\"@example/events\"", "\"@types/../x\""),
        ("\"@example/events\"", "\"@Example/events\""),
        ("name: example-events", "name: self"),
        ("name: example-events", "name: std"),
        ("name: example-events", "name: growset-event"),
        ("title: Test events", "title: ''"),
    ] {
        let _ = writeln!(reports, "# {new}\n{}", report(&read(&[("growset.yaml", &SETTINGS.replace(old, new))])));
    }
    insta::assert_snapshot!(reports);
}
