//! Names in paths: of files below `generated/`, and of URLs.

use std::fmt::Write;

/// One segment of a URL's path (RFC 3986, section 3.3): all but unreserved characters are percent-encoded.
pub fn url_segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b'.') {
            segment.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    // `.` and `..` are steps, also when their dots are encoded; no name of a contract is made of dots alone.
    if segment.bytes().all(|byte| byte == b'.') { format!("_{segment}") } else { segment }
}

/// A relative URL of several segments.
pub fn url(path: &str) -> String {
    path.split('/').map(url_segment).collect::<Vec<_>>().join("/")
}

/// A relative URL that first climbs, as often as the path starts with `..`.
pub fn climbing_url(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').collect();
    let climbs = segments.iter().take_while(|segment| **segment == "..").count();
    let named = segments[climbs..].iter().map(|segment| url_segment(segment));
    std::iter::repeat_n("..".to_owned(), climbs).chain(named).collect::<Vec<_>>().join("/")
}

/// One segment of a file path that every file system takes and git never quotes: other characters become `-`, and what
/// is no plain name (empty, dots alone, a device of Windows, a dot or space at its end) gets `_`.
pub fn file_segment(text: &str) -> String {
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '@' | '+');
    let mut segment: String = text.chars().map(|character| if allowed(character) { character } else { '-' }).collect();
    let stem = segment.split('.').next().unwrap_or_default().to_ascii_lowercase();
    if stem.is_empty() || is_device(&stem) {
        segment.insert(0, '_');
    }
    if segment.ends_with('.') {
        segment.push('_');
    }
    segment
}

/// A relative file path; it never leads out of where it starts.
pub fn file(path: &str) -> String {
    path.split('/').map(file_segment).collect::<Vec<_>>().join("/")
}

/// Names that Windows keeps for devices, with any ending.
fn is_device(stem: &str) -> bool {
    let numbered = |name: &str| stem.strip_prefix(name).is_some_and(|digit| matches!(digit.as_bytes(), [b'0'..=b'9']));
    matches!(stem, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::hostile;
    use proptest::prelude::*;

    #[test]
    fn only_the_start_of_a_url_climbs() {
        assert_eq!(climbing_url("../../my contracts"), "../../my%20contracts");
        assert_eq!(climbing_url(".."), "..");
        assert_eq!(climbing_url("../a/../b"), "../a/_../b");
    }

    #[test]
    fn usual_names_stay_as_they_are() {
        assert_eq!(file("orders/order.created.v2.yaml"), "orders/order.created.v2.yaml");
        assert_eq!(url("orders/order.created.v2.json"), "orders/order.created.v2.json");
        assert_eq!(url_segment("a b:c/é"), "a%20b%3Ac%2F%C3%A9");
    }

    #[test]
    fn names_that_file_systems_refuse_are_changed() {
        assert_eq!(file("../../etc/con.yaml/a:b"), "_.._/_.._/etc/_con.yaml/a-b");
        assert_eq!([file_segment(""), file_segment("nul"), file_segment(".")], ["_", "_nul", "_._"]);
    }

    proptest! {
        #[test]
        fn no_segment_leads_elsewhere(hostile in hostile::text()) {
            let segment = file_segment(&hostile);
            prop_assert!(!segment.is_empty() && !segment.contains(['/', '\\', ':', ' ']) && segment.is_ascii());
            prop_assert!(segment != "." && segment != ".." && !segment.ends_with('.'));
            let segment = url_segment(&hostile);
            prop_assert!(!segment.contains(['/', '?', '#', '"', '<', '>', ' ', '(', ')']) && segment.is_ascii());
            prop_assert!(segment != "." && segment != "..");
        }
    }
}
