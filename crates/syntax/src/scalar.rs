//! What YAML parsers make of an unquoted scalar, and whether they agree.
//!
//! The parsers in mind: YAML 1.2 core (the `yaml` package of npm, most of Rust), YAML 1.1 (PyYAML, Ruby, Go's older
//! ones), and the JSON schema of YAML 1.2. What all of them read alike may stand unquoted; nothing else may.

/// What an unquoted scalar means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Plain {
    /// Nothing is written, or `null`.
    Null,
    Boolean(bool),
    /// Digits with an optional minus, as JSON writes an integer.
    Integer,
    /// As JSON writes a number, in a form that YAML 1.1 takes for one too.
    Number,
    /// The text itself.
    Text,
    Divided(Division),
}

/// How parsers differ over one scalar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Division {
    /// Such as `YAML 1.1 reads a boolean, YAML 1.2 a string`.
    pub(crate) readings: &'static str,
    /// What was meant, if a number, in the spelling that all read alike.
    pub(crate) number: Option<String>,
    /// What was meant, if a boolean.
    pub(crate) boolean: Option<bool>,
    /// No parser in use takes it for anything but null.
    pub(crate) null: bool,
    /// YAML 1.2 takes it for a string, so quoting it changes nothing for those parsers.
    pub(crate) string_in_core: bool,
}

/// What parsers make of an unquoted scalar.
pub(crate) fn classify(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => classify_numeric(text),
        b'~' | b'=' | b'<' | b'a'..=b'z' | b'A'..=b'Z' if text.len() <= 5 => classify_word(text),
        _ => Plain::Text, // Nothing else starts what any parser takes for more than a text.
    }
}

/// A text in double quotes, as YAML and JSON both read it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn classify_word(text: &str) -> Plain {
    match text {
        "null" => Plain::Null,
        "true" => Plain::Boolean(true),
        "false" => Plain::Boolean(false),
        "True" | "TRUE" => boolean(true, "YAML's core schema reads a boolean, its JSON schema a string", false),
        "False" | "FALSE" => boolean(false, "YAML's core schema reads a boolean, its JSON schema a string", false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => boolean(true, BOOLEAN_OR_STRING, true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => boolean(false, BOOLEAN_OR_STRING, true),
        "~" | "Null" | "NULL" => divided(|it| {
            it.readings = "most parsers read null, YAML's JSON schema a string";
            it.null = true;
        }),
        "=" | "<<" => divided(|it| {
            it.readings = "YAML 1.1 gives it a meaning of its own, YAML 1.2 reads a string";
            it.string_in_core = true;
        }),
        _ => Plain::Text, // Every other word is a text to all of them.
    }
}

const BOOLEAN_OR_STRING: &str = "YAML 1.1 reads a boolean, YAML 1.2 a string";

fn boolean(value: bool, readings: &'static str, string_in_core: bool) -> Plain {
    divided(|it| {
        it.readings = readings;
        it.boolean = Some(value);
        it.string_in_core = string_in_core;
    })
}

fn divided(fill: impl FnOnce(&mut Division)) -> Plain {
    let mut division = Division { readings: "", number: None, boolean: None, null: false, string_in_core: false };
    fill(&mut division);
    Plain::Divided(division)
}

fn number(readings: &'static str, number: Option<String>, string_in_core: bool) -> Plain {
    divided(|it| {
        it.readings = readings;
        it.number = number;
        it.string_in_core = string_in_core;
    })
}

fn classify_numeric(text: &str) -> Plain {
    if is_json_integer(text) {
        return Plain::Integer;
    }
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest),
        None => ("", text),
    };
    if let Some(found) = classify_radix(sign, digits) {
        return found;
    }
    if let Some(found) = classify_float(text, sign, digits) {
        return found;
    }
    if is_sexagesimal(digits) {
        return number("YAML 1.1 reads a number to base 60, YAML 1.2 a string", None, true);
    }
    if is_timestamp(text) {
        return number("YAML 1.1 reads a date, YAML 1.2 a string", None, true);
    }
    Plain::Text
}

/// `017`, `0o17`, `0x1f`, `0b1`, `+1`, `1_000`.
fn classify_radix(sign: &str, digits: &str) -> Option<Plain> {
    let radix = |prefix: &str, radix: u32| {
        let body = digits.strip_prefix(prefix)?.replace('_', "");
        let value = i64::from_str_radix(&body, radix).ok().filter(|_| !body.starts_with(['+', '-']))?;
        Some(format!("{sign}{value}"))
    };
    if let Some(value) = radix("0o", 8) {
        return Some(number("YAML 1.2 reads an octal number, YAML 1.1 a string", Some(value), false));
    }
    if let Some(value) = radix("0x", 16) {
        return Some(number("most parsers read a hexadecimal number, YAML's JSON schema a string", Some(value), false));
    }
    if let Some(value) = radix("0b", 2) {
        return Some(number("YAML 1.1 reads a binary number, YAML 1.2 a string", Some(value), true));
    }
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if !all_digits || digits.starts_with('_') {
        return None;
    }
    if digits.len() > 1 && digits.starts_with('0') {
        // Nobody can tell whether `017` was meant as 15 or as 17.
        return Some(number("YAML 1.1 reads an octal number, YAML 1.2 a decimal one", None, false));
    }
    if digits.contains('_') {
        let value = format!("{sign}{}", digits.replace('_', ""));
        return Some(number("YAML 1.1 reads a number, YAML 1.2 a string", Some(value), true));
    }
    Some(number("most parsers read a number, YAML's JSON schema a string", Some(format!("{sign}{digits}")), false))
}

