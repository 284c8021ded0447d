//! Where a listener stands, and the one spelling of it: the event id `<epoch>-<seq>`.
//!
//! The epoch of an organisation's ring carries its mark, `<number>.<mark>`, so that the id of one organisation's event
//! is none of another's, whatever their numbers; the ring of public events has none. A listener that hears public
//! events stands in two rings, and its id carries both, the organisation's first:
//! `8hPAFUNo8.971Q5wj-17~8hPAFUNo8-5`. Numbers of epochs and marks are written in base 62, so that the longest id fits. No
//! other module spells one.

use std::fmt;

use growset_model::digest;
use serde_json::Value;

use crate::recipient::Scope;

/// A place in one ring: right after the event with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Under which start of the server the event was numbered, and in whose ring.
    pub epoch: Epoch,
    /// Counts from one, without a hole; zero is before the first event.
    pub seq: u64,
}

/// One start of the server, in one ring. No two starts share one, whether they share data or have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    number: u64,
    mark: Option<Mark>,
}

/// Tells the rings of organisations apart: digits of base 62, about 41 bits of a digest of the name. Invariant: it is
/// the same for ever, since an id outlives the server that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark([u8; 7]);

/// Where a listener stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// In the ring of its organisation.
    pub org: Position,
    /// In the ring of public events, for a listener that hears them.
    pub public: Option<Position>,
}

/// The longest id that a server may write. Two epochs of 9 digits, a mark, two numbers of 16 digits and four
/// separators are three less.
pub const LONGEST_ID: usize = 64;

/// No epoch and no event has a larger number, because Redis' scripts count in floating point.
const LARGEST: u64 = 1 << 53;

/// So many bits of an epoch's number are drawn; the others are the second in which it began.
const DRAWN_BITS: u32 = 20;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Epoch {
    /// The epoch of this number in the ring of a scope.
    pub fn new(scope: &Scope, number: u64) -> Self {
        let mark = match scope {
            Scope::Org(org) => Some(Mark::of(org)),
            Scope::Public => None,
        };
        Self { number, mark }
    }

    /// As stores keep it. A later start on the same data has a larger one.
    pub fn number(self) -> u64 {
        self.number
    }

    /// The number of an epoch that begins now, `seconds` after the beginning of 1970, on data whose last one was `previous`.
    ///
    /// Later than that, and another one than whatever begins elsewhere: on a copy of the same data in the same second,
    /// or by a clock that is behind, where the time alone would not tell them apart.
    pub(crate) fn beginning(previous: u64, seconds: u32) -> u64 {
        let drawn = Self::draw();
        (u64::from(seconds) << DRAWN_BITS | drawn).max(previous.saturating_add(1 + drawn))
    }

    /// What tells an epoch from those that begin in the same second.
    pub(crate) fn draw() -> u64 {
        // Without a source of randomness the time still tells most of them apart, which is no reason to fail.
        u64::from(getrandom::u32().unwrap_or(0) >> (u32::BITS - DRAWN_BITS))
    }

    /// Another start, in the same ring.
    pub(crate) fn with_number(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// Whether both are of one ring.
    pub(crate) fn is_beside(self, other: Self) -> bool {
        self.mark == other.mark
    }

    /// The place after this many events.
    pub fn at(self, seq: u64) -> Position {
        Position { epoch: self, seq }
    }

    fn parse(text: &str) -> Option<Self> {
        let (number, mark) = match text.split_once('.') {
            Some((number, mark)) => (number, Some(Mark::parse(mark)?)),
            None => (text, None),
        };
        let number = spelled_once(number).then_some(number)?;
        let number = number.bytes().try_fold(0_u64, |sum, byte| {
            let digit = DIGITS.iter().position(|digit| *digit == byte)?;
            sum.checked_mul(62)?.checked_add(digit as u64)
        })?;
        (number <= LARGEST).then_some(Self { number, mark })
    }
}

impl Mark {
    fn of(org: &str) -> Self {
        let digest = digest(&Value::from(org));
        let bits = digest
            .bytes()
            .take(16)
            .fold(0_u64, |bits, digit| bits << 4 | u64::from(char::from(digit).to_digit(16).unwrap_or_default()));
        let mut rest = bits;
        Self([(); 7].map(|()| {
            let digit = DIGITS[(rest % 62) as usize];
            rest /= 62;
            digit
        }))
    }

    fn parse(text: &str) -> Option<Self> {
        let mark: [u8; 7] = text.as_bytes().try_into().ok()?;
        mark.iter().all(|byte| DIGITS.contains(byte)).then_some(Self(mark))
    }
}

impl Position {
    fn parse(text: &str) -> Option<Self> {
        let (epoch, seq) = text.split_once('-')?;
        let is_number = spelled_once(seq) && seq.bytes().all(|byte| byte.is_ascii_digit());
        let seq = is_number.then(|| seq.parse().ok()).flatten().filter(|seq| *seq <= LARGEST)?;
        Some(Self { epoch: Epoch::parse(epoch)?, seq })
    }

    fn parse_of_org(text: &str) -> Option<Self> {
        Self::parse(text).filter(|position| position.epoch.mark.is_some())
    }

    fn parse_of_public(text: &str) -> Option<Self> {
        Self::parse(text).filter(|position| position.epoch.mark.is_none())
    }
}

/// Something without a leading zero, so that a position has one spelling.
fn spelled_once(number: &str) -> bool {
    number == "0" || !(number.is_empty() || number.starts_with('0'))
}

impl Cursor {
    /// What the position in a second ring adds to an id, in bytes, at most.
    pub(crate) const SECOND_POSITION: usize = 27;

    /// Reads an id. Nothing when this server cannot have written it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_ID {
            return None;
        }
        let (org, public) = match text.split_once('~') {
            Some((org, public)) => (org, Some(Position::parse_of_public(public)?)),
            None => (text, None),
        };
        Some(Self { org: Position::parse_of_org(org)?, public })
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 11];
        let mut rest = self.number;
        let mut first = digits.len();
        while rest > 0 || first == digits.len() {
            first -= 1;
            digits[first] = DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        write_digits(&digits[first..], formatter)?;
        self.mark.iter().try_for_each(|mark| {
            formatter.write_str(".")?;
            write_digits(&mark.0, formatter)
        })
    }
}

