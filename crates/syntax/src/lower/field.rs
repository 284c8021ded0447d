//! Records: required and optional fields, and what may be said of each.

use std::collections::BTreeMap;

use growset_model::{Derivation, Diagnostic, Field, FieldName, Mapping, Place, Presence, Record};

use crate::lower::Lowering;
use crate::lower::deprecated::Successor;
use crate::lower::mapping::Keys;
use crate::rules;
use crate::suggest::nearest;
use crate::tree::{Entry, NodeKind};

/// Every key of a field's mapping form.
pub(crate) const FIELD_KEYS: &[&str] = &[
    "type",
    "doc",
    "example",
    "deprecated",
    "pii",
    "default",
    "from",
    "from_value",
    "list",
    "map",
    "nullable",
    "enum",
    "fields",
    "optional",
    "derived",
    "union",
    "cases",
    "json_schema",
    "closed",
    "min",
    "max",
    "min_length",
    "max_length",
    "pattern",
    "min_items",
    "max_items",
    "unique",
];

/// Which record a field stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// An event that replaces another: its fields say where their values come from.
    NextVersion,
    /// An event that replaces none.
    FirstVersion,
    /// A record inside a payload.
    Inner,
}

/// Which section of a record a field stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Required,
    Optional,
    Derived,
}

