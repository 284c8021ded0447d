//! Adds the schemas of the contracts to `.vscode/settings.json`. That file is JSON with comments and trailing commas,
//! so it is edited as text: what a person wrote stays as it is.

/// Which schema an editor checks which file by. Paths are as the YAML extension takes them; `below` leads from the folder
/// that is opened to the one that holds the contracts.
fn schemas(below: &str) -> String {
    let folder = if below.is_empty() { String::new() } else { format!("{below}/") };
    let quoted = |start: &str, path: &str| serde_json::Value::from(format!("{start}{folder}{path}")).to_string();
    let schema = |name: &str| quoted("./", &format!("generated/editor/{name}.schema.json"));
    format!(
        "\"yaml.schemas\": {{\n    {}: {},\n    {}: {},\n    {}: {},\n    {}: [{}, {}, {}, {}]\n  }}",
        schema("growset"),
        quoted("", "contracts/growset.yaml"),
        schema("types"),
        quoted("", "contracts/**/*.types.yaml"),
        schema("waivers"),
        quoted("", "contracts/waivers.yaml"),
        schema("contract"),
        quoted("", "contracts/**/*.yaml"),
        quoted("!", "contracts/**/*.types.yaml"),
        quoted("!", "contracts/growset.yaml"),
        quoted("!", "contracts/waivers.yaml"),
    )
}

/// The settings with the schemas in them. Nothing when the file names YAML schemas already, or is no object: then a
/// person should decide.
pub(crate) fn with_schemas(old: Option<&str>, below: &str) -> Option<String> {
    let schemas = schemas(below);
    let Some(old) = old.filter(|text| !text.trim().is_empty()) else {
        return Some(format!("{{\n  {schemas}\n}}\n"));
    };
    let tokens = tokens(old);
    let (open, rest) = tokens.split_first()?;
    let names_schemas = rest.iter().any(|token| token.text == "\"yaml.schemas\"");
    if open.text != "{" || names_schemas {
        return None;
    }
    let comma = if rest.first().is_some_and(|token| token.text == "}") { "\n" } else { "," };
    let (before, after) = old.split_at(open.end);
    Some(format!("{before}\n  {schemas}{comma}{after}"))
}

struct Token<'a> {
    text: &'a str,
    end: usize,
}

/// Strings and single characters, without white space and comments.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else {
            let length = if rest.starts_with('"') { string_length(rest) } else { first_length(rest) };
            let token = &rest[..length];
            if !token.trim_start_matches('\u{feff}').trim().is_empty() {
                tokens.push(Token { text: token, end: start + length });
            }
            length
        };
        start += length;
    }
    tokens
}

/// Up to the closing quote, or to the end.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (offset, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return offset + 1,
            _ => {} // Any other character is part of the string.
        }
    }
    text.len()
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_comments_of_a_person_stay() {
        let old = "// mine\n{\n  /* { */ \"editor.rulers\": [120], // \"yaml.schemas\"\n}\n";
        let new = with_schemas(Some(old), "").expect("can be merged");
        assert!(new.starts_with("// mine\n{\n  \"yaml.schemas\": {"), "{new}");
        assert!(new.ends_with("},\n  /* { */ \"editor.rulers\": [120], // \"yaml.schemas\"\n}\n"), "{new}");
    }

    #[test]
    fn an_empty_file_or_object_is_filled() {
        for old in [None, Some(""), Some("{}"), Some("{ }\n")] {
            let new = with_schemas(old, "").expect("can be merged");
            assert!(serde_json::from_str::<serde_json::Value>(&new).is_ok(), "{new}");
        }
    }

    #[test]
    fn every_file_of_the_catalog_has_one_schema_and_contracts_have_theirs() {
        let settings: serde_json::Value =
            serde_json::from_str(&with_schemas(None, "shop").expect("can be written")).expect("is JSON");
        let files = |name: &str| &settings["yaml.schemas"][format!("./shop/generated/editor/{name}.schema.json")];
        let others = ["shop/contracts/growset.yaml", "shop/contracts/**/*.types.yaml", "shop/contracts/waivers.yaml"];
        assert_eq!([files("growset"), files("types"), files("waivers")], others);
        let excluded = files("contract").as_array().expect("is a list").iter().skip(1);
        let excluded: std::collections::BTreeSet<String> = excluded.map(|glob| glob.to_string()).collect();
        assert_eq!(excluded, others.map(|glob| format!("\"!{glob}\"")).into());
    }

    #[test]
    fn a_file_that_names_schemas_or_is_no_object_is_left_to_its_owner() {
        for old in ["{ \"yaml.schemas\": {} }", "[]", "hello", "\"", "/*"] {
            assert_eq!(with_schemas(Some(old), ""), None, "{old}");
        }
    }
}