fn write_digits(digits: &[u8], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Digits are ASCII.
    formatter.write_str(std::str::from_utf8(digits).unwrap_or_default())
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

    fn of_org(org: &str, number: u64) -> Epoch {
        Epoch::new(&Scope::Org(org.into()), number)
    }

    proptest! {
        #[test]
        fn an_id_is_read_as_it_was_written(
            org in ".{1,20}", epoch in 0..=LARGEST, seq in 0..=LARGEST,
            public in proptest::option::of((0..=LARGEST, 0..=LARGEST)),
        ) {
            let public = public.map(|(epoch, seq)| Epoch::new(&Scope::Public, epoch).at(seq));
            let cursor = Cursor { org: of_org(&org, epoch).at(seq), public };
            let id = cursor.to_string();
            prop_assert!(id.len() <= LONGEST_ID);
            prop_assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-~".contains(&byte)));
            prop_assert_eq!(Cursor::parse(&id), Some(cursor));
        }

        #[test]
        fn an_id_is_of_one_organisation(one in ".{1,20}", other in ".{1,20}", epoch in 0..=LARGEST, seq in 0..=LARGEST) {
            let [a, b] = [&one, &other].map(|org| of_org(org, epoch).at(seq));
            prop_assert_eq!(a.to_string() == b.to_string(), one == other);
            prop_assert_eq!(a.epoch.is_beside(b.epoch), one == other);
            prop_assert!(!a.epoch.is_beside(Epoch::new(&Scope::Public, epoch)));
        }

        #[test]
        fn any_other_text_is_no_id(text in "[0-9A-Za-z]{1,7}[.~][0-9A-Za-z]{7}-[0-9]{1,3}([~-][0-9a-z.]{1,2}-[0-9]{1,2})?") {
            if let Some(cursor) = Cursor::parse(&text) {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }

    #[test]
    fn the_longest_id_fits_and_a_mark_stays_what_it_was() {
        let longest = of_org("acme", LARGEST).at(LARGEST);
        let public = Some(Epoch::new(&Scope::Public, LARGEST).at(LARGEST));
        let id = Cursor { org: longest, public }.to_string();
        assert_eq!(id, "fFgnDxSe8.971Q5wj-9007199254740992~fFgnDxSe8-9007199254740992");
        assert_eq!(id.len(), LONGEST_ID - 3);
    }

    #[test]
    fn epochs_that_begin_at_once_differ_and_come_after_the_last() {
        for (previous, seconds) in [(0, 0), (7, 1_763_745_362), (1 << 52, 1_763_745_362)] {
            let begun: std::collections::BTreeSet<u64> = (0..8).map(|_| Epoch::beginning(previous, seconds)).collect();
            // Two of eight are the same once in 40,000 times.
            assert!(begun.len() >= 7, "{begun:?}");
            assert!(begun.iter().all(|epoch| *epoch > previous && *epoch < LARGEST));
        }
    }

    #[test]
    fn what_this_server_cannot_have_written_is_no_id() {
        let long = "1".repeat(200);
        let (org, public) = ("1.abcdefg-1", "1-1");
        assert!(Cursor::parse(org).is_some() && Cursor::parse(&format!("{org}~{public}")).is_some());
        for text in [
            "",
            "-",
            "1.abcdefg-",
            "1.abcdefg",
            "-1",
            ".abcdefg-1",
            "01.abcdefg-1",
            "1.abcdefg-01",
            "+1.abcdefg-1",
            "1.abcdefg-+1",
            "1.abcdefg-1a",
            "1.abcdef-1",
            "1.abcdefgh-1",
            "1.abcdef_-1",
            "1.abcdef\u{e9}-1",
            "1.abcdefg.abcdefg-1",
            "fFgnDxSe9.abcdefg-1",
            "zzzzzzzzzzzz.abcdefg-1",
            "1.abcdefg-9007199254740993",
            "1.abcdefg-18446744073709551616",
            &long,
        ] {
            assert_eq!(Cursor::parse(text), None, "{text}");
            assert_eq!(Cursor::parse(&format!("{text}~{public}")), None, "{text}");
        }
        for second in ["", "1", "01-1", "1-1~1-1", org, "1763745362-1"] {
            assert_eq!(Cursor::parse(&format!("{org}~{second}")), None, "{second}");
        }
        assert_eq!(Cursor::parse(public), None, "a place among public events alone");
    }
}
