//! Text in JavaScript and TypeScript: string literals, property names, comments, names of types.

use std::fmt::Write;

use crate::escape::prose::{self, Piece, is_visible, pieces, push_plain};

/// A string literal with its quotes, for types and values alike. It means its text, also inside an HTML script element.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    push_string(&mut literal, text);
    literal
}

/// Appends [`string`].
pub fn push_string(literal: &mut String, text: &str) {
    literal.push('"');
    let mut before = '"';
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            // `</script>`, `<!--`, `-->` and `*/` come apart; a backslash before any other character means nothing.
            '/' | '!' | '>' if matches!(before, '<' | '-' | '*') => literal.extend(['\\', character]),
            '{' if before == '$' => literal.push_str("\\{"),
            _ if is_visible(character) => literal.push(character),
            _ => push_escaped(literal, character),
        }
        before = character;
    }
    literal.push('"');
}

/// UTF-16 code units, which JavaScript and JSON both read.
pub(super) fn push_escaped(literal: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a String cannot fail.
        let _ = write!(literal, "\\u{unit:04x}");
    }
}

/// The name of a property in a type or an object: bare where it is an identifier, else quoted.
pub fn property(name: &str) -> String {
    if name == "__proto__" {
        // `__proto__:` in an object would set its prototype; a computed name never does.
        "[\"__proto__\"]".to_owned()
    } else if is_identifier(name) {
        name.to_owned()
    } else {
        string(name)
    }
}

/// ASCII only: every name of a contract is. Keywords are allowed as names of properties.
fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$'))
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

/// An exported type of that name: one that the package uses itself gets `_`, which no contract can spell.
pub fn type_identifier(name: &str) -> String {
    if OWN.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Types of every package. All its other own names start in lower case, which no name of a contract does.
const OWN: [&str; 3] = ["EventMap", "DraftEventMap", "AnyEvent"];

/// Lines of prose for the inside of a JSDoc comment, without the `*` before them. Editors show them as Markdown: code
/// spans stay, everything else is shown as it is written, and nothing ends the comment or starts a tag.
pub fn comment(text: &str) -> Vec<String> {
    prose::lines(text).map(|line| comment_line(line.trim_start())).collect()
}

fn comment_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let whole = [Piece::Text(line)];
    let split = pieces(line);
    // A code span shows a backslash, so what needs one there makes the whole line text.
    let code_is_harmless = split.iter().all(|piece| match piece {
        Piece::Code(code) => !code.contains("*/") && !code.contains('@') && !code.contains('\\'),
        Piece::Text(_) => true,
    });
    for piece in if code_is_harmless { &split[..] } else { &whole[..] } {
        match piece {
            Piece::Code(code) => escaped.extend(["`", code, "`"]),
            Piece::Text(text) => push_plain(&mut escaped, text, is_special_in_comment),
        }
    }
    escaped
}

fn is_special_in_comment(before: char, character: char) -> bool {
    match character {
        '/' => before == '*',
        '@' => !before.is_alphanumeric(),
        '>' => before == '-',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_plain_to_read() {
        assert_eq!(string("in_transit"), "\"in_transit\"");
        assert_eq!(string("é 漢 🦀 a/b $x `y`"), "\"é 漢 🦀 a/b $x `y`\"");
        assert_eq!(string("a\"b\\\n"), r#""a\"b\\\n""#);
        assert_eq!(string("</script> <!-- --> */ ${x}"), r#""<\/script> <\!-- --\> *\/ $\{x}""#);
        assert_eq!(string("\u{2028}\u{202e}\u{e0001}\0"), r#""\u2028\u202e\udb40\udc01\u0000""#);
    }

    #[test]
    fn a_property_is_quoted_where_it_must_be() {
        assert_eq!(property("orderId"), "orderId");
        assert_eq!(property("class"), "class");
        assert_eq!(property("hasOwnProperty"), "hasOwnProperty");
        assert_eq!(property("content-type"), "\"content-type\"");
        assert_eq!(property("1st"), "\"1st\"");
        assert_eq!(property("__proto__"), "[\"__proto__\"]");
    }

    #[test]
    fn a_comment_is_never_ended_and_never_tagged() {
        assert_eq!(comment("*/ globalThis.PWNED=1 /*"), [r"\*\/ globalThis.PWNED=1 /\*"]);
        assert_eq!(
            comment("@deprecated no\nmail a@b.example {@link X}"),
            [r"\@deprecated no", r"mail a@b.example {\@link X}"]
        );
        assert_eq!(comment("the `kind` of `*/`"), [r"the \`kind\` of \`\*\/\`"]);
        assert_eq!(comment("the `kind`, ```ts"), [r"the \`kind\`, \`\`\`ts"]);
        assert_eq!(comment("`x < y` and 1 < 2 <b>"), [r"`x < y` and 1 < 2 \<b>"]);
    }

    #[test]
    fn a_comment_is_plain_text_to_an_editor() {
        assert_eq!(
            comment("# no\n1. no\n- no\n    no\n===\n| a |\n[a](javascript:b) ![c](d) &amp; *x* ~~y~~"),
            [
                r"\# no",
                r"1\. no",
                r"\- no",
                "no",
                r"\===",
                r"\| a |",
                r"\[a](javascript:b) !\[c](d) \&amp; \*x\* \~\~y\~\~"
            ]
        );
        assert_eq!(comment("order_update, #7, 2 * 3 - 1, R&D, a | b"), ["order_update, #7, 2 * 3 - 1, R&D, a | b"]);
    }

    #[test]
    fn own_names_of_the_package_are_kept_free() {
        assert_eq!((type_identifier("EventMap"), type_identifier("Order")), ("EventMap_".into(), "Order".into()));
    }
}
