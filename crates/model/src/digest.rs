//! One digest per JSON value, whatever the order of its keys.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The SHA-256 of a value's canonical text, as 64 lower-case hexadecimal digits.
pub fn digest(value: &Value) -> String {
    digest_of_text(&canonical(value))
}

/// The SHA-256 of a text, as 64 lower-case hexadecimal digits.
pub(crate) fn digest_of_text(text: &str) -> String {
    hexadecimal(&Sha256::digest(text))
}

/// A value's compact text with the keys of every object in order of their code points.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

/// Writes a value's canonical text.
pub(crate) fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_unstable();
            text.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(key, text);
                text.push(':');
                write_canonical(&members[key], text);
            }
            text.push('}');
        }
    }
}

/// Writes a JSON string.
pub(crate) fn write_string(string: &str, text: &mut String) {
    if string.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        text.push_str(&Value::from(string).to_string());
        return;
    }
    // Nothing to escape, which is nearly always so.
    text.push('"');
    text.push_str(string);
    text.push('"');
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one = json!({ "b": [1, { "d": null, "c": "\"" }], "a": true });
        let other = json!({ "a": true, "b": [1, { "c": "\"", "d": null }] });
        assert_eq!(canonical(&one), r#"{"a":true,"b":[1,{"c":"\"","d":null}]}"#);
        assert_eq!(digest(&one), digest(&other));
        assert_ne!(digest(&one), digest(&json!({})));
    }
}
