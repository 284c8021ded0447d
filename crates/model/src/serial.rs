//! The one serialised form of a catalog (`catalog.json`): JSON, spelled like the explicit form of a contract.
//!
//! Written and read by hand instead of through derived twins, so that every complaint carries a JSON Pointer and every
//! name is parsed where it stands. Defaults are left out; places are not written.

mod write;

mod read;

use serde_json::Value;

pub(crate) use self::read::{Node, one_event, one_type};
use crate::catalog::{Catalog, Event};
use crate::name::{EventName, TypeName};
use crate::released::Released;
use crate::shape::NamedType;

/// The version of the contract language and of every form it is serialised in. Version N is first read by growset
/// 0.N.0; each tool reads all versions up to its own.
pub const FORMAT_VERSION: u64 = 1;

/// Why a JSON value is not a catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", place(.pointer))]
pub struct SerialError {
    /// JSON Pointer (RFC 6901) to the place; empty for the whole.
    pub pointer: String,
    /// What is wrong there, with the way out.
    pub message: String,
}

/// The whole needs no name.
fn place(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("{pointer}: ") }
}

/// Writes a catalog.
pub fn to_json(catalog: &Catalog) -> Value {
    write::catalog(catalog)
}

/// Writes a catalog, and what was released of it.
pub fn to_json_with(catalog: &Catalog, released: &Released) -> Value {
    let mut value = write::catalog(catalog);
    if !released.events.is_empty() {
        value["released"] = write::released(released);
    }
    value
}

/// Reads what was released; nothing was where the catalog says nothing.
pub fn released_from_json(value: &Value) -> Result<Released, SerialError> {
    read::released(value)
}

/// Reads a catalog back; its places are all `Place::NOWHERE`. What it says of releases is read by
/// [`released_from_json`].
pub fn from_json(value: &Value) -> Result<Catalog, SerialError> {
    read::catalog(value)
}

/// Writes one event, without its name.
pub fn event_to_json(event: &Event) -> Value {
    write::event(event)
}

/// Reads one event back. Whether the catalog has the types that it names is for the caller to see.
pub fn event_from_json(name: EventName, value: &Value) -> Result<Event, SerialError> {
    read::one_event(name, &Node::of(value))
}

/// Writes one named type, without its name.
pub fn type_to_json(named: &NamedType) -> Value {
    write::named_type(named)
}

/// Reads one named type back.
pub fn type_from_json(name: TypeName, value: &Value) -> Result<NamedType, SerialError> {
    read::one_type(name, &Node::of(value))
}

