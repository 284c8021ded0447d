//! Exit codes, the same everywhere.

use std::process::ExitCode;

/// How a command ended. Declared from the heaviest to the lightest: of several, the first one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Usage or environment: a wrong option, no contracts folder, a disk that cannot be written.
    Usage,
    /// Invalid contracts.
    Invalid,
    /// A released promise is broken, or the lock or a waiver is not as it should be.
    Findings,
    /// Generated files are stale.
    Stale,
    /// Nothing to complain about.
    Clean,
}

impl Exit {
    /// The heavier of the two.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// What the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Usage => 1,
            Self::Invalid => 2,
            Self::Findings => 100,
            Self::Stale => 4,
            Self::Clean => 0,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_the_heaviest_counts() {
        assert_eq!(Exit::Clean.and(Exit::Stale).and(Exit::Invalid).code(), 2);
        assert_eq!(Exit::Stale.and(Exit::Usage).code(), 1);
        assert_eq!(Exit::Stale.and(Exit::Findings).code(), 100);
        assert_eq!(Exit::Invalid.and(Exit::Findings).code(), 2);
        assert_eq!(Exit::Clean.and(Exit::Clean).code(), 0);
    }
}
