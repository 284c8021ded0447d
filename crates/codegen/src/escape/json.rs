//! JSON, as a file of its own and inside of other texts: comments and Markdown fences. It stays JSON and means the
//! same.

use serde_json::Value;

use crate::escape::javascript::push_escaped;
use crate::escape::prose::is_visible;

/// As wide as a line of an example may get before it is broken.
const WIDTH: usize = 96;

/// A value on one line, spaced as people write it: `{ "amount": 1, "tags": ["a", "b"] }`.
pub fn one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", string(name), one_line(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => string(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A whole file: indented as serde does, where every character that is not seen is an escape. Outside of strings JSON
/// holds none but line breaks.
pub fn file(value: &Value) -> String {
    let mut text = String::new();
    for character in format!("{value:#}").chars() {
        if is_visible(character) || character == '\n' {
            text.push(character);
        } else {
            push_escaped(&mut text, character);
        }
    }
    text.push('\n');
    text
}

/// The lines of a value: on one where that is short, else broken from the outside.
pub fn lines(value: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    push_lines(&mut lines, value, "", "", "");
    lines
}

fn push_lines(lines: &mut Vec<String>, value: &Value, indent: &str, before: &str, after: &str) {
    let short = one_line(value);
    let fits = indent.len() + before.len() + short.len() <= WIDTH;
    let inner = format!("{indent}  ");
    let comma = |at: usize, count: usize| if at + 1 < count { "," } else { "" };
    match value {
        Value::Object(members) if !fits => {
            lines.push(format!("{indent}{before}{{"));
            for (at, (name, value)) in members.iter().enumerate() {
                push_lines(lines, value, &inner, &format!("{}: ", string(name)), comma(at, members.len()));
            }
            lines.push(format!("{indent}}}{after}"));
        }
        Value::Array(items) if !fits => {
            lines.push(format!("{indent}{before}["));
            for (at, item) in items.iter().enumerate() {
                push_lines(lines, item, &inner, "", comma(at, items.len()));
            }
            lines.push(format!("{indent}]{after}"));
        }
        _ => lines.push(format!("{indent}{before}{short}{after}")), // Short, or nothing that could be broken.
    }
}

/// A JSON string. What could end a comment, a fence or a script, or start a tag, is written as JSON's own escapes.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut before = '"';
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '/' if matches!(before, '*' | '<') => literal.push_str("\\/"),
            '`' => push_escaped(&mut literal, character),
            // JSDoc starts a tag after space, and `{@link}`.
            '@' if before.is_whitespace() || before == '{' => push_escaped(&mut literal, character),
            '!' if before == '<' => push_escaped(&mut literal, character),
            '>' if before == '-' => push_escaped(&mut literal, character),
            '{' if before == '$' => push_escaped(&mut literal, character),
            _ if is_visible(character) => literal.push(character),
            _ => push_escaped(&mut literal, character),
        }
        before = character;
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_short_value_stays_on_one_line() {
        let value = json!({ "orderId": "ord_7f3k", "tags": ["a", 1.5, null], "none": {} });
        assert_eq!(lines(&value), [r#"{ "orderId": "ord_7f3k", "tags": ["a", 1.5, null], "none": {} }"#]);
    }

    #[test]
    fn a_file_shows_every_character_and_means_the_same() {
        let value = json!({ "a\u{2028}": ["\u{202e}b\n", "é 🦀 \u{e0041}"] });
        let text = file(&value);
        assert_eq!(text, "{\n  \"a\\u2028\": [\n    \"\\u202eb\\n\",\n    \"é 🦀 \\udb40\\udc41\"\n  ]\n}\n");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("is JSON"), value);
    }

    #[test]
    fn a_long_value_is_broken_from_the_outside() {
        let long = "x".repeat(90);
        let value = json!({ "a": { "b": 1 }, "c": [long] });
        assert_eq!(
            lines(&value),
            [
                "{".to_owned(),
                "  \"a\": { \"b\": 1 },".to_owned(),
                "  \"c\": [".to_owned(),
                format!("    \"{long}\""),
                "  ]".to_owned(),
                "}".to_owned(),
            ]
        );
    }
}
