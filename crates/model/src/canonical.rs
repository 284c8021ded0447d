//! The canonical shape of an event or type: everything that a verdict looks at, every default explicit, and nothing
//! else. Its digest is what makes a released revision the revision that it is.
//!
//! Invariant: documentation, examples, owners, deprecations and the order of fields, values and cases are not in it;
//! two contracts that mean the same on the wire have one digest. A change of this form needs a new [`FORMAT`].

mod text;

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Event};
use crate::digest::digest_of_text;
use crate::name::TypeName;
use crate::shape::NamedType;

/// The version of the canonical form.
const FORMAT: u32 = 1;

/// The digest of an event's shape with the digests of every type that it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Over the event's own canonical shape and `uses`.
    pub digest: String,
    /// Per reachable named type, the digest of its own canonical shape.
    pub uses: BTreeMap<TypeName, String>,
}

/// The fingerprint of an event as `catalog` resolves it.
pub fn fingerprint(catalog: &Catalog, event: &Event) -> Fingerprint {
    let reachable = catalog.reachable(&event.payload);
    let uses: BTreeMap<TypeName, String> =
        reachable.into_iter().map(|(name, named)| (name.clone(), type_digest(named))).collect();
    Fingerprint { digest: event_digest(event, &uses), uses }
}

/// The digest of an event's shape, given those of every named type that it reaches.
pub(crate) fn event_digest(event: &Event, uses: &BTreeMap<TypeName, String>) -> String {
    digest_of_text(&text::event(event, uses))
}

/// The digest of a named type's own canonical shape.
pub fn type_digest(named: &NamedType) -> String {
    digest_of_text(&text::named_type(named))
}
