//! Where a listener stands, and the one spelling of it: the event id `<epoch>-<seq>`.
//!
//! A listener that hears public events stands in two rings; its id carries both: `<epoch>-<seq>~<epoch>-<seq>`, the
//! organisation's first.

use std::fmt;

/// A place in one ring: right after the event with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Under which start of the server the event was numbered. No two starts on the same data share one.
    pub epoch: u32,
    /// Counts from one, without a hole; zero is before the first event.
    pub seq: u64,
}

/// Where a listener stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// In the ring of its organisation.
    pub org: Position,
    /// In the ring of public events, for a listener that hears them.
    pub public: Option<Position>,
}

/// The longest id that a server writes: two epochs of 10 digits, two numbers of 20 digits, three separators.
pub const LONGEST_ID: usize = 64;

impl Position {
    fn parse(text: &str) -> Option<Self> {
        let (epoch, seq) = text.split_once('-')?;
        Some(Self { epoch: digits(epoch)?.parse().ok()?, seq: digits(seq)?.parse().ok()? })
    }
}

/// Digits without a leading zero, so that a position has one spelling.
fn digits(text: &str) -> Option<&str> {
    let spelled_well = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (spelled_well && (text == "0" || !text.starts_with('0'))).then_some(text)
}

impl Cursor {
    /// What the position in a second ring adds to an id, in bytes, at most.
    pub(crate) const SECOND_POSITION: usize = 32;

    /// Reads an id. Nothing when this server cannot have written it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_ID {
            return None;
        }
        let (org, public) = match text.split_once('~') {
            Some((org, public)) => (org, Some(Position::parse(public)?)),
            None => (text, None),
        };
        Some(Self { org: Position::parse(org)?, public })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.epoch, self.seq)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.org)?;
        self.public.iter().try_for_each(|public| write!(formatter, "~{public}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_is_read_as_it_was_written(epoch: u32, seq: u64, public: Option<(u32, u64)>) {
            let public = public.map(|(epoch, seq)| Position { epoch, seq });
            let cursor = Cursor { org: Position { epoch, seq }, public };
            let id = cursor.to_string();
            prop_assert!(id.len() <= LONGEST_ID);
            prop_assert!(id.bytes().all(|byte| byte.is_ascii_digit() || b"-~".contains(&byte)));
            prop_assert_eq!(Cursor::parse(&id), Some(cursor));
        }

        #[test]
        fn any_other_text_is_no_id(text in "[0-9~ -]{0,30}") {
            if let Some(cursor) = Cursor::parse(&text) {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }

    #[test]
    fn what_this_server_cannot_have_written_is_no_id() {
        let long = "1".repeat(200);
        for text in ["", "-", "1-", "-1", "01-1", "1-01", "+1-1", "1-1~", "1-1~1", "1-1~1-1~1-1", "4294967296-1", &long]
        {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
