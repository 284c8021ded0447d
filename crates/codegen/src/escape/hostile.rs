//! Texts that try to leave their place, for the tests of every escaper.

use proptest::prelude::*;

/// What no prose may hold.
pub(super) const HIDDEN: [char; 9] =
    ['\u{0}', '\u{1b}', '\u{85}', '\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}', '\u{feff}', '\r'];

/// Anything, with what is dangerous far more often than chance would have it.
pub(super) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "*/",
            "/*",
            "`",
            "```",
            "~~~",
            "${",
            "}",
            "</script>",
            "<!--",
            "-->",
            "<b>",
            "&lt;",
            "\"",
            "'",
            "\\",
            "\n",
            "\r\n",
            "\n\n",
            "@deprecated",
            "@",
            "{@link X}",
            "# ",
            "- ",
            "1. ",
            "> ",
            "|",
            "[a](b)",
            "![",
            "_",
            "*",
            "__proto__",
            "hasOwnProperty",
            "\u{2028}",
            "\u{2029}",
            "\u{202e}",
            "\u{2066}",
            "\u{feff}",
            "\u{85}",
            "\0",
            "\u{1b}[31m",
            "*/ globalThis.PWNED=1 /*",
            "]]>",
            "{{",
            "{%",
            "    ",
            "\t",
            "#[",
            "]",
            "//",
            ":",
            "==="
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z ]{1,6}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
