//! Places in a ring, and why one cannot be continued from.

use crate::cursor::Position;

/// Why a position cannot be continued from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// What came after it is no longer kept.
    Trimmed,
    /// The listener was slower than the ring.
    Lagged,
    /// It is ahead of this history: the data was rolled back.
    Rollback,
    /// Not a position of this ring.
    Unknown,
    /// What came after it was taken out of history.
    Erased,
}

impl Reason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Trimmed => "trimmed",
            Self::Lagged => "lagged",
            Self::Rollback => "rollback",
            Self::Unknown => "unknown",
            Self::Erased => "erased",
        }
    }
}

/// From which number on events bear an epoch. Numbers go on counting from one epoch to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Era {
    pub(crate) epoch: u64,
    pub(crate) first: u64,
}

/// What a listener has to find in a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// What comes from now on.
    Now,
    /// What came after a position.
    After(Position),
    /// Whatever is kept.
    Everything,
}

/// Where a listener stands in a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) position: Position,
    /// How often the ring had been turned back then.
    pub(super) turn: u32,
}
