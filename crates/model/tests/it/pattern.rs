//! Patterns mean the same to us, to the `regex` crate and to the backtracking engine behind JSON Schema.

use growset_model::Pattern;
use jsonschema::PatternOptions;
use proptest::prelude::*;
use serde_json::json;

fn accepted_by_both(portable: &str, text: &str) -> [bool; 2] {
    let schema = json!({ "pattern": portable });
    let linear = jsonschema::options().with_pattern_options(PatternOptions::regex()).build(&schema);
    let backtracking = jsonschema::options().with_pattern_options(PatternOptions::fancy_regex()).build(&schema);
    let text = json!(text);
    [linear, backtracking].map(|judge| judge.expect("a portable pattern compiles").is_valid(&text))
}

fn pattern_source() -> impl Strategy<Value = String> {
    let parts = vec![
        "a",
        "b",
        "-",
        " ",
        "/",
        "é_",
        "[a-c]",
        "[^a-c]",
        "[^\\d]",
        "[\\w.-]",
        "[\\]\\[^&~]",
        "[^&~|(){}]",
        "\\d",
        "\\w",
        "\\s",
        "\\.",
        "\\$",
        "\\-",
        "\\x41",
        "\\n",
        "^",
        "$",
        "&&",
        "#",
        "~",
        "\\{\\}",
        "[!-~]",
        "[\\x00-\\x1f]",
        "[a\\-z]",
        "<",
        "\\/",
        "\"",
        "\\\\",
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| part.is_ascii()).collect();
    let leaf = prop::sample::select(parts).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let marks = prop::sample::select(vec!["*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,2}"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
            (inner, marks).prop_map(|(part, mark)| format!("(?:{part}){mark}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_engine_reads_a_printed_pattern_alike(
        source in pattern_source(),
        texts in prop::collection::vec("[-abcAé\u{1F600}\u{2028}&~\\[\\]{}$./ \n\t0-9_^\\\\]{0,8}", 1..6),
    ) {
        let Ok(pattern) = Pattern::parse(&source) else { return Ok(()) };
        let portable = pattern.portable();
        for text in texts.into_iter().chain(pattern.samples()) {
            let ours = pattern.is_match(&text);
            prop_assert_eq!(accepted_by_both(&portable, &text), [ours, ours], "{} as {} on {:?}", source, portable, text);
        }
    }

    #[test]
    fn printing_keeps_what_a_pattern_means(source in pattern_source()) {
        let Ok(pattern) = Pattern::parse(&source) else { return Ok(()) };
        let printed = Pattern::parse(&pattern.portable()).expect("what is printed is read again");
        prop_assert_eq!(printed.portable(), pattern.portable());
        prop_assert_eq!(printed.is_anchored(), pattern.is_anchored());
    }

    #[test]
    fn samples_match(source in pattern_source(), least in 0u64..12) {
        let Ok(pattern) = Pattern::parse(&source) else { return Ok(()) };
        let samples = pattern.samples();
        for sample in &samples {
            prop_assert!(pattern.is_match(sample), "{} on {:?}", source, sample);
        }
        prop_assert!(samples.is_sorted_by_key(|sample| sample.chars().count()));
        if let Some(sample) = pattern.sample_of_length(least..=least + 2) {
            prop_assert!(pattern.is_match(&sample));
            prop_assert!((least..=least + 2).contains(&(sample.chars().count() as u64)));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(source in "\\PC{0,24}|[\\[\\](){}*+?^$|\\\\a-c0-9,:&~-]{0,24}") {
        if let Err(error) = Pattern::parse(&source) {
            prop_assert!(source.get(error.range.clone()).is_some(), "{:?} in {:?}", error.range, source);
        }
    }
}

#[test]
fn what_engines_read_differently_is_refused_at_its_place() {
    let refused = [
        ("a.b", "."),
        ("\\bword", "\\b"),
        ("(?i)a", "(?i"),
        ("a(?=b)", "(?="),
        ("(?<!a)b", "(?<"),
        ("(?<year>a)", "(?<"),
        ("(a)\\1", "\\1"),
        ("\\p{L}", "\\p"),
        ("\\S", "\\S"),
        ("caf\u{e9}", "\u{e9}"),
        ("a+?", "+?"),
        ("a{2,1}", "{2,1}"),
        ("a{1001}", "1001"),
        ("a{", "{"),
        ("a}", "}"),
        ("*a", "*"),
        ("^*", "^*"),
        ("(a?)*", "(a?)*"),
        ("[]", "[]"),
        ("[z-a]", "z-a"),
        ("[a&&b]", "&&"),
        ("[[a]]", "["),
        ("[a", "["),
        ("(a", "("),
        ("a)", ")"),
        ("\\", "\\"),
        ("\\u0041", "\\u"),
        ("\\xff", "\\xff"),
        ("a\tb", "\t"),
    ];
    for (source, blamed) in refused {
        let error = Pattern::parse(source).expect_err(source);
        assert_eq!(source.get(error.range.clone()), Some(blamed), "{source}: {error}");
    }
}

#[test]
fn classes_are_printed_in_ascii() {
    let portable = |source: &str| Pattern::parse(source).map(|pattern| pattern.portable());
    assert_eq!(portable(r"^\d+$"), Ok("^[0-9]+$".to_owned()));
    assert_eq!(portable(r"\w"), Ok("[0-9A-Z_a-z]".to_owned()));
    assert_eq!(portable(r"(a|bc)?[^/]"), Ok("(?:a|bc)?[^\\/]".to_owned()));
    assert_eq!(portable(r"^ord_[a-z0-9]{2,}\-$"), Ok("^ord_[0-9a-z]{2,}-$".to_owned()));
}

#[test]
fn anchors_count_only_where_every_alternative_has_them() {
    let anchored = |source: &str| Pattern::parse(source).map(|pattern| pattern.is_anchored());
    for source in ["^a$", "^(a|b)$", "(^a$|^b$)", "^a$|^b$", "(^)a($)"] {
        assert_eq!(anchored(source), Ok(true), "{source}");
    }
    for source in ["a", "^a|b$", "(^a|b)$", "\\^a$", "^a\\$", "(^a)?b$", ""] {
        assert_eq!(anchored(source), Ok(false), "{source}");
    }
}

#[test]
fn huge_patterns_are_refused_and_not_expanded() {
    for source in ["((a{1000}){1000}){1000}", &"(".repeat(999), &"a".repeat(1001), "(a{1000}b{1000}){1000}"] {
        assert!(Pattern::parse(source).is_err());
    }
}

#[test]
fn a_sample_of_a_length_pads_what_searches() {
    let pattern = Pattern::parse("ab").expect("is allowed");
    assert_eq!(pattern.samples().first().map(String::as_str), Some("ab"));
    assert!(pattern.sample_of_length(5..=6).is_some_and(|sample| sample.len() == 5 && sample.contains("ab")));
    let pattern = Pattern::parse("^[a-z]{2,4}$").expect("is allowed");
    assert_eq!(pattern.sample_of_length(5..=9), None);
    assert_eq!(Pattern::parse("a^b").map(|pattern| pattern.samples()), Ok(Vec::new()));
}
