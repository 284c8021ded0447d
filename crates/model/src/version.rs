//! The version of a generated package: three numbers (Semantic Versioning 2.0.0, without pre-releases).

use std::fmt;

/// `1.4.0`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Code that uses the package may have to change.
    pub major: u32,
    /// Something was added.
    pub minor: u32,
    /// Documentation only.
    pub patch: u32,
}

impl Version {
    /// Of the first release.
    pub const FIRST: Self = Self { major: 0, minor: 1, patch: 0 };

    /// Parses three numbers joined by dots, without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let is_number = part == "0" || (!part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit()));
            part.parse().ok().filter(|_| is_number)
        });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }

    /// The next one that code has to be changed for.
    pub fn next_major(self) -> Self {
        Self { major: self.major.saturating_add(1), minor: 0, patch: 0 }
    }

    /// The next one with something more in it.
    pub fn next_minor(self) -> Self {
        Self { minor: self.minor.saturating_add(1), patch: 0, ..self }
    }

    /// The next one that reads better.
    pub fn next_patch(self) -> Self {
        Self { patch: self.patch.saturating_add(1), ..self }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_plain_numbers_are_a_version() {
        assert_eq!(Version::parse("1.20.3").map(|version| version.to_string()), Some("1.20.3".to_owned()));
        for text in ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "+1.2.3", "1.2.3-dev", "1..3", "1.2.99999999999"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
