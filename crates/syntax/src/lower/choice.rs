//! Enums and tagged unions.

use growset_model::{Case, Diagnostic, Edit, Enum, EnumValue, FieldName, Place, Union};

use crate::lower::Lowering;
use crate::lower::deprecated::Successor;
use crate::lower::field::Owner;
use crate::lower::mapping::Keys;
use crate::rules;
use crate::suggest::shown;
use crate::tree::{Entry, Layout, List, Node, NodeKind};

pub(crate) const ENUM_VALUE_KEYS: &[&str] = &["doc", "deprecated"];
pub(crate) const CASE_KEYS: &[&str] = &["doc", "deprecated", "fields", "optional", "derived"];

impl Lowering<'_> {
    /// `enum: { created: Placed by the buyer., paid: }`.
    pub(super) fn enumeration(&mut self, entry: &Entry) -> Option<Enum> {
        let values: Vec<EnumValue> = match &entry.value.kind {
            NodeKind::Mapping(mapping) => mapping.entries.iter().map(|value| self.enum_value(value)).collect(),
            NodeKind::List(list) if !list.items.is_empty() => self.listed_values(entry, list),
            NodeKind::List(_) | NodeKind::Scalar(_) | NodeKind::Refused => {
                self.wrong_shape(
                    entry,
                    "a mapping of values to what they mean, as in `{ paid: , shipped: Handed to the carrier. }`",
                );
                return None;
            }
        };
        if values.is_empty() {
            self.refuse(&rules::WRONG_SHAPE, entry.key.place, "an enum needs one value at least", "no value");
            return None;
        }
        Some(Enum { closed: false, values })
    }

    fn enum_value(&mut self, entry: &Entry) -> EnumValue {
        let mut value = EnumValue {
            value: self.name_key(&entry.key).to_owned(),
            doc: None,
            deprecated: None,
            place: entry.key.place,
        };
        if matches!(entry.value.kind, NodeKind::Mapping(_)) {
            if let Some(keys) = self.keys(&entry.key.text, entry.key.place, &entry.value, ENUM_VALUE_KEYS) {
                value.doc = keys.find("doc").and_then(|entry| self.string(entry));
                value.deprecated =
                    keys.find("deprecated").and_then(|entry| self.deprecated(entry, Successor::Anything));
            }
        } else if !entry.value.is_left_out() {
            value.doc = self.string(entry);
        }
        value
    }

    /// `enum: [created, paid]`: not how it is spelled, but plain enough to go on with.
    fn listed_values(&mut self, entry: &Entry, list: &List) -> Vec<EnumValue> {
        let mut values: Vec<EnumValue> = Vec::new();
        let mut edits = brackets_to_braces(self, entry, list);
        for item in &list.items {
            let Some(text) = self.string_at("enum", entry.key.place, item) else {
                edits.clear();
                continue;
            };
            if values.iter().any(|value| value.value == text) {
                let message = format!("value `{}` stands twice; keep one of them", shown(text));
                self.refuse(&rules::DUPLICATE_NAME, item.place, message, "again here");
                edits.clear();
                continue;
            }
            values.push(EnumValue { value: text.to_owned(), doc: None, deprecated: None, place: item.place });
        }
        let message = "`enum` takes a mapping of values to what they mean, and a list is written";
        let diagnostic = Diagnostic::new(&rules::WRONG_SHAPE, entry.key.place, message)
            .label("expected a mapping")
            .help("a value without a meaning is written `paid:`");
        self.report(if edits.is_empty() {
            diagnostic
        } else {
            diagnostic.certain_fix("write the values as keys", edits)
        });
        values
    }

    /// `{ union: kind, cases: { … } }`.
    pub(super) fn union(&mut self, entry: &Entry, keys: &Keys<'_>) -> Option<Union> {
        if matches!(entry.value.kind, NodeKind::Mapping(_) | NodeKind::List(_)) {
            self.wrong_shape(entry, "the property that tells the cases apart, as in `union: kind`, beside `cases:`");
            return None;
        }
        let tag = self.string(entry)?;
        let tag = match FieldName::parse(&tag) {
            Ok(tag) => tag,
            Err(error) => {
                self.refuse(&rules::INVALID_NAME, entry.value.place, error.to_string(), "not a field name");
                return None;
            }
        };
        let Some(cases) = keys.find("cases") else {
            self.missing_key(
                keys,
                "union",
                "cases",
                "list what it can be, as in `cases: { user: { fields: { userId: uuid } } }`",
            );
            return None;
        };
        let NodeKind::Mapping(mapping) = &cases.value.kind else {
            self.wrong_shape(cases, "a mapping of tag values to fields");
            return None;
        };
        if mapping.entries.is_empty() {
            self.refuse(&rules::WRONG_SHAPE, cases.key.place, "a union needs one case at least", "no case");
            return None;
        }
        let cases = mapping.entries.iter().map(|case| self.case(case, &tag, entry.value.place)).collect();
        Some(Union { tag, closed: false, cases })
    }

    fn case(&mut self, entry: &Entry, tag: &FieldName, tag_place: Place) -> Case {
        let mut case = Case {
            value: self.name_key(&entry.key).to_owned(),
            doc: None,
            deprecated: None,
            record: growset_model::Record::default(),
            place: entry.key.place,
        };
        if entry.value.is_left_out() {
            return case; // A case without fields of its own.
        }
        let Some(keys) = self.keys(&entry.key.text, entry.key.place, &entry.value, CASE_KEYS) else {
            return case;
        };
        case.doc = keys.find("doc").and_then(|entry| self.string(entry));
        case.deprecated = keys.find("deprecated").and_then(|entry| self.deprecated(entry, Successor::Anything));
        case.record = self.record(&keys, Owner::Inner);
        let clash = case.record.fields.iter().position(|field| field.name == *tag);
        if let Some(clash) = clash {
            let field = case.record.fields.remove(clash);
            let message = format!("field `{tag}` bears the name of the union's tag; rename the field or the tag");
            self.report(
                Diagnostic::new(&rules::DUPLICATE_NAME, field.place, message)
                    .label("hidden by the tag")
                    .related(tag_place, "the tag"),
            );
        }
        case
    }
}

