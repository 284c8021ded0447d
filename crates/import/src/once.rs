//! Values in one spelling: what a list says twice it says once, and 3.0 is 3.

use std::collections::BTreeSet;

use serde_json::Value;

/// Above it, a fraction may hide what was rounded.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A keyword's value.
pub(crate) struct Once {
    pub value: Value,
    /// What stood in it more than once, as JSON.
    pub repeated: BTreeSet<String>,
}

/// Brings the value of a keyword that lists values to one spelling; any other one stays.
pub(crate) fn once(keyword: &str, value: Value) -> Once {
    let value = if matches!(keyword, "enum" | "const") { whole(value) } else { value };
    let Value::Array(all) = value else { return Once { value, repeated: BTreeSet::new() } };
    if !matches!(keyword, "enum" | "required" | "type") {
        return Once { value: Value::Array(all), repeated: BTreeSet::new() };
    }
    let (mut seen, mut repeated): (BTreeSet<String>, BTreeSet<String>) = Default::default();
    let mut kept = Vec::new();
    for value in all {
        let text = value.to_string();
        if seen.insert(text.clone()) {
            kept.push(value);
        } else {
            repeated.insert(text);
        }
    }
    Once { value: Value::Array(kept), repeated }
}

/// JSON Schema compares numbers by their value, however they are spelled.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let fraction = number.as_f64().filter(|_| number.is_f64());
            let is_whole = fraction.filter(|number| number.fract() == 0.0 && number.abs() <= LARGEST_WHOLE);
            is_whole.map_or(Value::Number(number), |number| (number as i64).into())
        }
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, whole(value))).collect(),
        plain => plain, // Is spelled in one way.
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_said_once_whatever_their_spelling() {
        let Once { value, repeated } = once("enum", json!([1, 1.0, "a", { "b": 2.0 }, { "b": 2 }, 1.5, 1e300]));
        assert_eq!((value, repeated.len()), (json!([1, "a", { "b": 2 }, 1.5, 1e300]), 2));
        let Once { value, repeated } = once("required", json!(["a", "b", "a", "a"]));
        assert_eq!((value, repeated), (json!(["a", "b"]), BTreeSet::from([r#""a""#.to_owned()])));
        assert_eq!(once("default", json!([1.0, 1.0])).value, json!([1.0, 1.0]));
    }
}
