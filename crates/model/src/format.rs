//! The strings of a known format: one pattern of ours each, and what a pattern cannot say.
//!
//! Each value has one spelling wherever that is possible, so that listeners may compare texts: a timestamp and its `T`
//! and `Z` are upper case, a UUID is lower case (RFC 9562, section 4, asks that of generators).

use std::net::Ipv6Addr;
use std::sync::LazyLock;

use crate::catalog::Date;
use crate::pattern::Pattern;
use crate::shape::TextFormat;

/// RFC 3339 without lower case and without second 60. Days of the month are checked by [`TextFormat::accepts`].
const TIMESTAMP: &str = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+\\-](?:[01][0-9]|2[0-3]):[0-5][0-9])$";
const DATE: &str = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$";
const DECIMAL: &str = "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$";
const UUID: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/// RFC 3986, appendix A, from `scheme` on; of IP literals only IPv6, whose groups [`TextFormat::accepts`] checks.
const URI: &str = "^[A-Za-z][A-Za-z0-9+.\\-]*:(?:\
//(?:(?:[A-Za-z0-9._~!$&'()*+,;=:\\-]|%[0-9A-Fa-f]{2})*@)?\
(?:\\[[0-9A-Fa-f:.]+\\]|(?:[A-Za-z0-9._~!$&'()*+,;=\\-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?\
(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@\\-]|%[0-9A-Fa-f]{2})*)*\
|/(?:(?:[A-Za-z0-9._~!$&'()*+,;=:@\\-]|%[0-9A-Fa-f]{2})+(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@\\-]|%[0-9A-Fa-f]{2})*)*)?\
|(?:[A-Za-z0-9._~!$&'()*+,;=:@\\-]|%[0-9A-Fa-f]{2})+(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@\\-]|%[0-9A-Fa-f]{2})*)*\
)?(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\\-]|%[0-9A-Fa-f]{2})*)?(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\\-]|%[0-9A-Fa-f]{2})*)?$";

/// The HTML standard, "valid email address".
const EMAIL: &str = "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\\-]+@[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?)*$";

/// As printed into every output, in the order of [`TextFormat::ALL`]. They are patterns of the contract language
/// themselves, so that no engine reads them differently or hangs on them.
static PATTERNS: LazyLock<[(String, Option<Pattern>); 6]> = LazyLock::new(|| {
    TextFormat::ALL.map(|format| {
        let pattern = Pattern::parse(format.source()).ok();
        let portable = pattern.as_ref().map_or_else(|| format.source().to_owned(), Pattern::portable);
        (portable, pattern)
    })
});

impl TextFormat {
    /// The one pattern of this format, as every output prints it.
    pub fn pattern(self) -> &'static str {
        let (portable, _) = self.parsed();
        portable
    }

    /// Whether a text is of this format: its pattern, and what a pattern cannot say (that the day is in the calendar,
    /// that an IPv6 address is one).
    pub fn accepts(self, text: &str) -> bool {
        let (_, pattern) = self.parsed();
        pattern.as_ref().is_some_and(|pattern| pattern.is_match(text)) && self.accepts_beyond_pattern(text)
    }

    fn accepts_beyond_pattern(self, text: &str) -> bool {
        match self {
            Self::Timestamp | Self::Date => text.get(..10).and_then(Date::parse).is_some(),
            Self::Uri => bracketed(text).is_none_or(|address| address.parse::<Ipv6Addr>().is_ok()),
            Self::Decimal | Self::Uuid | Self::Email => true,
        }
    }

    /// The same as a pattern of the contract language.
    pub fn as_pattern(self) -> Option<&'static Pattern> {
        let (_, pattern) = self.parsed();
        pattern.as_ref()
    }

    fn parsed(self) -> &'static (String, Option<Pattern>) {
        let [decimal, timestamp, date, uuid, uri, email] = &*PATTERNS;
        match self {
            Self::Decimal => decimal,
            Self::Timestamp => timestamp,
            Self::Date => date,
            Self::Uuid => uuid,
            Self::Uri => uri,
            Self::Email => email,
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Decimal => DECIMAL,
            Self::Timestamp => TIMESTAMP,
            Self::Date => DATE,
            Self::Uuid => UUID,
            Self::Uri => URI,
            Self::Email => EMAIL,
        }
    }
}

