//! The generated folder on the disk: what is there, what has to change, and changing it without half-written files.

mod survey;

mod plan;

mod scratch;

mod write;

mod cache;

pub(crate) mod stamp;

pub(crate) mod stale;

pub(crate) use plan::Plan;
pub(crate) use scratch::Scratch;
pub(crate) use survey::Survey;
pub(crate) use write::apply;
