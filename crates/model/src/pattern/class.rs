//! A set of characters: any of ASCII, and all or none of the rest.
//!
//! The rest is one block because classes are ASCII: only a negation reaches past it, and then it takes all of it.

/// A set of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    /// Bit n is the character of code point n.
    ascii: u128,
    /// Whether every character past ASCII belongs.
    beyond: bool,
}

impl Class {
    pub(super) const EMPTY: Self = Self { ascii: 0, beyond: false };
    pub(super) const ANY: Self = Self { ascii: u128::MAX, beyond: true };

    /// The characters from `first` to `last`, both ASCII codes.
    pub(super) fn range(first: u8, last: u8) -> Self {
        let ascii = (first..=last.min(127)).fold(0, |bits, code| bits | 1u128 << code);
        Self { ascii, beyond: false }
    }

    /// `\d`, in ASCII as ECMA-262 reads it.
    pub(super) fn digits() -> Self {
        Self::range(b'0', b'9')
    }

    /// `\w`, in ASCII as ECMA-262 reads it.
    pub(super) fn word() -> Self {
        Self::digits().or(Self::range(b'a', b'z')).or(Self::range(b'A', b'Z')).or(Self::range(b'_', b'_'))
    }

    /// The ASCII part of `\s`: tab to carriage return, and space.
    pub(super) fn space() -> Self {
        Self::range(b'\t', b'\r').or(Self::range(b' ', b' '))
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, beyond: self.beyond || other.beyond }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { ascii: self.ascii & other.ascii, beyond: self.beyond && other.beyond }
    }

    pub(super) fn negated(self) -> Self {
        Self { ascii: !self.ascii, beyond: !self.beyond }
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    pub(super) fn reaches_beyond_ascii(self) -> bool {
        self.beyond
    }

    pub(super) fn contains(self, character: char) -> bool {
        let code = u32::from(character);
        if code < 128 { self.ascii >> code & 1 == 1 } else { self.beyond }
    }

    /// The only character of the set, if it has one alone.
    pub(super) fn only(self) -> Option<u8> {
        let alone = self.ascii.count_ones() == 1 && !self.beyond;
        if alone { u8::try_from(self.ascii.trailing_zeros()).ok() } else { None }
    }

    /// The ASCII part as ascending ranges that do not touch.
    pub(super) fn ranges(self) -> Vec<(u8, u8)> {
        let mut ranges: Vec<(u8, u8)> = Vec::new();
        for code in (0..128u8).filter(|code| self.ascii >> code & 1 == 1) {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == code => *last = code,
                _ => ranges.push((code, code)),
            }
        }
        ranges
    }

    /// A few characters of the set that are telling: plain ones first, then its ends, then one past ASCII.
    pub(super) fn specimens(self) -> Vec<char> {
        let ascii = || (0..128u8).map(char::from).filter(|&character| self.contains(character));
        let plain = ascii().find(char::is_ascii_lowercase).or_else(|| ascii().find(char::is_ascii_alphanumeric));
        let printable = ascii().find(char::is_ascii_graphic);
        let beyond = self.beyond.then_some('\u{1F600}');
        let mut specimens: Vec<char> = Vec::new();
        for character in [plain, printable, ascii().next_back(), ascii().next(), beyond].into_iter().flatten() {
            if !specimens.contains(&character) {
                specimens.push(character);
            }
        }
        specimens
    }
}