impl Lowering<'_> {
    /// The record under `fields`, `optional` and `derived`.
    pub(super) fn record(&mut self, keys: &Keys<'_>, owner: Owner) -> Record {
        let mut fields = Vec::new();
        self.section(keys.find("fields"), Section::Required, owner, &mut fields);
        self.section(keys.find("optional"), Section::Optional, owner, &mut fields);
        self.section(keys.find("derived"), Section::Derived, owner, &mut fields);
        let mut record = self.distinct(fields);
        let unfilled: Vec<FieldName> = self.unfilled(&record);
        for field in record.fields.iter_mut().filter(|field| unfilled.contains(&field.name)) {
            // What listeners see of it, so that nobody complains of its inputs once more.
            field.presence = Presence::Optional;
        }
        record
    }

    fn section(&mut self, section: Option<&Entry>, kind: Section, owner: Owner, fields: &mut Vec<Field>) {
        let Some(section) = section else { return };
        let NodeKind::Mapping(mapping) = &section.value.kind else {
            self.wrong_shape(section, "a mapping of field names to types (`{}` for none)");
            return;
        };
        fields.reserve(mapping.entries.len());
        for entry in &mapping.entries {
            match FieldName::parse(self.name_key(&entry.key)) {
                Ok(name) => fields.push(self.field(name, entry, kind, owner)),
                Err(error) => self.refuse(&rules::INVALID_NAME, entry.key.place, error.to_string(), "not a field name"),
            }
        }
    }

    /// Keeps the first of several fields with one name.
    fn distinct(&mut self, fields: Vec<Field>) -> Record {
        let mut firsts: BTreeMap<FieldName, Place> = BTreeMap::new();
        let mut kept = Vec::with_capacity(fields.len());
        for field in fields {
            if let Some(&first) = firsts.get(&field.name) {
                let message = format!("field `{}` stands in two sections; keep one of them", field.name);
                self.report(
                    Diagnostic::new(&rules::DUPLICATE_NAME, field.place, message)
                        .label("again here")
                        .related(first, "first here"),
                );
                continue;
            }
            firsts.insert(field.name.clone(), field.place);
            kept.push(field);
        }
        Record { fields: kept }
    }

    fn field(&mut self, name: FieldName, entry: &Entry, section: Section, owner: Owner) -> Field {
        let (ty, keys) = self.type_with_keys(&entry.key, &entry.value, FIELD_KEYS);
        let mut field = Field {
            name,
            presence: self.presence(section, entry, keys.as_ref()),
            ty,
            doc: None,
            example: None,
            deprecated: None,
            pii: false,
            default: None,
            mapping: None,
            place: entry.key.place,
        };
        if let Some(keys) = &keys {
            field.doc = keys.find("doc").and_then(|entry| self.string(entry));
            field.example = keys.find("example").map(|entry| Box::new(self.value(&entry.value)));
            let deprecated = keys.find("deprecated").and_then(|entry| self.deprecated(entry, Successor::Anything));
            field.deprecated = deprecated.map(Box::new);
            field.pii = keys.find("pii").and_then(|entry| self.flag(entry)).unwrap_or_default();
            field.default = keys.find("default").and_then(|entry| self.default(entry, section)).map(Box::new);
            field.mapping = self.mapping(keys, section, owner).map(Box::new);
        }
        field
    }

    fn default(&mut self, entry: &Entry, section: Section) -> Option<serde_json::Value> {
        let value = self.value(&entry.value);
        let reason = match section {
            Section::Optional => return Some(value),
            Section::Required => "a required field is always there, so nothing has to be assumed",
            Section::Derived => "a derived field is filled in by the server",
        };
        let message = format!("`default` applies to optional fields only: {reason}");
        self.refuse(&rules::INVALID_CONSTRAINT, entry.key.place, message, "does not apply");
        None
    }

    /// `from` and `from_value` of a field that the server does not compute.
    fn mapping(&mut self, keys: &Keys<'_>, section: Section, owner: Owner) -> Option<Mapping> {
        let (from, constant) = (keys.find("from"), keys.find("from_value"));
        if section == Section::Derived {
            if let Some(constant) = constant {
                let message = "`from_value` cannot fill a derived field, which the server computes; remove it";
                self.refuse(&rules::INVALID_MAPPING, constant.key.place, message, "does not apply");
            }
            return None;
        }
        let entry = from.or(constant)?;
        if let (Some(from), Some(constant)) = (from, constant) {
            let message = "`from` and `from_value` stand side by side; keep the one that fills the field";
            self.report(
                Diagnostic::new(&rules::INVALID_MAPPING, constant.key.place, message)
                    .label("a second source")
                    .related(from.key.place, "the first source"),
            );
        }
        let message = match owner {
            Owner::NextVersion => return self.source(from, constant),
            Owner::FirstVersion => format!(
                "`{}` fills a field from the event that this one replaces; add `replaces: <event>`, or remove it",
                entry.key.text
            ),
            Owner::Inner => {
                format!("`{}` fills fields of an event, not of a record inside it; map the whole field", entry.key.text)
            }
        };
        self.refuse(&rules::INVALID_MAPPING, entry.key.place, message, "fills nothing here");
        None
    }

    fn source(&mut self, from: Option<&Entry>, constant: Option<&Entry>) -> Option<Mapping> {
        let Some(from) = from else {
            return constant.map(|constant| Mapping::Value(self.value(&constant.value)));
        };
        if let Some((function, _)) =
            from.value.entries().and_then(|entries| entries.first()).map(|entry| (&entry.key.text, entry))
        {
            let message = format!(
                "`from` takes a field of the replaced event; a field computed by `{function}` goes under `derived:`"
            );
            self.refuse(&rules::INVALID_MAPPING, from.key.place, message, "not the name of a field");
            return None;
        }
        let text = self.string(from)?;
        match FieldName::parse(&text) {
            Ok(name) => Some(Mapping::From(name)),
            Err(error) => {
                self.refuse(&rules::INVALID_NAME, from.value.place, error.to_string(), "not a field name");
                None
            }
        }
    }

    fn presence(&mut self, section: Section, entry: &Entry, keys: Option<&Keys<'_>>) -> Presence {
        match section {
            Section::Required => Presence::Required,
            Section::Optional => Presence::Optional,
            // Without its function the field stays an optional one, which is what listeners see of it.
            Section::Derived => match self.derivation(entry, keys) {
                Some(derivation) => Presence::Derived(Box::new(derivation)),
                None => Presence::Optional,
            },
        }
    }

    /// `from: { money: [amount, currency] }`.
    fn derivation(&mut self, field: &Entry, keys: Option<&Keys<'_>>) -> Option<Derivation> {
        let Some(from) = keys.and_then(|keys| keys.find("from")) else {
            let message = format!(
                "derived field `{}` has no `from`; write it as in `{{ type: string, from: {{ money: [amount, currency] }} }}`",
                field.key.text
            );
            self.refuse(&rules::MISSING_KEY, field.key.place, message, "computed from what?");
            return None;
        };
        let entries = from.value.entries().unwrap_or_default();
        let [call] = entries else {
            let message =
                "`from` of a derived field takes one function and its inputs, as in `{ money: [amount, currency] }`";
            let place = self.value_place(from);
            self.refuse(&rules::INVALID_MAPPING, place, message, "not one function");
            return None;
        };
        let inputs = self.strings(call, "a list of fields, as in `[amount, currency]`");
        let inputs = inputs.into_iter().filter_map(|(text, place)| match FieldName::parse(text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.refuse(&rules::INVALID_NAME, place, error.to_string(), "not a field name");
                None
            }
        });
        let inputs = inputs.collect();
        Some(Derivation { function: call.key.text.to_string(), inputs, place: from.value.place })
    }

    /// Reports inputs that are no fields of the same record, and answers the derived fields that have such inputs.
    fn unfilled(&mut self, record: &Record) -> Vec<FieldName> {
        let mut unfilled = Vec::new();
        for field in &record.fields {
            let Presence::Derived(derivation) = &field.presence else {
                continue;
            };
            for input in &derivation.inputs {
                let place = self.word_in(derivation.place, input.as_str());
                match record.field(input.as_str()) {
                    Some(found) if !found.is_derived() => continue,
                    Some(_) => {
                        let name = &field.name;
                        let message = format!(
                            "derived field `{name}` reads `{input}`, which is derived itself; read what publishers send"
                        );
                        self.refuse(&rules::INVALID_MAPPING, place, message, "a derived field");
                    }
                    None => self.unknown_field(place, input.as_str(), record),
                }
                unfilled.push(field.name.clone());
            }
        }
        unfilled
    }

    /// Reports a field that a record does not have.
    pub(super) fn unknown_field(&mut self, place: Place, name: &str, record: &Record) {
        let names = record.fields.iter().filter(|field| !field.is_derived()).map(|field| field.name.as_str());
        let near = nearest(name, names);
        self.unknown_name(&rules::UNKNOWN_FIELD, place, format!("there is no field `{name}` beside this"), &near);
    }

    /// The first place inside `place` that spells `word`, or the whole of it.
    fn word_in(&self, place: Place, word: &str) -> Place {
        let range = place.range();
        let text = self.text.get(range.clone()).unwrap_or("");
        let is_edge = |found: Option<char>| found.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
        let found = text.match_indices(word).find(|(at, _)| {
            is_edge(text[..*at].chars().next_back()) && is_edge(text[at + word.len()..].chars().next())
        });
        found.map_or(place, |(at, _)| Place::new(self.file, range.start + at..range.start + at + word.len()))
    }
}
