//! The shapes of payloads: what the contract language can say, and nothing else.

use serde_json::Value;

use crate::catalog::Deprecated;
use crate::name::{FieldName, TypeName};
use crate::pattern::Pattern;
use crate::place::Place;

/// The largest integer that JavaScript holds exactly: 2^53 - 1 (ECMA-262, Number.MAX_SAFE_INTEGER).
pub const SAFE_INTEGER: i64 = (1 << 53) - 1;

/// A type where it is used, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// Where it is spelled.
    pub place: Place,
}

/// Everything a type can be.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// `string`.
    Text(Text),
    /// `decimal`, `timestamp`, `date`, `uuid`, `uri`, `email`.
    Format(TextFormat),
    /// `boolean`.
    Boolean,
    /// `integer`; a missing bound is the JS-safe one.
    Integer(Bounds<i64>),
    /// `number`: finite.
    Number(Bounds<f64>),
    /// `json`: anything.
    Json,
    /// `list<T>`.
    List(List),
    /// `map<T>`: any string key.
    Map(Box<Type>),
    /// `nullable<T>`; `T` is neither `json` nor `json_schema` nor nullable.
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeName),
    /// `{ enum: … }`.
    Enum(Enum),
    /// `{ fields: …, optional: … }`.
    Record(Record),
    /// `{ union: …, cases: … }`.
    Union(Union),
    /// `{ json_schema: … }`: carried whole, types as JSON.
    Opaque(Value),
}

/// A string and its limits. Lengths count code points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// Fewest code points.
    pub min_length: Option<u64>,
    /// Most code points.
    pub max_length: Option<u64>,
    /// Searched, not matched whole, as in JSON Schema.
    pub pattern: Option<Pattern>,
}

/// A string of a known format. Each is one pattern of ours; the intake checks the calendar too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextFormat {
    /// Decimal digits, lossless.
    Decimal,
    /// RFC 3339 date-time with offset, upper case, without second 60, at most nine fractional digits.
    Timestamp,
    /// RFC 3339 full-date.
    Date,
    /// RFC 9562, in the 8-4-4-4-12 form.
    Uuid,
    /// RFC 3986 with a scheme.
    Uri,
    /// The address form of the HTML standard's `input type=email`.
    Email,
}

/// Inclusive limits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds<N> {
    /// Smallest.
    pub min: Option<N>,
    /// Largest.
    pub max: Option<N>,
}

/// A list and its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Of each item.
    pub items: Box<Type>,
    /// Fewest.
    pub min_items: Option<u64>,
    /// Most.
    pub max_items: Option<u64>,
    /// No two items are equal.
    pub unique: bool,
}

/// A string out of a list of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// Closed: listeners may switch exhaustively, and it can never grow.
    pub closed: bool,
    /// In the contract's order, one at least, no two equal.
    pub values: Vec<EnumValue>,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// On the wire.
    pub value: String,
    /// What it means.
    pub doc: Option<String>,
    /// Why it should not be used any more.
    pub deprecated: Option<Deprecated>,
    /// Where it is spelled.
    pub place: Place,
}

/// An object with known fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Required ones first, then optional, then derived; each group in the contract's order; no two of one name.
    pub fields: Vec<Field>,
}

/// One field of a record. What few fields have is boxed: a large catalog has a hundred thousand of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// On the wire.
    pub name: FieldName,
    /// Whether it has to be there, and who fills it in.
    pub presence: Presence,
    /// What it holds.
    pub ty: Type,
    /// What it means.
    pub doc: Option<String>,
    /// A value that fits `ty`.
    pub example: Option<Box<Value>>,
    /// Why it should not be used any more.
    pub deprecated: Option<Box<Deprecated>>,
    /// Personal data: never logged, masked in tools, refused on `public`.
    pub pii: bool,
    /// What a listener should assume when it is absent; optional fields only.
    pub default: Option<Box<Value>>,
    /// Where the value comes from in the event that this one replaces; fields of an event only.
    pub mapping: Option<Box<Mapping>>,
    /// Where the name is spelled.
    pub place: Place,
}

/// Whether a field has to be there.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// Always there; frozen once released.
    Required,
    /// May be absent.
    Optional,
    /// Filled in by the server on publish; optional for listeners, forbidden for publishers.
    Derived(Box<Derivation>),
}

