//! Text in TOML.

use std::fmt::Write;

/// A basic string with its quotes (TOML 1.0, section String).
pub fn string(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            _ if character.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(literal, "\\u{:04X}", u32::from(character));
            }
            _ => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

/// A key: bare where it may be.
pub fn key(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !text.is_empty() && text.bytes().all(is_bare) { text.to_owned() } else { string(text) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_string_cannot_be_left() {
        assert_eq!(super::string("a\"\n\\\u{7f}b"), r#""a\"\u000A\\\u007Fb""#);
        assert_eq!((super::key("path"), super::key("a b")), ("path".into(), "\"a b\"".into()));
    }
}
