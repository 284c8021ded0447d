//! YAML that is no contract, such as the description of an API: read as JSON, by YAML's core schema where parsers differ.

use growset_model::{Diagnostic, Severity, Sources};
use serde_json::{Map, Value};

use crate::scalar::{Plain, classify};
use crate::tree::{Node, NodeKind, Scalar, Style};
use crate::yaml;

/// The JSON that a text of YAML stands for; else what is wrong with it, with line and column.
pub fn json_of_yaml(text: &str) -> Result<Value, String> {
    let mut sources = Sources::default();
    let file = sources.add("", text);
    let document = yaml::parse(file, text);
    let is_wrong = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    if let Some(diagnostic) = document.diagnostics.iter().find(is_wrong) {
        let place = sources.locate(diagnostic.place);
        let place = place.map(|at| format!(" at line {} column {}", at.line, at.column)).unwrap_or_default();
        return Err(format!("{}{place}", diagnostic.message));
    }
    document.root.as_ref().map(json).ok_or_else(|| "is empty".to_owned())
}

fn json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Scalar(scalar) => of_scalar(scalar),
        NodeKind::List(list) => list.items.iter().map(json).collect(),
        NodeKind::Mapping(mapping) => {
            let entries = mapping.entries.iter().map(|entry| (entry.key.text.to_string(), json(&entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        NodeKind::Refused => Value::Null, // Its diagnostic was answered instead.
    }
}

fn of_scalar(Scalar { text, style }: &Scalar) -> Value {
    let text: &str = text;
    if *style != Style::Plain {
        return text.into();
    }
    let number = |spelled: &str| serde_json::from_str(spelled).unwrap_or_else(|_| text.into());
    match classify(text) {
        Plain::Null => Value::Null,
        Plain::Boolean(value) => value.into(),
        Plain::Integer | Plain::Number => number(text),
        Plain::Text => text.into(),
        Plain::Divided(division) if division.string_in_core => text.into(),
        Plain::Divided(division) if division.null => Value::Null,
        Plain::Divided(division) => match (division.boolean, division.number) {
            (Some(value), _) => value.into(),
            (None, Some(spelled)) => number(&spelled),
            (None, None) => text.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_are_read_by_the_core_schema() {
        let text = "a: no\nb: 1.50\nc: 2026-11-21\nd: ~\ne: \"1\"\nf: [True, -3, x]\ng:\n  h: |\n    i\n3.1: 0\n";
        let json = json_of_yaml(text).expect("is YAML");
        let expected = json!({
            "a": "no", "b": 1.50, "c": "2026-11-21", "d": null, "e": "1", "f": [true, -3, "x"], "g": { "h": "i\n" }, "3.1": 0,
        });
        assert_eq!(json["b"].as_f64(), Some(1.5));
        assert_eq!(json.as_object().map(|all| all.len()), expected.as_object().map(|all| all.len()));
        for key in ["a", "c", "d", "e", "f", "g", "3.1"] {
            assert_eq!(json[key], expected[key], "{key}");
        }
    }

    #[test]
    fn what_is_no_yaml_is_told_with_its_place() {
        for (text, told) in
            [("a: [1", "line 1"), ("a: 1\na: 2\n", "line 2 column 1"), ("a: &b 1\nc: *b\n", "anchor"), ("", "empty")]
        {
            let message = json_of_yaml(text).expect_err(text);
            assert!(message.contains(told), "{message}");
        }
    }
}
