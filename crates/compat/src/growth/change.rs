//! One difference between a released revision and the new catalog.

use growset_model::{Audience, EventName, FieldName, Place, Presence, TypeName};

use super::path::{Path, Root};

/// One difference, with its place on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The event that the revision is of, or the event whose payload reaches `root`.
    pub event: Option<EventName>,
    /// What `path` starts from.
    pub root: Root,
    /// Where below the root.
    pub path: Path,
    /// How the event's payload reaches the root; empty where the root is the event.
    pub via: Path,
    /// What differs.
    pub kind: ChangeKind,
    /// Whether the place is part of what publishers send: not below a derived field.
    pub published: bool,
    /// Where the released text has it; nowhere when the baseline has no text.
    pub old_place: Place,
    /// Where the new text has it, or what it is missing from.
    pub new_place: Place,
}

/// Everything that can differ. A new kind does not compile until `verdict` judges it.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the line above each kind says what its fields hold: mostly both sides' spelling")]
pub enum ChangeKind {
    /// The name of the npm package or of the Rust crate.
    PackageRenamed { old: String, new: String },
    /// The URL that every `$id` starts with.
    SchemaBaseChanged { old: String, new: String },
    /// A new event.
    EventAdded,
    /// The contract is gone; `tombstone` when a tombstone is what is gone.
    EventRemoved { tombstone: bool },
    /// The contract became a tombstone; `early` when no sunset was released, or the last one is still to come.
    EventRetired { early: bool },
    /// A tombstone became the event that it was.
    EventUnretired,
    /// A tombstone became another event.
    TombstoneReused,
    /// Stable and then draft.
    StableBecameDraft,
    /// Another group of listeners receives it.
    AudienceChanged { old: Audience, new: Audience },
    /// Some who receive it now are not among those who received it.
    AudienceWidened { old: Audience, new: Audience },
    /// Which last payload is kept.
    RetainChanged { old: String, new: String },
    /// Whether it ends a subscription.
    TerminalChanged { terminal: bool },
    /// The limit of the intake; `None` is no limit.
    MaxBytesChanged { old: Option<u64>, new: Option<u64> },
    /// How a field is filled from the event that is replaced.
    MappingChanged { old: String, new: String },

    /// A field that the revision lacks.
    FieldAdded { presence: FieldPresence },
    /// A field that the new contract lacks.
    FieldRemoved { presence: FieldPresence },
    /// The one field that went and the one that came are alike but for their names.
    FieldRenamed { old: FieldName, new: FieldName, presence: FieldPresence },
    /// Required, optional or derived.
    PresenceChanged { old: FieldPresence, new: FieldPresence },
    /// The function of a derived field, or what it reads.
    DerivationChanged { old: String, new: String },
    /// What listeners assume when the field is absent.
    DefaultChanged { old: String, new: String },
    /// Became personal data.
    PiiAdded,
    /// Is personal data no longer.
    PiiRemoved,

    /// A new named type.
    TypeAdded,
    /// Another name for the same shape; `aliased` when `was` keeps the old one alive in the generated code.
    TypeRenamed { old: TypeName, new: TypeName, aliased: bool },
    /// Another named type where one was used that is still there.
    TypeReplaced { old: TypeName, new: TypeName },
    /// A named type is spelled out where it is used.
    TypeInlined { name: TypeName },
    /// An inline type got a name.
    TypeExtracted { name: TypeName },
    /// Another kind of type.
    TypeChanged { old: String, new: String },
    /// Another format, to one or from one.
    FormatChanged { old: String, new: String },
    /// `null` is a value, or is one no longer.
    NullabilityChanged { nullable: bool },
    /// A limit of a number.
    BoundChanged(LimitChange),
    /// A limit of a text's length; `patterned` when a pattern stands beside it on either side.
    LengthChanged { limit: LimitChange, patterned: bool },
    /// A limit of a list's length; `unique` when either side takes no two equal items.
    ItemCountChanged { limit: LimitChange, unique: bool },
    /// Whether a list may hold two equal items.
    UniquenessChanged { unique: bool },
    /// The text of a pattern.
    PatternChanged { old: Option<String>, new: Option<String> },
    /// `closed` says whether the old enum is.
    EnumValueAdded { value: String, closed: bool },
    /// `closed` says whether the new enum is.
    EnumValueRemoved { value: String, closed: bool },
    /// The one value that went and the one that came.
    EnumValueRenamed { old: String, new: String, was_closed: bool, is_closed: bool },
    /// `closed` says whether the old union is.
    CaseAdded { value: String, closed: bool },
    /// `closed` says whether the new union is.
    CaseRemoved { value: String, closed: bool },
    /// The one case that went and the one that came are alike but for the value of the tag.
    CaseRenamed { old: String, new: String, was_closed: bool, is_closed: bool },
    /// An enum or a union was opened or closed.
    OpennessChanged { closed: bool },
    /// The property that tells the cases of a union apart.
    TagRenamed { old: FieldName, new: FieldName },
    /// The text of a schema that is carried whole.
    OpaqueChanged,
    /// What only people read, or what means the same in any order.
    Documentation { what: &'static str },
}

/// [`Presence`] without its derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldPresence {
    /// Always there.
    Required,
    /// May be absent.
    Optional,
    /// Filled in by the server.
    Derived,
}

/// Which of two limits changed, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitChange {
    /// The smallest or the largest.
    pub end: End,
    /// More fits than before.
    pub loosened: bool,
    /// As the revision has it.
    pub old: String,
    /// As the new contract has it.
    pub new: String,
}

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

impl FieldPresence {
    /// As messages spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Derived => "derived",
        }
    }
}

impl From<&Presence> for FieldPresence {
    fn from(presence: &Presence) -> Self {
        match presence {
            Presence::Required => Self::Required,
            Presence::Optional => Self::Optional,
            Presence::Derived(_) => Self::Derived,
        }
    }
}

impl ChangeKind {
    /// Nothing on the wire tells the two sides apart: names of types and what people read.
    pub(crate) fn is_of_the_text_alone(&self) -> bool {
        matches!(
            self,
            Self::Documentation { .. }
                | Self::TypeAdded
                | Self::TypeRenamed { .. }
                | Self::TypeReplaced { .. }
                | Self::TypeInlined { .. }
                | Self::TypeExtracted { .. }
        )
    }
}

impl End {
    /// As contracts spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

impl Change {
    /// Of the root itself, which the revision does not know.
    pub(super) fn of(event: Option<&EventName>, root: Root, kind: ChangeKind, new_place: Place) -> Self {
        Self {
            event: event.cloned(),
            root,
            path: Path::default(),
            via: Path::default(),
            kind,
            published: true,
            old_place: Place::NOWHERE,
            new_place,
        }
    }

    /// The steps from the event's payload to the place.
    pub fn from_payload(&self) -> Path {
        self.via.join(&self.path)
    }

    /// The place in words: `` `items[].price` of order.created ``, `type Money`.
    pub fn whereabouts(&self) -> String {
        match (&self.root, self.path.is_root()) {
            (root, true) => root.to_string(),
            (root, false) => format!("`{}` of {root}", self.path),
        }
    }
}
