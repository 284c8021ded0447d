use proptest::prelude::*;

use super::*;

fn pattern(source: &str) -> Pattern {
    Pattern::parse(source).expect("is a pattern")
}

fn found(pattern: &Pattern) -> Texts<'_> {
    Texts { form: Form::Found(pattern), lengths: 0..=u64::MAX }
}

#[track_caller]
fn check(own: &str, other: &str, expected: Option<&str>) {
    let (own, other) = (pattern(own), pattern(other));
    let expected = expected.map_or(Difference::None, |text| Difference::Text(text.to_owned()));
    assert_eq!(found(&own).without(&found(&other)), expected);
}

#[test]
fn one_text_tells_two_patterns_apart_however_long_it_is() {
    check("^a{1,200}$", "^a{1,199}$", Some(&"a".repeat(200)));
    check("^a{1,199}$", "^a{1,200}$", None);
    check("_[0-9]{1,64}$", "_[0-9]{1,63}$", Some(&format!("_{}", "0".repeat(64))));
    check("^[a-z]+$", "^[a-z0-9]+$", None);
    check("^[a-z0-9]+$", "^[a-z]+$", Some("0"));
    check("m", "^[^m]*m[^m]*$", Some("mm"));
    check("a^b", "^c$", None);
}

#[test]
fn a_line_break_is_shown_only_where_nothing_else_will_do() {
    check("^a|b$", "^(a|b)$", Some("aa"));
    check("x", "^$", Some("x"));
    check("^[^a]$", "^[^\\x0a]$", Some("\n"));
}

#[test]
fn lists_and_lengths_are_sets_of_texts_too() {
    let letters = pattern("^[a-c]$");
    let some = Texts { form: Form::Listed(vec!["a", "c"]), lengths: 0..=u64::MAX };
    assert_eq!(found(&letters).without(&some), Difference::Text("b".to_owned()));
    assert_eq!(some.without(&found(&letters)), Difference::None);
    let short = Texts { form: Form::Any, lengths: 0..=3 };
    let long = Texts { form: Form::Any, lengths: 2..=9 };
    assert_eq!(short.without(&long), Difference::Text(String::new()));
    assert_eq!(long.without(&short), Difference::Text("aaaa".to_owned()));
    assert_eq!(found(&letters).without(&short), Difference::None);
}

#[test]
fn a_walk_that_takes_too_long_decides_nothing() {
    let far = Texts { form: Form::Any, lengths: 0..=1_000_000_000 };
    let farther = Texts { form: Form::Any, lengths: 0..=1_000_000_001 };
    assert_eq!(farther.without(&far), Difference::Undecided);
}

/// Patterns over few letters, so that two of them often meet.
fn source() -> impl Strategy<Value = String> {
    let leaf =
        prop::sample::select(vec!["a", "b", "[ab]", "[^a]", "^", "$", "ab", "\\d", "\\s"]).prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let marks = prop::sample::select(vec!["*", "+", "?", "{2}", "{1,3}"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
            (inner, marks).prop_map(|(part, mark)| format!("(?:{part}){mark}")),
        ]
    })
}

/// Every text of up to four characters that the patterns above may tell apart.
fn every_text() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..4 {
        let longer = |text: &String| ["a", "b", "0", "\n", "\u{e9}"].map(|letter| format!("{text}{letter}"));
        last = last.iter().flat_map(longer).collect();
        texts.extend(last.iter().cloned());
    }
    texts
}

proptest! {
    #[test]
    fn a_difference_is_the_shortest_and_none_is_none(own in source(), other in source(), least in 0..3u64, most in 2..5u64) {
        let (Ok(own), Ok(other)) = (Pattern::parse(&own), Pattern::parse(&other)) else { return Ok(()) };
        let own = Texts { form: Form::Found(&own), lengths: 0..=4 };
        let other = Texts { form: Form::Found(&other), lengths: least..=most };
        let tells = |text: &String| own.has(text) && !other.has(text);
        let shortest = every_text().into_iter().filter(tells).map(|text| text.chars().count()).min();
        match own.without(&other) {
            Difference::Text(text) => {
                prop_assert!(tells(&text), "{text:?}");
                prop_assert_eq!(Some(text.chars().count()), shortest);
            }
            Difference::None => prop_assert_eq!(shortest, None),
            Difference::Undecided => prop_assert!(false, "so little is always decided"),
        }
    }
}
