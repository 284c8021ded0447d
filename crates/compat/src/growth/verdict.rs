//! What one difference means: the growth table of the design, as one match that knows every kind of change.

use growset_model::{Rule, Severity};

use super::change::{Change, ChangeKind, FieldPresence};
use super::promise::Promise;
use super::rules as r;

/// The row of the growth table that a change is.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// How much it weighs.
    pub class: Class,
    /// The rule it breaks; none when it grows, or changes nothing on the wire.
    pub rule: Option<&'static Rule>,
    /// Whom it breaks, in the order of reports; empty unless it is breaking.
    pub promises: Vec<Promise>,
    /// What a witness would show.
    pub proof: Proof,
    /// What happened and where, lower case, without a full stop.
    pub message: String,
    /// Why that breaks someone, in one sentence.
    pub reason: &'static str,
    /// Ways out other than the next version of the event.
    pub help: Vec<String>,
}

/// How much a change weighs, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Docs and the like: an npm patch.
    Unchanged,
    /// Growth: an npm minor.
    Additive,
    /// Nothing breaks for certain, and someone should know.
    Warning,
    /// The wire stays, and code that uses the generated packages has to change: an npm major.
    Source,
    /// No promise is broken for certain, and a released event may not do it.
    Policy,
    /// A promise is broken.
    Breaking,
}

/// Whether a payload can show what a breaking change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// One exists wherever the place can be reached.
    Witness,
    /// One is searched for within a budget; a promise without one is not broken, which leaves a matter of policy.
    Search,
    /// None can: the payloads are alike. A sample shows what is spoken of.
    Sample,
}

impl Class {
    /// As reports and their machine-readable forms spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Additive => "additive",
            Self::Warning => "warning",
            Self::Source => "source",
            Self::Policy => "policy",
            Self::Breaking => "breaking",
        }
    }

    /// How a finding of this class is shown.
    pub fn severity(self) -> Severity {
        match self {
            Self::Breaking | Self::Policy => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Source | Self::Additive | Self::Unchanged => Severity::Note,
        }
    }
}

impl Verdict {
    fn plain(class: Class, message: String) -> Self {
        Self { class, rule: None, promises: Vec::new(), proof: Proof::Sample, message, reason: "", help: Vec::new() }
    }

    fn unchanged(message: String) -> Self {
        Self::plain(Class::Unchanged, message)
    }

    fn additive(message: String) -> Self {
        Self::plain(Class::Additive, message)
    }

    /// A breach of `rule` that breaks no promise.
    pub(super) fn of(rule: &'static Rule, class: Class, message: String) -> Self {
        Self { rule: Some(rule), ..Self::plain(class, message) }
    }

    /// A breach of `rule` that breaks promises.
    pub(super) fn breaking(rule: &'static Rule, promises: &[Promise], proof: Proof, message: String) -> Self {
        Self { promises: promises.to_vec(), proof, ..Self::of(rule, Class::Breaking, message) }
    }

