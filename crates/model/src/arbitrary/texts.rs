//! Names and texts that are valid and mean harm to whoever prints or looks them up carelessly.

use crate::shape::TextFormat;

/// No two are spelled alike in any style, and none is made of others, so that names from paths stay apart.
pub(super) const FIELDS: [&str; 30] = [
    "total",
    "orderId",
    "type",
    "hasOwnProperty",
    "__proto__",
    "constructor",
    "self",
    "match",
    "default",
    "class",
    "then",
    "toString",
    "valueOf",
    "fn",
    "async",
    "null",
    "has space",
    "amount-due",
    "$ref",
    "@tag",
    "1st",
    "URL",
    "data",
    "prototype",
    "let",
    "name",
    "it's",
    "a`b${c}",
    "*/x",
    "</script>",
];

pub(super) const TYPES: [&str; 10] =
    ["Alpha", "Money", "TreeNode", "Cause", "Side", "Note", "Quantity", "Zone", "Pixel", "K9"];

pub(super) const EVENTS: [&str; 6] =
    ["order.created", "order.status.changed", "contract.fully_signed", "type.match", "a.b", "counter.x1_y"];

/// Needs leave by `names`.
pub(super) const OTHER_EVENT: &str = "dashboardData";

/// Values of enums. `other` and `Self` are taken by the variants of generated code.
pub(super) const VALUES: [&str; 24] = [
    "created",
    "paid",
    "in_transit",
    "",
    "+",
    "*",
    "1.5",
    "15",
    "__proto__",
    "hasOwnProperty",
    "other",
    "Self",
    "null",
    "true",
    "*/ globalThis.PWNED=1 /*",
    "`${alert(1)}`",
    "</script>",
    "\u{2028}",
    "\u{202e}dlrow",
    "\u{e9}",
    "a\"b\\c",
    "\n",
    "#{x}",
    "type",
];

/// Tags of cases.
pub(super) const CASES: [&str; 8] = ["user", "system", "in-transit", "type", "__proto__", "*/x", "Self", "9"];

/// Docs, reasons, titles and free strings.
pub(super) const PROSE: [&str; 18] = [
    "An order was placed.",
    "",
    "*/ globalThis.PWNED=1 /*",
    "`${globalThis.PWNED=1}`",
    "</script><script>alert(1)</script>",
    "\"]; compile_error!(\"pwned\"); #[doc = \"",
    "\"#; panic!(); r#\"",
    "one\u{2028}two\u{2029}three",
    "\u{202e}olleh\u{2066}",
    "first line\nsecond line\r\nthird",
    "a | b | c \\| d",
    "# heading\n\n```rust\nfn main() {}\n```",
    "tab\tand nul \u{0} and bell \u{7}",
    "\u{1F600}\u{1F468}\u{200d}\u{1F469}",
    "@example */ @deprecated {@link x}",
    "{{ name }} {% raw %} <!-- -->",
    "e\u{301} \u{e9} \u{feff}",
    "\\u0022 \\ \\\\ ' \" ` $",
];

/// Keys of maps, which are any string.
pub(super) const KEYS: [&str; 8] =
    ["a", "", "__proto__", "constructor", "has space", "\u{1F600}", "\"\\\n", "toString"];

/// Patterns of the allow-list with a text of at most 40 code points among their matches.
pub(super) const PATTERNS: [&str; 8] =
    ["^ord_[a-z0-9]+$", "^[A-Z]{3}$", "\\d", "^[^/]+(/[^/]+)*$", "^(a|bc)*$", "[\"'`\\\\]", "^\\w{2,8}(-\\w+)?$", ""];

/// Texts of a format, the plainest first, its boundaries after it.
pub(super) fn of_format(format: TextFormat) -> &'static [&'static str] {
    match format {
        TextFormat::Decimal => &["0", "-0", "1.50", "-12345678901234567890.000000000000000000001", "0.10"],
        TextFormat::Timestamp => &[
            "2026-11-21T08:30:00Z",
            "2024-02-29T23:59:59.123456789+14:00",
            "1969-12-31T23:59:59.000-00:30",
            "0001-01-01T00:00:00Z",
            "9998-12-31T23:59:59.1+23:59",
        ],
        TextFormat::Date => &["2026-11-21", "2024-02-29", "0001-01-01", "9999-12-31"],
        TextFormat::Uuid => &[
            "0b9d3f7a-6a0e-4b65-9f0e-3f1b1c2d4e5f",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ],
        TextFormat::Uri => &[
            "https://example.com/a?b=c#d",
            "urn:isbn:0451450523",
            "https://user@[2001:db8::1]:8080/%20",
            "javascript:alert(1)",
            "a:",
        ],
        TextFormat::Email => &["a@example.com", "a@b", "`{|}~!#$%&'*+/=?^_.-@xn--4ca.example"],
    }
}
