//! The names of events, fields and types. Each is parsed once, at the rim, and cannot be made invalid.

use std::fmt;

/// Names that collide with the events that every `EventSource` already dispatches (HTML, section 9.2).
pub const RESERVED_EVENT_NAMES: [&str; 3] = ["open", "error", "message"];

/// Control events of the stream live under this prefix.
pub const RESERVED_EVENT_PREFIX: &str = "growset.";

/// Longest event name in bytes. Names are ASCII, so bytes are characters.
const LONGEST_EVENT_NAME: usize = 127;
const LONGEST_FIELD_NAME: usize = 128;
const LONGEST_TYPE_NAME: usize = 64;

/// Why a text is not a name; the message says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NameError {
    message: String,
}

impl NameError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

/// The wire name of an event: `order.created`, `order.created.v2`.
///
/// It is the SSE `event:` field, the key of the TypeScript event map and the stem of the schema `$id`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName {
    text: String,
}

impl EventName {
    /// Parses a name of the usual style: segments of `[a-z][a-z0-9_]*` joined by dots, two at least.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = Self::parse_any_style(text)?;
        let segments: Vec<&str> = text.split('.').collect();
        if let Some(segment) = segments.iter().find(|segment| !is_segment(segment)) {
            return Err(NameError::new(format!(
                "segment `{segment}` of event name `{text}` is not `[a-z][a-z0-9_]*`; write lower case words joined by dots"
            )));
        }
        if name.base().split('.').count() < 2 {
            return Err(NameError::new(format!(
                "event name `{text}` needs two segments at least, as in `order.created`"
            )));
        }
        Ok(name)
    }

    /// Parses a name that came from elsewhere (`names: any`): `[A-Za-z0-9][A-Za-z0-9_.:-]{0,126}`, never reserved.
    pub fn parse_any_style(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::new("an event name is empty; write one such as `order.created`"));
        }
        if text.len() > LONGEST_EVENT_NAME {
            return Err(NameError::new(format!(
                "event name is {} bytes long; {LONGEST_EVENT_NAME} are allowed",
                text.len()
            )));
        }
        let starts_well = text.starts_with(|character: char| character.is_ascii_alphanumeric());
        let all_allowed = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-'));
        if !starts_well || !all_allowed {
            return Err(NameError::new(format!(
                "event name {text:?} may hold only letters, digits and `_ . : -`, and starts with a letter or digit"
            )));
        }
        if RESERVED_EVENT_NAMES.contains(&text) {
            return Err(NameError::new(format!(
                "event name `{text}` is reserved: every EventSource dispatches an event of that name itself"
            )));
        }
        if text == "growset" || text.starts_with(RESERVED_EVENT_PREFIX) {
            return Err(NameError::new(format!(
                "event name `{text}` is reserved: `growset.` names the control events of the stream"
            )));
        }
        if let Some((base, digits)) = version_suffix(text)
            && (digits.starts_with('0') || digits == "1" || digits.parse::<u32>().is_err())
        {
            return Err(NameError::new(format!(
                "event name `{text}` ends in `.v{digits}`: the first version is `{base}`, later ones are `{base}.v2`, `{base}.v3`"
            )));
        }
        Ok(Self { text: text.to_owned() })
    }

    /// The whole name as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name without its version: `order.created` for `order.created.v2`.
    pub fn base(&self) -> &str {
        version_suffix(&self.text).map_or(&self.text, |(base, _)| base)
    }

    /// The version, 1 for a bare name.
    pub fn version(&self) -> u32 {
        version_suffix(&self.text).and_then(|(_, digits)| digits.parse().ok()).unwrap_or(1)
    }

    /// The first segment, by which generated code is grouped: `order` for `order.created`.
    pub fn first_segment(&self) -> &str {
        self.text.split('.').next().unwrap_or(&self.text)
    }

    /// The same event one version on: `order.created.v2` for `order.created`.
    pub fn next_version(&self) -> Self {
        Self { text: format!("{}.v{}", self.base(), self.version().saturating_add(1)) }
    }
}

/// Splits `base.vN` where N is digits only.
fn version_suffix(text: &str) -> Option<(&str, &str)> {
    let (base, digits) = text.rsplit_once(".v")?;
    let numbered = !base.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numbered.then_some((base, digits))
}

fn is_segment(segment: &str) -> bool {
    segment.starts_with(|character: char| character.is_ascii_lowercase())
        && segment.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The name of a field as it stands on the wire: printable ASCII without `"` and `\`, with a letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName {
    text: String,
}

impl FieldName {
    /// Parses a field name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() || text.len() > LONGEST_FIELD_NAME {
            return Err(NameError::new(format!("a field name has 1 to {LONGEST_FIELD_NAME} characters")));
        }
        let all_allowed = text.bytes().all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'"' && byte != b'\\');
        if !all_allowed || !text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            return Err(NameError::new(format!(
                "field name {text:?} may hold only printable ASCII without quotes and backslashes, and needs a letter or digit"
            )));
        }
        Ok(Self { text: text.to_owned() })
    }

    /// The name as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The name of a type: `[A-Z][A-Za-z0-9]*`, at most 64 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeName {
    text: String,
}

impl TypeName {
    /// Parses a type name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let starts_well = text.starts_with(|character: char| character.is_ascii_uppercase());
        let all_allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !starts_well || !all_allowed || text.len() > LONGEST_TYPE_NAME {
            return Err(NameError::new(format!(
                "type name {text:?} is not `[A-Z][A-Za-z0-9]*` of at most {LONGEST_TYPE_NAME} characters"
            )));
        }
        Ok(Self { text: text.to_owned() })
    }

    /// The name as it is written in contracts.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

macro_rules! shown_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{:?}", self.text)
            }
        }
    )*};
}

shown_as_text!(EventName, FieldName, TypeName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_underscore_inside_a_dotted_name_is_legal() {
        assert_eq!(EventName::parse("contract.fully_signed").map(|name| name.version()), Ok(1));
    }

    #[test]
    fn a_version_is_read_from_the_last_segment() {
        let name = EventName::parse("order.created.v12").expect("is a name");
        assert_eq!((name.base(), name.version()), ("order.created", 12));
        assert_eq!(name.next_version().as_str(), "order.created.v13");
    }

    #[test]
    fn a_first_version_is_written_without_its_number() {
        for text in ["order.created.v1", "order.created.v0", "order.created.v02", "order.created.v99999999999"] {
            assert!(EventName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_other_styles_need_leave() {
        for text in ["order_update", "new-order", "dashboardData", "order", "order.v2"] {
            assert!(EventName::parse(text).is_err(), "{text}");
            assert!(EventName::parse_any_style(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn reserved_and_unsafe_names_are_refused_in_every_style() {
        for text in ["open", "error", "message", "growset", "growset.ping", "a\nb", "a b", "", ".a", "é"] {
            assert!(EventName::parse_any_style(text).is_err(), "{text:?}");
        }
    }
}