/// `1.5`, `.5`, `5.`, `1e3`, `+1.5`, `.inf`, `.nan`.
fn classify_float(text: &str, sign: &str, digits: &str) -> Option<Plain> {
    if matches!(digits, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Some(number(
            "most parsers read a number that JSON cannot hold, YAML's JSON schema a string",
            None,
            false,
        ));
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let clean = mantissa.replace('_', "");
    let (whole, fraction) = clean.split_once('.').map_or((clean.as_str(), None), |(a, b)| (a, Some(b)));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some_digit = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    if !are_digits(whole) || !are_digits(fraction.unwrap_or("")) || !some_digit || mantissa.starts_with('_') {
        return None;
    }
    if let Some(exponent) = exponent {
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if bare.is_empty() || !are_digits(bare) {
            return None;
        }
    }
    let signed_exponent = exponent.is_none_or(|exponent| exponent.starts_with(['+', '-']));
    let has_fraction = fraction.is_some_and(|fraction| !fraction.is_empty());
    let usual_whole = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
    let usual = usual_whole && has_fraction && signed_exponent && !mantissa.contains('_') && !text.starts_with('+');
    if usual {
        return Some(Plain::Number);
    }
    Some(number(
        "parsers differ over whether this is a number or a string",
        plain_decimal(sign, &clean, exponent),
        mantissa.contains('_'),
    ))
}

/// The same number as all parsers read it, where it is short enough to be written out.
fn plain_decimal(sign: &str, mantissa: &str, exponent: Option<&str>) -> Option<String> {
    let value: f64 = format!("{sign}{mantissa}e{}", exponent.unwrap_or("0")).parse().ok()?;
    let written = format!("{value}");
    (value.is_finite() && written.len() <= 32).then_some(written)
}

/// `-?(0|[1-9][0-9]*)`, with `-0` left to the numbers.
fn is_json_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && (!digits.starts_with('0') || text == "0")
}

/// `12:30`, `1:02:03.5`: YAML 1.1 multiplies by 60.
fn is_sexagesimal(digits: &str) -> bool {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    let starts_well = first.starts_with(|digit: char| digit.is_ascii_digit())
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut count = 0;
    let rest = parts.all(|part| {
        count += 1;
        (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|value| value < 60) && !part.starts_with('+')
    });
    starts_well && rest && count > 0 && fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// `2027-06-30`, `2027-06-30T12:00:00Z`, `2027-6-3 12:00:00`.
fn is_timestamp(text: &str) -> bool {
    let day_end = text.find(['T', 't', ' ', '\t']).unwrap_or(text.len());
    let (day, time) = text.split_at(day_end);
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let numeric = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_day = numeric(year, 4..=4) && numeric(month, 1..=2) && numeric(day, 1..=2);
    let time = time.trim_start_matches(['T', 't', ' ', '\t']);
    let is_time = time.starts_with(|digit: char| digit.is_ascii_digit())
        && time.contains(':')
        && time.bytes().all(|byte| byte.is_ascii_digit() || b":.+-Zz \t".contains(&byte));
    is_day && (time.is_empty() || is_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_divided(text: &str) -> bool {
        matches!(classify(text), Plain::Divided(_))
    }

    #[test]
    fn what_parsers_read_differently_is_found() {
        let words = ["y", "Y", "yes", "YES", "n", "no", "No", "on", "ON", "off", "Off", "True", "FALSE", "~", "NULL"];
        let numbers = ["017", "0o17", "0x1F", "0b11", "1_000", "+1", "-017", ".5", "5.", "1e3", "1.5e3", "+1.5", "-0"];
        let others = [".inf", "-.Inf", ".NaN", "12:30", "1:02:03.5", "2027-06-30", "2027-06-30T12:00:00Z", "=", "<<"];
        for text in words.into_iter().chain(numbers).chain(others) {
            assert!(is_divided(text), "{text}");
        }
    }

    #[test]
    fn what_parsers_read_alike_is_taken() {
        for text in ["0", "-1", "12", "9007199254740993"] {
            assert_eq!(classify(text), Plain::Integer, "{text}");
        }
        for text in ["1.5", "-0.25", "1.5e+3", "2.0"] {
            assert_eq!(classify(text), Plain::Number, "{text}");
        }
        for text in [
            "nope",
            "1.2.3",
            "v2",
            "12 apples",
            "-",
            "...",
            "+49 30",
            "2027-06",
            "list<string>",
            "é",
            "0xg",
            "1e",
            "12:99",
        ] {
            assert_eq!(classify(text), Plain::Text, "{text}");
        }
    }

    #[test]
    fn a_number_is_offered_in_the_spelling_that_all_read_alike() {
        for (text, number) in
            [("+1", "1"), (".5", "0.5"), ("1_000", "1000"), ("0o17", "15"), ("-0x1F", "-31"), ("1e3", "1000")]
        {
            let Plain::Divided(division) = classify(text) else { panic!("{text}") };
            assert_eq!(division.number.as_deref(), Some(number), "{text}");
        }
    }
}
