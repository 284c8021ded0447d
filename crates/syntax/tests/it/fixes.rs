//! Fixes as text edits: certain ones only, and nothing else in the file moves.

use growset_syntax::apply_fixes;

use crate::show::{read, report};

fn fixed(text: &str) -> String {
    let reading = read(&[("a.b.yaml", text)]);
    let mut texts = apply_fixes(&reading.sources, &reading.diagnostics);
    texts.pop().map_or_else(String::new, |(_, text)| text)
}

#[test]
fn comments_and_spacing_survive_every_fix() {
    let text = "# head\nevent: a.b   # the name\naudience: ogr\n\nfields: # all of them\n  on:   { type: string, max_lenght: +5 } # tail\n  off: strng\n";
    let expected = "# head\nevent: a.b   # the name\naudience: org\n\nfields: # all of them\n  \"on\":   { type: string, max_length: 5 } # tail\n  \"off\": string\n";
    assert_eq!(fixed(text), expected);
    assert_eq!(report(&read(&[("a.b.yaml", expected)])), "");
}

#[test]
fn a_list_of_enum_values_becomes_a_mapping() {
    let block = "event: a.b\naudience: org\nfields:\n  side:\n    enum:\n      - buy # first\n      - sell\n";
    let block_fixed = "event: a.b\naudience: org\nfields:\n  side:\n    enum:\n      buy: # first\n      sell:\n";
    assert_eq!(fixed(block), block_fixed);
    assert_eq!(report(&read(&[("a.b.yaml", block_fixed)])), "");
    let flow = fixed("event: a.b\naudience: org\nfields:\n  side: { enum: [buy, sell] }\n");
    assert!(flow.ends_with("{ enum: {buy: , sell: } }\n"), "{flow}");
    assert_eq!(report(&read(&[("a.b.yaml", &flow)])), "");
}

#[test]
fn a_missing_event_name_is_taken_from_the_file() {
    let text = "# modeline\naudience: org\nfields: {}\n";
    assert_eq!(fixed(text), "# modeline\nevent: a.b\naudience: org\nfields: {}\n");
}

#[test]
fn a_text_torn_by_commas_is_quoted_whole() {
    let text = "event: a.b\naudience: org\nfields:\n  x: { doc: One, two, and \"three\", type: string }\n";
    let expected = "event: a.b\naudience: org\nfields:\n  x: { doc: \"One, two, and \\\"three\\\"\", type: string }\n";
    assert_eq!(fixed(text), expected);
}

#[test]
fn of_two_fixes_for_one_text_the_first_is_applied() {
    let reading = read(&[("a.b.yaml", "event: a.b\naudience: ogr\nfields: {}\n")]);
    let twice = [reading.diagnostics.clone(), reading.diagnostics].concat();
    let texts = apply_fixes(&reading.sources, &twice);
    assert_eq!(texts[0].1, "event: a.b\naudience: org\nfields: {}\n");
}