/// How a derived field is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivation {
    /// The function's name: a built-in one such as `money`, or one that the application registers.
    pub function: String,
    /// The fields of the same record that it reads, in the order of its parameters.
    pub inputs: Vec<FieldName>,
    /// Where the derivation is spelled.
    pub place: Place,
}

/// How a field of a second version is filled from a payload of the first.
#[derive(Debug, Clone, PartialEq)]
pub enum Mapping {
    /// `from: <field of the replaced event>`.
    From(FieldName),
    /// `from_value: <constant>`.
    Value(Value),
}

/// One of several records, told apart by a string property.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The property that tells the cases apart; no case has a field of that name.
    pub tag: FieldName,
    /// Closed: listeners may switch exhaustively, and it can never grow.
    pub closed: bool,
    /// In the contract's order, one at least, no two of one value.
    pub cases: Vec<Case>,
}

/// One case of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The value of the tag.
    pub value: String,
    /// What it means.
    pub doc: Option<String>,
    /// Why it should not be used any more.
    pub deprecated: Option<Deprecated>,
    /// The fields beside the tag.
    pub record: Record,
    /// Where it is spelled.
    pub place: Place,
}

/// A type with a name, shared by events.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedType {
    /// As contracts write it.
    pub name: TypeName,
    /// Earlier names: deprecated aliases in the generated code.
    pub was: Vec<TypeName>,
    /// What it means.
    pub doc: Option<String>,
    /// A value that fits `ty`.
    pub example: Option<Value>,
    /// Why it should not be used any more.
    pub deprecated: Option<Deprecated>,
    /// Personal data wherever it is used.
    pub pii: bool,
    /// What it is.
    pub ty: Type,
    /// Where the name is spelled.
    pub place: Place,
}

impl Type {
    /// The type under a `nullable<…>`, or the type itself.
    pub fn without_null(&self) -> &Self {
        if let TypeKind::Nullable(inner) = &self.kind { inner } else { self }
    }

    /// Whether `null` is one of the values, seen without looking through named types.
    pub fn is_nullable(&self) -> bool {
        matches!(self.kind, TypeKind::Nullable(_))
    }
}

impl TypeKind {
    /// The types directly inside this one, in order; nothing for leaves.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Self::Text(_)
            | Self::Format(_)
            | Self::Boolean
            | Self::Integer(_)
            | Self::Number(_)
            | Self::Json
            | Self::Named(_)
            | Self::Enum(_)
            | Self::Opaque(_) => Vec::new(),
            Self::List(list) => vec![&list.items],
            Self::Map(inner) | Self::Nullable(inner) => vec![inner],
            Self::Record(record) => record.fields.iter().map(|field| &field.ty).collect(),
            Self::Union(union) => {
                union.cases.iter().flat_map(|case| &case.record.fields).map(|field| &field.ty).collect()
            }
        }
    }
}

impl Record {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }
}

impl Field {
    /// Always there.
    pub fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required)
    }

    /// Filled in by the server.
    pub fn is_derived(&self) -> bool {
        matches!(self.presence, Presence::Derived(_))
    }
}

impl Bounds<i64> {
    /// Smallest value, the JS-safe one where the contract sets none.
    pub fn least(&self) -> i64 {
        self.min.unwrap_or(-SAFE_INTEGER)
    }

    /// Largest value, the JS-safe one where the contract sets none.
    pub fn greatest(&self) -> i64 {
        self.max.unwrap_or(SAFE_INTEGER)
    }
}

impl TextFormat {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::Decimal, Self::Timestamp, Self::Date, Self::Uuid, Self::Uri, Self::Email];

    /// As contracts spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decimal => "decimal",
            Self::Timestamp => "timestamp",
            Self::Date => "date",
            Self::Uuid => "uuid",
            Self::Uri => "uri",
            Self::Email => "email",
        }
    }

    /// The `format` of JSON Schema (2020-12 validation, section 7.3); nothing for `decimal`.
    pub fn json_schema_format(self) -> Option<&'static str> {
        match self {
            Self::Decimal => None,
            Self::Timestamp => Some("date-time"),
            Self::Date => Some("date"),
            Self::Uuid => Some("uuid"),
            Self::Uri => Some("uri"),
            Self::Email => Some("email"),
        }
    }
}
