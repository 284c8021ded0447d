//! The three promises of "additive only", each a containment of one language in another.

use std::fmt;

use growset_model::Language;

/// Who relies on a released event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// W(new) is in R(old): a page opened last week understands what is sent today.
    OpenPages,
    /// W(old) is in R(new): a page built today understands what was recorded.
    Replay,
    /// I(old) is in I(new): what a service built last week publishes is still taken.
    Publishers,
}

/// One of the two contracts that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// A released revision.
    Old,
    /// The contract as it is now.
    New,
}

impl Promise {
    /// Every promise, in the order of reports.
    pub const ALL: [Self; 3] = [Self::OpenPages, Self::Replay, Self::Publishers];

    /// As reports and their machine-readable forms spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenPages => "open-pages",
            Self::Replay => "replay",
            Self::Publishers => "publishers",
        }
    }

    /// Which side sends, and in which language.
    pub fn producer(self) -> (Side, Language) {
        match self {
            Self::OpenPages => (Side::New, Language::Wire),
            Self::Replay => (Side::Old, Language::Wire),
            Self::Publishers => (Side::Old, Language::Intake),
        }
    }

    /// Which side takes, and in which language.
    pub fn consumer(self) -> (Side, Language) {
        match self {
            Self::OpenPages => (Side::Old, Language::Reader),
            Self::Replay => (Side::New, Language::Reader),
            Self::Publishers => (Side::New, Language::Intake),
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
