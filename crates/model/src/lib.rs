//! The catalog as plain data: names, types, events, where each stands in its source, what is wrong with it,
//! and the three JSON Schema languages (I, W, R) that one contract means.
//!
//! Knows nothing of YAML, files, git, HTTP or the clock.

mod name;
mod spelling;

mod place;

mod diagnostic;

mod pattern;

mod shape;

mod format;

mod catalog;

mod function;

mod exact;

mod digest;

mod canonical;

pub mod hoist;

mod schema;

pub mod serial;

mod version;

mod waiver;

pub mod lock;

pub mod strict;

mod released;

#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;

pub use canonical::{Fingerprint, fingerprint, type_digest};
pub use catalog::{
    Audience, Catalog, Date, Deprecated, Event, Example, LintLevel, LintPolicy, NamePolicy, Payload, Retain, Retired,
    RustPackage, Settings, Stability,
};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Rule, Severity};
pub use digest::{canonical, digest};
pub use exact::{Inexact, inexact_in_payload, inexact_in_type, json_pointer};
pub use function::{Function, Parameter, fill};
pub use name::{EventName, FieldName, NameError, RESERVED_EVENT_NAMES, RESERVED_EVENT_PREFIX, TypeName};
pub use pattern::{Difference, Form, Pattern, PatternError, Texts};
pub use place::{FileId, Location, Place, Source, Sources};
pub use released::{Released, Shapes};
pub use schema::{Language, bare_payload_schema, bare_type_schema, payload_schema};
pub use shape::{
    Bounds, Case, Derivation, Enum, EnumValue, Field, List, Mapping, NamedType, Presence, Record, SAFE_INTEGER, Text,
    TextFormat, Type, TypeKind, Union,
};
pub use spelling::{pascal, snake, variant};
pub use version::Version;
pub use waiver::Waiver;
