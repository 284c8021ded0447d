//! What identifies a change beyond its place: how each side spells it, and which of several things there it is.

use super::change::{ChangeKind, FieldPresence};

impl ChangeKind {
    /// Which of several things at one place changed: a value of an enum, one of two limits.
    pub(super) fn subject(&self) -> &str {
        match self {
            Self::EnumValueAdded { value, .. }
            | Self::EnumValueRemoved { value, .. }
            | Self::CaseAdded { value, .. }
            | Self::CaseRemoved { value, .. } => value,
            Self::EnumValueRenamed { old, .. } | Self::CaseRenamed { old, .. } => old,
            Self::BoundChanged(limit) | Self::LengthChanged { limit, .. } | Self::ItemCountChanged { limit, .. } => {
                limit.end.as_str()
            }
            Self::Documentation { what } => what,
            Self::PackageRenamed { old, .. } => old,
            Self::TypeRenamed { old, .. } | Self::TypeReplaced { old, .. } => old.as_str(),
            _ => "", // At most one of each other kind at one place.
        }
    }

    /// As the revision and as the new contract spell it; empty where one of them says nothing.
    pub fn facets(&self) -> (String, String) {
        let presence = |presence: &FieldPresence| presence.as_str().to_owned();
        let nothing = String::new;
        match self {
            Self::PackageRenamed { old, new }
            | Self::SchemaBaseChanged { old, new }
            | Self::RetainChanged { old, new }
            | Self::MappingChanged { old, new }
            | Self::DerivationChanged { old, new }
            | Self::DefaultChanged { old, new }
            | Self::TypeChanged { old, new }
            | Self::FormatChanged { old, new } => (old.clone(), new.clone()),
            Self::EventAdded | Self::TypeAdded => (nothing(), "event".to_owned()),
            Self::EventRemoved { tombstone } => (if *tombstone { "tombstone" } else { "event" }.to_owned(), nothing()),
            Self::EventRetired { .. } => ("event".to_owned(), "tombstone".to_owned()),
            Self::EventUnretired | Self::TombstoneReused => ("tombstone".to_owned(), "event".to_owned()),
            Self::StableBecameDraft => ("stable".to_owned(), "draft".to_owned()),
            Self::AudienceChanged { old, new } | Self::AudienceWidened { old, new } => {
                (old.as_str().to_owned(), new.as_str().to_owned())
            }
            Self::TerminalChanged { terminal } => ((!terminal).to_string(), terminal.to_string()),
            Self::MaxBytesChanged { old, new } => {
                let spelled = |limit: &Option<u64>| limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
                (spelled(old), spelled(new))
            }
            Self::FieldAdded { presence: added } => (nothing(), presence(added)),
            Self::FieldRemoved { presence: removed } => (presence(removed), nothing()),
            Self::FieldRenamed { old, new, .. } | Self::TagRenamed { old, new } => (old.to_string(), new.to_string()),
            Self::PresenceChanged { old, new } => (presence(old), presence(new)),
            Self::PiiAdded => ("false".to_owned(), "true".to_owned()),
            Self::PiiRemoved => ("true".to_owned(), "false".to_owned()),
            Self::TypeRenamed { old, new, .. } | Self::TypeReplaced { old, new } => (old.to_string(), new.to_string()),
            Self::TypeInlined { name } => (name.to_string(), nothing()),
            Self::TypeExtracted { name } => (nothing(), name.to_string()),
            Self::NullabilityChanged { nullable } => ((!nullable).to_string(), nullable.to_string()),
            Self::BoundChanged(limit) | Self::LengthChanged { limit, .. } | Self::ItemCountChanged { limit, .. } => {
                (limit.old.clone(), limit.new.clone())
            }
            Self::UniquenessChanged { unique } => ((!unique).to_string(), unique.to_string()),
            Self::PatternChanged { old, new } => (old.clone().unwrap_or_default(), new.clone().unwrap_or_default()),
            Self::EnumValueAdded { value, .. } | Self::CaseAdded { value, .. } => (nothing(), value.clone()),
            Self::EnumValueRemoved { value, .. } | Self::CaseRemoved { value, .. } => (value.clone(), nothing()),
            Self::EnumValueRenamed { old, new, .. } | Self::CaseRenamed { old, new, .. } => (old.clone(), new.clone()),
            Self::OpennessChanged { closed } => ((!closed).to_string(), closed.to_string()),
            Self::OpaqueChanged | Self::Documentation { .. } => (nothing(), nothing()),
        }
    }
}
