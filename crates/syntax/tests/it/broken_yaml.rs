//! What is said of YAML that is torn: the mistake itself, where it stands, and a way out that mends it.

use std::fmt::Write;

use growset_syntax::apply_fixes;

use crate::show::{read, report};

/// The usual slips, each in a contract that is right but for it.
const SLIPS: &[(&str, &str)] = &[
    ("no space after the colon of the first line", "event:a.b\nowner: orders\naudience: org\nfields: {}\n"),
    ("no space after a colon further down", "event: a.b\nowner:orders\naudience: org\nfields: {}\n"),
    ("no space after the last colon", "event: a.b\naudience: org\nfields: {}\nowner:orders\n"),
    ("no colon after a field", "event: a.b\naudience: org\nfields:\n  orderId string\n  status: string\n"),
    (
        "no colon after the second field",
        "event: a.b\naudience: org\nfields:\n  id: string\n  orderId string\n  status: string\n",
    ),
    ("no colon after the last field", "event: a.b\naudience: org\nfields:\n  id: string\n  orderId string\n"),
    ("no colon after a section", "event: a.b\naudience: org\nfields\n  id: string\n"),
    ("one space too many", "event: a.b\naudience: org\nfields:\n  orderId: string\n   status: string\n"),
    ("one space too few", "event: a.b\naudience: org\nfields:\n  orderId: string\n status: string\n"),
    (
        "one space too many after a mapping",
        "event: a.b\naudience: org\nfields:\n  orderId: { type: string }\n   status: string\n",
    ),
    ("an indented first key", "  event: a.b\naudience: org\nfields: {}\n"),
    ("a text with a colon", "event: a.b\naudience: org\ndoc: An order was placed: the buyer did it.\nfields: {}\n"),
    (
        "a text with a colon over two lines",
        "event: a.b\naudience: org\ndoc: An order was placed\n  by the buyer: at last.\nfields: {}\n",
    ),
    (
        "conflict markers",
        "event: a.b\n<<<<<<< HEAD\naudience: org\n=======\naudience: user\n>>>>>>> theirs\nfields: {}\n",
    ),
    (
        "a conflict marker on the first line",
        "<<<<<<< HEAD\nevent: a.b\n=======\nevent: a.c\n>>>>>>> theirs\naudience: org\nfields: {}\n",
    ),
    (
        "conflict markers with the common ancestor",
        "event: a.b\n<<<<<<< HEAD\naudience: org\n||||||| 1a2b3c4\naudience: team\n=======\naudience: user\n>>>>>>> theirs\nfields: {}\n",
    ),
    (
        "two conflicts",
        "<<<<<<< HEAD\nevent: a.b\n=======\nevent: a.c\n>>>>>>> theirs\naudience: org\n<<<<<<< HEAD\nfields: {}\n=======\nfields: { a: string }\n>>>>>>> theirs\n",
    ),
    ("half a conflict", "event: a.b\naudience: org\nfields: {}\n>>>>>>> theirs\n"),
    (
        "a backslash in double quotes",
        "event: a.b\naudience: org\nfields:\n  day: { type: string, pattern: \"^\\d+$\" }\n",
    ),
    ("an escape that lacks its digits", "event: a.b\naudience: org\ndoc: \"a\\u12 b\"\nfields: {}\n"),
    (
        "a pattern without quotes in braces",
        "event: a.b\naudience: org\nfields:\n  id: { type: string, pattern: ^[a-z]+$ }\n",
    ),
    (
        "a pattern with braces without quotes in braces",
        "event: a.b\naudience: org\nfields:\n  id: { type: string, pattern: ^a{2}$ }\n",
    ),
    ("no comma in braces", "event: a.b\naudience: org\nfields:\n  n: { type: integer min: 0 }\n"),
    (
        "no comma after a quoted text in braces",
        "event: a.b\naudience: org\nfields:\n  n: { type: integer, doc: \"One.\" min: 0 }\n",
    ),
    (
        "a text in braces that may lack a comma",
        "event: a.b\naudience: org\nfields:\n  n: { type: integer, doc: See the type: it is new. }\n",
    ),
    (
        "a text in braces that lacks no comma",
        "event: a.b\naudience: org\nfields:\n  n: { type: integer, doc: See also: this. }\n",
    ),
    ("no comma between fields", "event: a.b\naudience: org\nfields: { id: OrderId at: timestamp }\n"),
    ("an item indented too far", "event: a.b\naudience: org\nfields: { a: string }\nexamples:\n  - a: x\n     b: y\n"),
    ("a text over lines at the wrong place", "event: a.b\naudience: org\ndoc: Hello\nthis is more\nfields: {}\n"),
    ("windows line ends", "event: a.b\r\naudience: org\r\nfields:\r\n  orderId string\r\n\r\n  at: date\r\n"),
    ("a text with a colon in braces", "event: a.b\naudience: org\nfields:\n  n: { type: integer, doc: Note: one. }\n"),
    (
        "no comma in brackets",
        "event: a.b\naudience: org\nfields: { id: string }\nretain: { latest_by: [\"id\" \"at\"] }\n",
    ),
    ("a text that starts with @", "event: a.b\nowner: @orders\naudience: org\nfields: {}\n"),
    ("a text that starts with %", "event: a.b\naudience: org\ndoc: %d of them\nfields: {}\n"),
    ("a text that starts with a backtick", "event: a.b\naudience: org\ndoc: `id` is new\nfields: {}\n"),
    ("a text that starts with a bracket", "event: a.b\naudience: org\ndoc: [new] an order\nfields: {}\n"),
    ("a text that starts with a quoted word", "event: a.b\naudience: org\ndoc: \"New\" orders\nfields: {}\n"),
    ("an apostrophe in single quotes", "event: a.b\naudience: org\ndoc: 'It's here.'\nfields: {}\n"),
    ("a quote that never ends", "event: a.b\naudience: org\ndoc: \"It is here.\nfields: {}\n"),
    ("a brace that never ends", "event: a.b\naudience: org\nfields: { a: string\n"),
    (
        "a brace that never ends before another line",
        "event: a.b\naudience: org\nfields:\n  a: { type: string\n  b: string\n",
    ),
    ("a bracket that never ends", "event: a.b\naudience: org\nfields: { id: string }\nretain: { latest_by: [id }\n"),
    ("a brace too many", "event: a.b\naudience: org\nfields: { id: string } }\n"),
    ("a tab", "event: a.b\naudience: org\nfields:\n\tid: string\n"),
    ("text after a closed brace", "event: a.b\naudience: org\nfields: { id: string } and more\n"),
    ("a list item beside keys", "event: a.b\naudience: org\n- fields\n"),
];

