//! Text in Rust: string literals, documentation, identifiers.

use std::fmt::Write;

use crate::escape::prose::{Piece, is_visible, lines, one_line, pieces, push_plain};

/// A string literal with its quotes. What cannot be seen, or turns the direction of reading, is escaped.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            _ if is_visible(character) => literal.push(character),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(literal, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    literal.push('"');
    literal
}

/// Lines of documentation, each after `marker`, which is `///` or `//!` behind its indentation. Code spans stay;
/// everything else is shown as it is written, and nothing can end the comment.
pub fn doc(text: &str, marker: &str) -> String {
    let mut documentation = String::new();
    if text.trim().is_empty() {
        return documentation;
    }
    for line in lines(text) {
        let line = escaped(line.trim());
        let space = if line.is_empty() { "" } else { " " };
        // Writing to a String cannot fail.
        let _ = writeln!(documentation, "{marker}{space}{line}");
    }
    documentation
}

/// Invariant: outside a code span nothing means anything to Markdown; a fence would even be run as a test.
fn escaped(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for piece in pieces(line) {
        match piece {
            Piece::Code(code) => escaped.extend(["`", code, "`"]),
            Piece::Text(text) => push_plain(&mut escaped, text, |_, _| false),
        }
    }
    escaped
}

/// What stands in a `//` comment, on one line.
pub fn comment(text: &str) -> String {
    one_line(text)
}

/// A field, function or module of that spelling: keywords become raw identifiers, and those that cannot get `_`.
pub fn identifier(spelled: &str) -> String {
    if matches!(spelled, "self" | "super" | "crate" | "Self" | "_") {
        format!("{spelled}_")
    } else if KEYWORDS.contains(&spelled) {
        format!("r#{spelled}")
    } else {
        spelled.to_owned()
    }
}

/// A type of that spelling: a name that the prelude uses gets `_`, so that generated code can speak of both.
pub fn type_identifier(spelled: &str) -> String {
    if PRELUDE.contains(&spelled) { format!("{spelled}_") } else { identifier(spelled) }
}

/// The keywords of every edition (Rust reference, keywords), without those that cannot be raw.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names of the prelude that generated code writes bare, and traits of the prelude whose methods it calls: a type of
/// the same name would take them out of scope.
const PRELUDE: [&str; 16] = [
    "Self",
    "String",
    "Vec",
    "Option",
    "Some",
    "None",
    "Box",
    "Result",
    "Ok",
    "Err",
    "Into",
    "From",
    "Default",
    "ToOwned",
    "IntoIterator",
    "Iterator",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::hostile;
    use proptest::prelude::*;

    #[test]
    fn a_literal_means_its_text() {
        for text in
            ["", "a\"b\\c", "line\nnext\r\u{0}", "\u{202e}abc\u{2066}", "é 漢 🦀", "`${x}` */ </script>", "e\u{301}"]
        {
            let literal: syn::LitStr = syn::parse_str(&string(text)).expect("is a literal");
            assert_eq!(literal.value(), text);
            assert!(!string(text).contains(['\u{202e}', '\u{2066}', '\r', '\n']));
        }
    }

    #[test]
    fn documentation_cannot_leave_its_lines() {
        let hostile = "ends */ here\r\nfn pwned() {}\r<b> `a<b>` \u{2028}x\u{202e}";
        let text = doc(hostile, "    ///");
        assert!(text.lines().all(|line| line.starts_with("    ///")), "{text}");
        assert!(!text.contains(['\r', '\u{2028}', '\u{202e}']), "{text:?}");
        assert!(text.contains(r"\<b> `a<b>`"), "{text}");
    }

    #[test]
    fn documentation_is_plain_text_to_rustdoc() {
        let text = doc("# no\n- no\n```\npanic!()\n```\n[a](javascript:b) \\[c](d) &lt; `x<y>`, 1 < 2", "///");
        let expected = [
            r"/// \# no",
            r"/// \- no",
            r"/// \`\`\`",
            "/// panic!()",
            r"/// \`\`\`",
            r"/// \[a](javascript:b) \\\[c](d) \&lt; `x<y>`, 1 < 2",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn keywords_are_escaped() {
        assert_eq!(identifier("type"), "r#type");
        assert_eq!(identifier("self"), "self_");
        assert_eq!(type_identifier("Option"), "Option_");
        for keyword in KEYWORDS {
            assert!(syn::parse_str::<syn::Ident>(&identifier(keyword)).is_ok(), "{keyword}");
        }
    }

    proptest! {
        #[test]
        fn every_literal_means_its_text(text in hostile::text()) {
            let escaped = string(&text);
            prop_assert!(!escaped.contains(hostile::HIDDEN));
            let literal: syn::LitStr = syn::parse_str(&escaped).expect("is a literal");
            prop_assert_eq!(literal.value(), text);
        }

        #[test]
        fn no_text_leaves_its_documentation(text in hostile::text()) {
            let documentation = doc(&text, "///");
            prop_assert!(!documentation.contains(hostile::HIDDEN));
            let item: syn::ItemStruct = syn::parse_str(&format!("{documentation}struct Documented;")).expect("is a struct");
            prop_assert!(item.attrs.iter().all(|attribute| attribute.path().is_ident("doc")));
            prop_assert_eq!(item.attrs.len(), documentation.lines().count());
        }
    }
}
