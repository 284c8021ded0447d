//! Random valid catalogs and payloads, for property tests of whatever reads a catalog.
//!
//! Everything is built from a tape of numbers, on which 0 is always the simplest choice and an end of the tape reads
//! as zeros. So proptest shrinks a failing catalog by shortening its tape, whatever rules hold between its parts.

mod tape;

mod texts;

mod types;

mod catalog;

mod height;

mod payload;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use self::payload::Sampler;
use self::tape::Tape;
use crate::catalog::Catalog;
use crate::name::EventName;
use crate::schema::Language;
use crate::shape::Type;

/// Valid catalogs of every kind of type: recursion that stays inhabited, hostile texts and names, no two names that a
/// target would spell alike. Events have examples of I, and no lint that cannot be allowed is broken.
pub fn catalog() -> impl Strategy<Value = Catalog> {
    tape(600).prop_map(|words| catalog::build(&mut Tape::new(words)))
}

/// Payloads of one event: boundaries, absent optionals, nulls. For R also what only a later contract could send:
/// unknown fields, enum values and cases. `null` where the catalog lacks the event, or it has no finite payload.
pub fn event_payload(catalog: &Catalog, event: &EventName, language: Language) -> BoxedStrategy<Value> {
    let (catalog, event) = (catalog.clone(), event.clone());
    tape(160).prop_map(move |words| payload(&catalog, &event, language, words)).boxed()
}

/// Values of one type, in the same way.
pub fn type_value(catalog: &Catalog, ty: &Type, language: Language) -> BoxedStrategy<Value> {
    let (catalog, ty) = (catalog.clone(), ty.clone());
    let sample = move |words| Sampler::new(&catalog, language, &mut Tape::new(words)).ty(&ty).unwrap_or_default();
    tape(80).prop_map(sample).boxed()
}

/// A catalog, one of its events, and a payload of it.
pub fn catalog_and_payload(language: Language) -> impl Strategy<Value = (Catalog, EventName, Value)> {
    let parts = (catalog(), any::<Index>(), tape(160));
    parts.prop_filter_map("a catalog has an event", move |(catalog, index, words)| {
        let event = catalog.events.keys().nth(index.index(catalog.events.len().max(1)))?.clone();
        let value = payload(&catalog, &event, language, words);
        Some((catalog, event, value))
    })
}

fn payload(catalog: &Catalog, event: &EventName, language: Language, words: Vec<u16>) -> Value {
    let mut tape = Tape::new(words);
    let payload = catalog.events.get(event).map(|event| &event.payload);
    payload.and_then(|payload| Sampler::new(catalog, language, &mut tape).payload(payload)).unwrap_or_default()
}

fn tape(longest: usize) -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..longest)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::hoist::type_names;
    use crate::schema::bare_payload_schema;
    use crate::shape::TextFormat;
    use crate::spelling::{pascal, snake};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn payloads_are_of_their_language((catalog, name, intake) in catalog_and_payload(Language::Intake), words in tape(160)) {
            let event = &catalog.events[&name];
            let values = [
                (Language::Intake, intake),
                (Language::Wire, payload(&catalog, &name, Language::Wire, words.clone())),
                (Language::Reader, payload(&catalog, &name, Language::Reader, words)),
            ];
            for (language, value) in values {
                let schema = bare_payload_schema(&catalog, event, language);
                let judge = jsonschema::validator_for(&schema).expect("is a schema");
                let problem = judge.validate(&value).map_err(|error| error.to_string());
                prop_assert_eq!(problem, Ok(()), "{:?}: {} against {}", language, value, schema);
            }
        }

        #[test]
        fn examples_are_payloads_of_intake(catalog in catalog()) {
            for event in catalog.events.values() {
                prop_assert!(event.retired.is_some() || !event.examples.is_empty());
                let schema = bare_payload_schema(&catalog, event, Language::Intake);
                let judge = jsonschema::validator_for(&schema).expect("is a schema");
                for example in &event.examples {
                    prop_assert!(judge.is_valid(&example.value), "{} against {}", example.value, schema);
                }
            }
        }

        #[test]
        fn no_two_names_are_spelled_alike(catalog in catalog()) {
            let mut seen = BTreeSet::new();
            for (name, _, description) in type_names(&catalog) {
                prop_assert!(seen.insert(name.to_ascii_lowercase()), "{name}: {description}");
            }
            let spellings: BTreeSet<_> = catalog.events.keys().map(|name| (pascal(name.as_str()), snake(name.as_str()))).collect();
            prop_assert_eq!(spellings.len(), catalog.events.len());
        }
    }

    #[test]
    fn an_empty_tape_makes_the_smallest_catalog() {
        let catalog = catalog::build(&mut Tape::new(Vec::new()));
        assert_eq!((catalog.events.len(), catalog.types.len()), (1, 0));
    }

    #[test]
    fn texts_of_a_format_are_of_that_format() {
        for format in TextFormat::ALL {
            for text in texts::of_format(format) {
                assert!(format.accepts(text), "{text}");
            }
        }
    }
}
