//! Types, fields and files of types as an editor sees them. The comments of the fields are what a hover shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use crate::editor::contract::Day;

/// Types that events share.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("required" = ["types"], "defaultSnippets" = [{
    "label": "types",
    "body": { "types": { "${1:OrderId}": { "type": "${2:string}", "doc": "${3:What it means.}" } } }
}]))]
#[allow(dead_code, reason = "only described")]
pub(super) struct TypesFile {
    /// Types by name. A name starts with an upper-case letter: `OrderId`.
    types: BTreeMap<String, NamedType>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum NamedType {
    Spelled(TypeSpelling),
    Form(Box<NamedTypeForm>),
}

/// A type in one word, or as a mapping with constraints.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
pub(super) enum Field {
    Spelled(TypeSpelling),
    Form(Box<FieldForm>),
}

/// A built-in type, one of the catalog's, or `list<…>`, `map<…>`, `nullable<…>` around another.
#[derive(JsonSchema)]
#[schemars(extend("x-names" = "types"))]
#[allow(dead_code, reason = "only described")]
pub(super) struct TypeSpelling(String);

macro_rules! described_form {
    ($(#[$attribute:meta])* $name:ident { $($(#[$own_attribute:meta])* $own:ident: $kind:ty,)* }) => {
        $(#[$attribute])*
        #[derive(JsonSchema)]
        #[schemars(deny_unknown_fields)]
        #[allow(dead_code, reason = "only described")]
        pub(super) struct $name {
            $($(#[$own_attribute])* $own: $kind,)*
            /// The type in one word: `string`, `OrderId`, `list<OrderId>`.
            #[schemars(rename = "type")]
            spelled: Option<TypeSpelling>,
            /// What it means, in a sentence.
            doc: Option<String>,
            /// A value that fits the type.
            example: Option<Value>,
            /// Personal data: never logged, masked in tools, refused on `public`.
            pii: Option<bool>,
            /// A list of this type: `{ list: { type: string, max_length: 20 } }`.
            list: Option<Box<Field>>,
            /// An object with any keys whose values have this type.
            map: Option<Box<Field>>,
            /// This type or `null`. Absent is something else: a field under `optional`.
            nullable: Option<Box<Field>>,
            /// One of these strings, each with what it means. Open unless `closed: true`: listeners accept values that
            /// they do not know.
            ///
            /// ```yaml
            /// enum:
            ///   created: Placed by the buyer.
            ///   paid:
            /// ```
            #[schemars(rename = "enum")]
            values: Option<BTreeMap<String, EnumValue>>,
            /// An object whose fields are always present.
            fields: Option<BTreeMap<String, Field>>,
            /// Fields of the object that may be absent.
            optional: Option<BTreeMap<String, Field>>,
            /// Fields of the object that the server fills in.
            derived: Option<BTreeMap<String, Field>>,
            /// One of several objects, told apart by this string property. Goes with `cases`.
            union: Option<String>,
            /// The objects of a union by the value of their tag.
            cases: Option<BTreeMap<String, Case>>,
            /// A type that only JSON Schema can say, carried whole. It types as JSON.
            json_schema: Option<Value>,
            /// Listeners may switch over an `enum` or `union` exhaustively, and it can never grow.
            closed: Option<bool>,
            /// The smallest `integer` or `number`.
            min: Option<f64>,
            /// The largest `integer` or `number`.
            max: Option<f64>,
            /// The fewest characters of a `string`.
            min_length: Option<u64>,
            /// The most characters of a `string`, counted as code points.
            max_length: Option<u64>,
            /// A regular expression that a `string` is searched with; `^` and `$` anchor it. Literals, ASCII classes,
            /// groups, alternation and repeats only.
            pattern: Option<String>,
            /// The fewest items of a `list`.
            min_items: Option<u64>,
            /// The most items of a `list`.
            max_items: Option<u64>,
            /// No two items of a `list` are equal.
            unique: Option<bool>,
        }
    };
}

described_form! {
    /// A field with what is said of it.
    FieldForm {
        /// Why it should not be used any more: a reason, or `{ use: …, sunset: "2027-06-30", reason: … }`.
        deprecated: Option<Deprecated>,
        /// What a listener should assume when it is absent. Optional fields only.
        default: Option<Value>,
        /// Where the value comes from: a field of the replaced event, or, under `derived`, a function of fields as in
        /// `{ money: [amount, currency] }`.
        from: Option<From>,
        /// A constant for payloads of the replaced event.
        from_value: Option<Value>,
    }
}

described_form! {
    /// A named type with what is said of it.
    NamedTypeForm {
        /// Why it should not be used any more: a reason, or `{ use: …, sunset: "2027-06-30", reason: … }`.
        deprecated: Option<Deprecated>,
        /// Earlier names, which stay as deprecated aliases in the generated code: `[OldName]`.
        was: Option<Vec<String>>,
    }
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum From {
    /// A field of the replaced event.
    Field(String),
    /// A function and the fields that it reads.
    Function(BTreeMap<String, Vec<String>>),
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum Deprecated {
    /// The reason.
    Reason(String),
    Form(Deprecation),
}

/// Why something should not be used any more.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct Deprecation {
    /// What to use instead.
    #[schemars(rename = "use")]
    successor: Option<String>,
    /// The day it may go, in quotes: `"2027-06-30"`.
    sunset: Option<Day>,
    /// In words.
    reason: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum EnumValue {
    Nothing,
    /// What the value means.
    Doc(String),
    Form(EnumValueForm),
}

/// One value of an enum.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct EnumValueForm {
    /// What the value means.
    doc: Option<String>,
    /// Why it should not be used any more.
    deprecated: Option<Deprecated>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum Case {
    Nothing,
    Form(CaseForm),
}

/// One case of a union.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct CaseForm {
    /// What the case means.
    doc: Option<String>,
    /// Why it should not be used any more.
    deprecated: Option<Deprecated>,
    /// Fields that are always present in this case.
    fields: Option<BTreeMap<String, Field>>,
    /// Fields that may be absent in this case.
    optional: Option<BTreeMap<String, Field>>,
    /// Fields that the server fills in.
    derived: Option<BTreeMap<String, Field>>,
}