/// The address between brackets; a URI has them around its host alone.
fn bracketed(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once('[')?;
    rest.split_once(']').map(|(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: TextFormat, accepted: &[&str], refused: &[&str]) {
        for text in accepted {
            assert!(format.accepts(text), "{text}");
        }
        for text in refused {
            assert!(!format.accepts(text), "{text}");
        }
    }

    #[test]
    fn every_format_is_a_pattern_of_the_contract_language() {
        for format in TextFormat::ALL {
            let pattern = Pattern::parse(format.source());
            assert!(pattern.as_ref().is_ok_and(Pattern::is_anchored), "{format:?}: {pattern:?}");
            assert_eq!(pattern.map(|pattern| pattern.portable()).as_deref(), Ok(format.pattern()));
        }
    }

    #[test]
    fn a_decimal_has_one_spelling_before_its_point() {
        let accepted = ["0", "-0", "-0.5", "10.00", "123456789012345678901234567890.000000000000000001"];
        check(TextFormat::Decimal, &accepted, &["", "01", ".5", "1.", "+1", "1e3", "1 ", "1\n", "NaN", "\u{661}"]);
    }

    #[test]
    fn a_timestamp_is_in_the_calendar_and_upper_case() {
        let accepted = [
            "2026-11-21T08:30:00Z",
            "2024-02-29T23:59:59.123456789+14:00",
            "0000-01-01T00:00:00-00:00",
            "9999-12-31T23:59:59.999999999-23:59",
        ];
        let refused = [
            "2023-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-11-21t08:30:00Z",
            "2026-11-21T08:30:00z",
            "2026-11-21 08:30:00Z",
            "2026-11-21T08:30:60Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T08:30:00",
            "2026-11-21T08:30:00+24:00",
            "2026-11-21T08:30:00.Z",
            "2026-11-21T08:30:00.1234567890Z",
            "2026-11-21T08:30Z",
            "2026-11-21T08:30:00Z\n",
        ];
        check(TextFormat::Timestamp, &accepted, &refused);
    }

    #[test]
    fn a_date_is_in_the_calendar() {
        check(TextFormat::Date, &["2000-02-29", "2026-12-31"], &["1900-02-29", "2026-13-01", "2026-1-1", "2026-06-31"]);
    }

    #[test]
    fn a_uuid_is_lower_case() {
        let accepted = ["0b9d3f7a-6a0e-4b65-9f0e-3f1b1c2d4e5f", "00000000-0000-0000-0000-000000000000"];
        let refused = ["0B9D3F7A-6A0E-4B65-9F0E-3F1B1C2D4E5F", "0b9d3f7a6a0e4b659f0e3f1b1c2d4e5f", "{0b9d3f7a}"];
        check(TextFormat::Uuid, &accepted, &refused);
    }

    #[test]
    fn a_uri_has_a_scheme() {
        let accepted = [
            "https://example.com/a/b?c=d#e",
            "https://user@[2001:db8::1]:8080//x",
            "urn:isbn:0451450523",
            "mailto:a@example.com",
            "file:///etc/hosts",
            "data:,a%20b",
            "a:",
        ];
        let refused = [
            "/relative",
            "example.com",
            "//example.com",
            "http://a b",
            "http://[1::2::3]/",
            "http://ex[a]mple/",
            "http://a/%2",
            "http://a/#b#c",
            "http://\u{e9}.example/",
            "1a:b",
        ];
        check(TextFormat::Uri, &accepted, &refused);
    }

    #[test]
    fn an_email_is_what_a_form_takes() {
        let refused = ["a", "@b", "a@", "a@b..c", "a@-b", "a b@c", "\"a\"@b", "a@b.", "\u{e9}@b"];
        check(TextFormat::Email, &["a@b", "first.last+tag@mail.example.com"], &refused);
    }

    #[test]
    fn a_uri_is_one_for_other_judges_too() {
        let judge = jsonschema::options()
            .should_validate_formats(true)
            .build(&serde_json::json!({ "format": "uri" }))
            .expect("is a schema");
        let pattern = Pattern::parse(TextFormat::Uri.source()).expect("is a pattern");
        for sample in pattern.samples().iter().filter(|sample| TextFormat::Uri.accepts(sample)) {
            assert!(judge.is_valid(&serde_json::json!(sample)), "{sample}");
        }
    }
}