/// What to say of a format version that this tool does not know.
pub fn newer_version(found: u64) -> String {
    format!(
        "version {found} is newer than this tool, which reads up to {FORMAT_VERSION}; install growset 0.{found}.0 or later"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::arbitrary;

    #[test]
    fn what_was_released_is_read_as_it_was_written() {
        let shapes = |standing: &[&str], broken: &[&str]| crate::Shapes {
            standing: standing.iter().map(|&digest| digest.to_owned()).collect(),
            broken: broken.iter().map(|&digest| digest.to_owned()).collect(),
        };
        let name = |text: &str| EventName::parse(text).expect("is a name");
        let events = [(name("a.b"), shapes(&["1", "2"], &[])), (name("a.c"), shapes(&[], &["3"]))];
        let released = Released { events: events.into() };
        let value = to_json_with(&Catalog::default(), &released);
        assert_eq!(released_from_json(&value), Ok(released));
        assert_eq!(from_json(&value), Ok(Catalog::default()), "the catalog is the same with and without");
        assert_eq!(released_from_json(&to_json(&Catalog::default())), Ok(Released::default()));
        let mut wrong = value;
        wrong["released"]["a.b"]["shapes"][1] = 5.into();
        let refused = released_from_json(&wrong).map_err(|error| error.to_string());
        assert_eq!(refused, Err("/released/a.b/shapes/1: is no string".to_owned()));
    }

    fn smallest() -> Value {
        json!({
            "growset": 1, "title": "", "schema_base": "", "npm": { "name": "" }, "rust": { "name": "" },
            "types": {}, "events": {},
        })
    }

    /// The pointer and message for the smallest catalog with `key` set to `value` below `pointer`.
    fn refusal(pointer: &str, key: &str, value: Value) -> (String, String) {
        let mut catalog = smallest();
        if let Some(object) = catalog.pointer_mut(pointer).and_then(Value::as_object_mut) {
            object.insert(key.to_owned(), value);
        }
        let error = from_json(&catalog).expect_err("is refused");
        (error.pointer, error.message)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn what_is_written_is_read_back_the_same(catalog in arbitrary::catalog()) {
            let json = to_json(&catalog);
            let text = serde_json::to_string_pretty(&json).expect("is JSON");
            let read: Value = serde_json::from_str(&text).expect("is JSON");
            prop_assert_eq!(&read, &json);
            prop_assert_eq!(from_json(&read), Ok(catalog));
        }

        #[test]
        fn a_catalog_with_a_part_taken_out_or_added_never_panics(catalog in arbitrary::catalog(), at in any::<prop::sample::Index>(), is_added: bool) {
            let mut json = to_json(&catalog);
            let mut pointers = Vec::new();
            collect_objects(&json, String::new(), &mut pointers);
            let pointer = &pointers[at.index(pointers.len())];
            if let Some(object) = json.pointer_mut(pointer).and_then(Value::as_object_mut) {
                if is_added {
                    object.insert("of tomorrow".to_owned(), Value::Null);
                } else if let Some(key) = object.keys().next().cloned() {
                    object.shift_remove(&key);
                }
            }
            if let Err(error) = from_json(&json) {
                prop_assert!(error.pointer.is_empty() || error.pointer.starts_with('/'));
            }
        }
    }

    fn collect_objects(value: &Value, pointer: String, pointers: &mut Vec<String>) {
        if let Value::Object(members) = value {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect_objects(member, format!("{pointer}/{key}"), pointers);
            }
            pointers.push(pointer);
        }
    }

    #[test]
    fn a_newer_version_says_which_tool_to_install() {
        let (pointer, message) = refusal("", "growset", json!(7));
        assert_eq!(pointer, "/growset");
        assert_eq!(message, "version 7 is newer than this tool, which reads up to 1; install growset 0.7.0 or later");
    }

    #[test]
    fn a_newer_version_is_told_before_its_unknown_keys() {
        let newer = json!({ "growset": 2, "galaxies": {} });
        assert_eq!(from_json(&newer).map_err(|error| error.pointer), Err("/growset".to_owned()));
    }

    #[test]
    fn refusals_point_at_what_is_wrong() {
        let event = |rest: Value| {
            let mut event = json!({ "source": "a/b.yaml", "audience": "org", "fields": {} });
            event.as_object_mut().expect("is an object").extend(rest.as_object().cloned().unwrap_or_default());
            event
        };
        let cases = [
            ("", "plans", json!({}), "/plans"),
            ("/npm", "a/b", json!(1), "/npm/a~1b"),
            ("/types", "lower", json!({ "type": "string" }), "/types/lower"),
            ("/types", "A", json!({}), "/types/A"),
            ("/types", "A", json!({ "type": "string", "min": 1 }), "/types/A/min"),
            ("/types", "A", json!({ "type": "string", "pattern": "(?=a)" }), "/types/A/pattern"),
            ("/types", "A", json!({ "type": "Missing" }), "/types/A"),
            ("/types", "A", json!({ "nullable": { "type": "json" } }), "/types/A/nullable"),
            ("/types", "A", json!({ "enum": {} }), "/types/A/enum"),
            (
                "/types",
                "A",
                json!({ "union": "k", "cases": { "c": { "fields": { "k": { "type": "json" } } } } }),
                "/types/A/cases/c",
            ),
            ("/events", "open", event(json!({})), "/events/open"),
            ("/events", "dashboardData", event(json!({})), "/events/dashboardData"),
            ("/events", "a.b", event(json!({ "audience": "all" })), "/events/a.b/audience"),
            ("/events", "a.b", event(json!({ "fields": { "": { "type": "json" } } })), "/events/a.b/fields/"),
            ("/events", "a.b", event(json!({ "retired": { "since": "2027-02-30" } })), "/events/a.b/retired/since"),
            (
                "/events",
                "a.b",
                event(json!({ "fields": { "x": { "type": "json" } }, "optional": { "x": { "type": "json" } } })),
                "/events/a.b/optional/x",
            ),
            ("/events", "a.b", event(json!({ "json_schema": {} })), "/events/a.b/fields"),
        ];
        for (pointer, key, value, expected) in cases {
            assert_eq!(refusal(pointer, key, value).0, expected);
        }
    }

    #[test]
    fn types_that_stand_too_deep_are_refused() {
        let deep = (0..300).fold(json!({ "type": "json" }), |inner, _| json!({ "list": inner }));
        assert!(refusal("/types", "A", deep).1.contains("deeper"));
    }
}
