//! The texts of a known form are one thing to a service and to the intake.

use growset_event::{Date, Decimal, Email, Timestamp, Uri, Uuid};
use growset_model::TextFormat;
use proptest::prelude::*;

fn is_made(format: TextFormat, text: &str) -> bool {
    match format {
        TextFormat::Decimal => text.parse::<Decimal>().is_ok(),
        TextFormat::Timestamp => text.parse::<Timestamp>().is_ok(),
        TextFormat::Date => text.parse::<Date>().is_ok(),
        TextFormat::Uuid => text.parse::<Uuid>().is_ok(),
        TextFormat::Uri => text.parse::<Uri>().is_ok(),
        TextFormat::Email => text.parse::<Email>().is_ok(),
    }
}

/// Texts of each form, and texts that are nearly so: one character changed, left out or added.
fn nearly() -> impl Strategy<Value = String> {
    let good = prop::sample::select(vec![
        "12.50",
        "-0",
        "2026-11-21T09:30:00Z",
        "2024-02-29T23:59:59.123456789+05:30",
        "2026-11-21",
        "1900-02-28",
        "018f4e2a-9c5d-7cc3-8a5f-0c1d2e3f4a5b",
        "https://ada@example.com:8080/a/b?c=%20#d",
        "urn:isbn:1",
        "http://[2001:db8::1]/",
        "ada.l+x@mail.example.com",
    ]);
    let edit = (any::<prop::sample::Index>(), "[0-9a-zA-FTZ.:@/%+ é-]{0,1}", 0usize..2);
    (good, prop::collection::vec(edit, 0..3)).prop_map(|(good, edits)| {
        let mut characters: Vec<char> = good.chars().collect();
        for (at, new, removed) in edits {
            let at = at.index(characters.len().max(1)).min(characters.len());
            let end = (at + removed).min(characters.len());
            characters.splice(at..end, new.chars());
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_text_is_made_where_the_intake_takes_it(text in nearly()) {
        for format in TextFormat::ALL {
            let (made, taken) = (is_made(format, &text), format.accepts(&text));
            // RFC 3986 has many rules; the intake holds a URI to all of them, a service to its characters.
            let agree = made == taken || (format == TextFormat::Uri && made);
            prop_assert!(agree, "{} {text:?}: made {made}, taken {taken}", format.as_str());
        }
    }
}