/// Edits that turn `[a, b]` into `{a: , b: }`, and `- a` into `a:`; none where items are not all scalars.
fn brackets_to_braces(lowering: &Lowering<'_>, entry: &Entry, list: &List) -> Vec<Edit> {
    let is_scalar = |item: &Node| matches!(item.kind, NodeKind::Scalar(_)) && !item.is_left_out();
    if !list.items.iter().all(is_scalar) {
        return Vec::new();
    }
    let at = |start: usize, end: usize, text: &str| Edit {
        place: Place::new(lowering.file, start..end),
        text: text.to_owned(),
    };
    let whole = entry.value.place.range();
    let mut edits = Vec::new();
    let is_flow = list.layout == Layout::Flow;
    if is_flow {
        edits.push(at(whole.start, whole.start + 1, "{"));
    }
    for item in &list.items {
        let range = item.place.range();
        let touches_bracket = is_flow && range.end + 1 == whole.end;
        if !is_flow {
            let dash = lowering.text.get(..range.start).and_then(|before| before.rfind('-'));
            let Some(dash) = dash else { return Vec::new() };
            edits.push(at(dash, range.start, ""));
        }
        if !touches_bracket {
            edits.push(at(range.end, range.end, if is_flow { ": " } else { ":" }));
        }
    }
    if is_flow {
        let last = list.items.last().map(|item| item.place.range().end);
        edits.push(at(whole.end - 1, whole.end, if last == Some(whole.end - 1) { ": }" } else { "}" }));
    }
    edits
}