#[test]
fn every_usual_slip_is_named_where_it_stands() {
    let mut reports = String::new();
    for (what, text) in SLIPS {
        let _ = writeln!(reports, "# {what}\n{}", report(&read(&[("a.b.yaml", text)])));
    }
    insta::assert_snapshot!(reports);
}

#[test]
fn every_offered_fix_makes_yaml_of_it() {
    let mut fixed = 0;
    for (what, text) in SLIPS {
        let mut reading = read(&[("a.b.yaml", text)]);
        for fix in reading.diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.fixes) {
            assert!(!fix.certain, "{what}: nobody but the author knows what torn YAML was to mean");
            fix.certain = true;
        }
        for (_, text) in apply_fixes(&reading.sources, &reading.diagnostics) {
            fixed += 1;
            let again = read(&[("a.b.yaml", &text)]);
            let is_torn = again.diagnostics.iter().any(|diagnostic| diagnostic.rule.id == "yaml-syntax");
            assert!(!is_torn, "{what}:\n{text}\n{}", report(&again));
        }
    }
    assert!(fixed > 20, "{fixed} slips have a fix");
}

#[test]
fn a_conflict_in_the_settings_is_named_too() {
    let settings = "growset: 1\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> theirs\n";
    let reading = read(&[("growset.yaml", settings)]);
    assert!(report(&reading).contains("unresolved merge conflict, lines 2–6"), "{}", report(&reading));
}