    pub(super) fn because(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    pub(super) fn help(mut self, way_out: impl Into<String>) -> Self {
        self.help.push(way_out.into());
        self
    }

    /// Below a derived field there is nothing that a publisher sends.
    fn seen_by(mut self, published: bool) -> Self {
        if !published && self.class == Class::Breaking && self.proof != Proof::Sample {
            self.promises.retain(|promise| *promise != Promise::Publishers);
            if self.promises.is_empty() {
                self.class = Class::Policy;
                self.proof = Proof::Sample;
            }
        }
        self
    }
}

/// Judges one change. Nothing but the change is looked at, so that the same edit always means the same.
pub fn verdict(change: &Change) -> Verdict {
    judge(change).seen_by(change.published)
}

fn judge(change: &Change) -> Verdict {
    let at = change.whereabouts();
    match &change.kind {
        ChangeKind::PackageRenamed { old, new } => r::package_renamed::judge(old, new),
        ChangeKind::SchemaBaseChanged { old, new } => r::schema_base_changed::judge(old, new),
        ChangeKind::EventAdded => Verdict::additive(format!("event {at} was added")),
        ChangeKind::EventRemoved { tombstone: false } => r::event_removed::judge(&at),
        ChangeKind::EventRemoved { tombstone: true } => r::tombstone_removed::judge(&at),
        ChangeKind::EventRetired { early } => r::event_retired::judge(&at, *early),
        ChangeKind::EventUnretired => r::event_unretired::judge(&at),
        ChangeKind::TombstoneReused => r::tombstone_reused::judge(&at),
        ChangeKind::StableBecameDraft => r::stable_became_draft::judge(&at),
        ChangeKind::AudienceChanged { old, new } => r::audience_changed::judge(&at, *old, *new),
        ChangeKind::AudienceWidened { old, new } => r::audience_widened::judge(&at, *old, *new),
        ChangeKind::RetainChanged { old, new } => r::retain_changed::judge(&at, old, new),
        ChangeKind::TerminalChanged { terminal } => r::terminal_changed::judge(&at, *terminal),
        ChangeKind::MaxBytesChanged { old, new } => r::max_bytes_lowered::judge(&at, *old, *new)
            .unwrap_or_else(|| Verdict::unchanged(format!("`max_bytes` of {at} was raised"))),
        ChangeKind::MappingChanged { old, new } => r::mapping_changed::judge(&at, old, new),
        ChangeKind::FieldAdded { presence } => field_added(&at, *presence),
        ChangeKind::FieldRemoved { presence: FieldPresence::Derived } => r::derived_field_removed::judge(&at),
        ChangeKind::FieldRemoved { presence } => r::field_removed::judge(&at, *presence),
        ChangeKind::FieldRenamed { old, presence, .. } => r::field_renamed::judge(&at, old.as_str(), *presence),
        ChangeKind::PresenceChanged { old, new } => presence_changed(&at, *old, *new),
        ChangeKind::DerivationChanged { old, new } => r::derivation_changed::judge(&at, old, new),
        ChangeKind::DefaultChanged { old, new } => r::default_changed::judge(&at, old, new),
        ChangeKind::PiiAdded => Verdict::unchanged(format!("{at} became personal data")),
        ChangeKind::PiiRemoved => r::pii_removed::judge(&at),
        ChangeKind::TypeAdded => Verdict::additive(format!("{at} was added")),
        ChangeKind::TypeRenamed { old, new, aliased: true } => {
            Verdict::unchanged(format!("type {old} is now {new}, which keeps the old name as an alias"))
        }
        ChangeKind::TypeRenamed { old, new, aliased: false } => r::type_renamed::judge(old, new),
        ChangeKind::TypeReplaced { old, new } => r::type_replaced::judge(old, new),
        ChangeKind::TypeInlined { name } => r::type_inlined::judge(&at, name),
        ChangeKind::TypeExtracted { name } => r::type_extracted::judge(&at, name),
        ChangeKind::TypeChanged { old, new } => r::type_changed::judge(&at, old, new),
        ChangeKind::FormatChanged { old, new } => r::format_changed::judge(&at, old, new),
        ChangeKind::NullabilityChanged { nullable } => r::nullability_changed::judge(&at, *nullable),
        ChangeKind::BoundChanged(limit) => r::bound_changed::judge(&at, limit),
        ChangeKind::LengthChanged { limit, patterned } => r::length_changed::judge(&at, limit, *patterned),
        ChangeKind::ItemCountChanged { limit, unique } => r::item_count_changed::judge(&at, limit, *unique),
        ChangeKind::UniquenessChanged { unique } => r::uniqueness_changed::judge(&at, *unique),
        ChangeKind::PatternChanged { old, new } => r::pattern_changed::judge(&at, old.as_deref(), new.as_deref()),
        ChangeKind::EnumValueAdded { value, closed: false } => {
            Verdict::additive(format!("value `{value}` was added to {at}"))
        }
        ChangeKind::EnumValueAdded { value, closed: true } => r::closed_enum_grew::judge(&at, value),
        ChangeKind::EnumValueRemoved { value, closed } => r::enum_value_removed::judge(&at, value, *closed),
        ChangeKind::EnumValueRenamed { old, new, was_closed, is_closed } => {
            r::enum_value_renamed::judge(&at, old, new, *was_closed, *is_closed)
        }
        ChangeKind::CaseAdded { value, closed: false } => {
            Verdict::additive(format!("case `{value}` was added to {at}"))
        }
        ChangeKind::CaseAdded { value, closed: true } => r::closed_union_grew::judge(&at, value),
        ChangeKind::CaseRemoved { value, closed } => r::case_removed::judge(&at, value, *closed),
        ChangeKind::CaseRenamed { old, new, was_closed, is_closed } => {
            r::case_renamed::judge(&at, old, new, *was_closed, *is_closed)
        }
        ChangeKind::OpennessChanged { closed } => r::openness_changed::judge(&at, *closed),
        ChangeKind::TagRenamed { old, new } => r::tag_renamed::judge(&at, old.as_str(), new.as_str()),
        ChangeKind::OpaqueChanged => r::opaque_changed::judge(&at),
        ChangeKind::Documentation { what } => Verdict::unchanged(format!("{what} of {at} changed")),
    }
}

fn field_added(at: &str, presence: FieldPresence) -> Verdict {
    match presence {
        FieldPresence::Required => r::required_field_added::judge(at),
        FieldPresence::Optional => Verdict::additive(format!("optional field {at} was added")),
        FieldPresence::Derived => Verdict::additive(format!("derived field {at} was added")),
    }
}

fn presence_changed(at: &str, old: FieldPresence, new: FieldPresence) -> Verdict {
    use FieldPresence::{Derived, Optional, Required};
    match (old, new) {
        (Optional | Derived, Required) => r::field_became_required::judge(at, old),
        (Required, Optional) => r::field_became_optional::judge(at),
        (Required | Optional, Derived) => r::field_became_derived::judge(at, old),
        (Derived, Optional) => r::derived_field_became_optional::judge(at),
        (Required, Required) | (Optional, Optional) | (Derived, Derived) => {
            Verdict::unchanged(format!("{at} is as it was"))
        }
    }
}
