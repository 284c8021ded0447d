//! A break that a team decided to make, until a day.

use crate::catalog::Date;
use crate::place::Place;

/// One entry of `contracts/waivers.yaml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Of the finding: rule, place, old and new facet; never its message.
    pub fingerprint: String,
    /// Why the break is right.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day it holds.
    pub expires: Date,
    /// The whole entry.
    pub place: Place,
}
