//! Many random texts and patterns with what Rust makes of them, for JavaScript to judge.

use growset_codegen::escape::{javascript, json};
use growset_model::Pattern;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::hostile::TEXTS;

/// Texts, and how each is escaped.
pub(super) fn escapes() -> Vec<Value> {
    let piece = prop_oneof![
        prop::sample::select(TEXTS.to_vec()).prop_map(str::to_owned),
        prop::sample::select(vec![
            "*", "/", "<", ">", "!", "-", "$", "{", "@", "`", "\\", "\n", " ", "\"", "a", "\u{2028}"
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    let texts = prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    drawn(&texts, 2000)
        .into_iter()
        .map(|text| {
            json!({
                "literal": javascript::string(&text),
                "property": javascript::property(&text),
                "comment": javascript::comment(&text),
                "json": json::string(&text),
                "text": text,
            })
        })
        .collect()
}

/// Patterns of the allow-list as they are printed, each with texts and whether it matches them.
pub(super) fn patterns() -> Vec<Value> {
    let atom = prop::sample::select(vec![
        "a",
        "b",
        "-",
        "_",
        "/",
        ":",
        " ",
        "@",
        "#",
        "%",
        "&",
        "'",
        "`",
        "~",
        "<",
        "=",
        ",",
        "\\.",
        "\\d",
        "\\w",
        "\\s",
        "\\/",
        "\\-",
        "[a-z]",
        "[A-Z0-9_]",
        "[^/]",
        "[^a-z]",
        "[.*+?]",
        "[a\\-z]",
        "[\\]\\\\]",
        "[\\d-]",
        "(a|b)",
        "(ab|c)",
        "(?:x|yz)",
    ]);
    let repeat = prop::sample::select(vec!["", "", "", "?", "+", "*", "{2}", "{1,3}", "{2,}", "{0,1}"]);
    let body = prop::collection::vec((atom, repeat), 1..6)
        .prop_map(|atoms| atoms.into_iter().flat_map(|(atom, repeat)| [atom, repeat]).collect::<String>());
    let anchors = prop::sample::select(vec![("^", "$"), ("^", "$"), ("^(", ")$"), ("", ""), ("^", ""), ("", "$")]);
    let sources = (anchors, body).prop_map(|((start, end), body)| format!("{start}{body}{end}"));
    drawn(&sources, 1200)
        .iter()
        .filter_map(|source| Pattern::parse(source).ok())
        .map(|pattern| judged(&pattern))
        .collect()
}

fn judged(pattern: &Pattern) -> Value {
    let mut texts = pattern.samples();
    let changed: Vec<String> = texts
        .iter()
        .flat_map(|text| {
            [
                format!("{text}\n"),
                format!("é{text}"),
                format!("{text}{text}"),
                text.chars().skip(1).collect(),
                text.to_uppercase(),
            ]
        })
        .collect();
    texts.extend(changed);
    texts.extend(["", "a", "\u{661}", "\u{a0}", "\u{212a}", "\u{2028}", "🦀"].map(str::to_owned));
    let matches: Vec<Value> = texts.iter().map(|text| json!([text, pattern.is_match(text)])).collect();
    json!({ "source": pattern.source(), "portable": pattern.portable(), "texts": matches })
}

fn drawn(strategy: &impl Strategy<Value = String>, count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    (0..count).filter_map(|_| strategy.new_tree(&mut runner).ok()).map(|tree| tree.current()).collect()
}
