//! Random values of a type, in one of the three languages.

use serde_json::{Map, Value, json};

use super::height::Heights;
use super::tape::Tape;
use super::texts;
use crate::catalog::{Catalog, Payload};
use crate::schema::Language;
use crate::shape::{Bounds, Enum, List, Presence, Record, Text, Type, TypeKind, Union};

/// How many types deep samples go before they take the shortest way to an end.
const ROOM: u32 = 6;
/// The longest text or list that is made.
const LARGEST: u64 = 10_000;

pub(super) struct Sampler<'a> {
    catalog: &'a Catalog,
    language: Language,
    heights: Heights,
    tape: &'a mut Tape,
    room: u32,
    /// Whether numbers may be what no contract spells: integers that JavaScript cannot hold, exponents.
    takes_any_number: bool,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(catalog: &'a Catalog, language: Language, tape: &'a mut Tape) -> Self {
        Self { catalog, language, heights: Heights::new(catalog), tape, room: ROOM, takes_any_number: true }
    }

    /// Samples what a contract may spell as an example or default.
    pub(super) fn of_examples(catalog: &'a Catalog, tape: &'a mut Tape) -> Self {
        Self { takes_any_number: false, ..Self::new(catalog, Language::Intake, tape) }
    }

    pub(super) fn payload(&mut self, payload: &Payload) -> Option<Value> {
        match payload {
            Payload::Record(record) => self.record(record, Map::new()),
            Payload::Opaque(schema) => self.opaque(schema),
        }
    }

    /// Nothing where the type has no finite value, or none that is found soon.
    pub(super) fn ty(&mut self, ty: &Type) -> Option<Value> {
        self.heights.of_type(ty)?;
        let before = self.room;
        self.room = before.saturating_sub(1);
        let value = self.kind(&ty.kind);
        self.room = before;
        value
    }

    fn kind(&mut self, kind: &TypeKind) -> Option<Value> {
        match kind {
            TypeKind::Text(text) => self.text(text),
            TypeKind::Format(format) => self.tape.one_of(texts::of_format(*format)).map(Value::from),
            TypeKind::Boolean => Some(self.tape.once_in(2).into()),
            TypeKind::Integer(bounds) => self.integer(bounds),
            TypeKind::Number(bounds) => self.number(bounds),
            TypeKind::Json => Some(self.json()),
            TypeKind::List(list) => self.list(list),
            TypeKind::Map(values) => self.map(values),
            TypeKind::Nullable(inner) if self.room > 0 && !self.tape.once_in(3) => self.ty(inner).or(Some(Value::Null)),
            TypeKind::Nullable(_) => Some(Value::Null),
            TypeKind::Named(name) => {
                let catalog = self.catalog;
                self.ty(&catalog.types.get(name)?.ty)
            }
            TypeKind::Enum(choice) => self.choice(choice),
            TypeKind::Record(record) => self.record(record, Map::new()),
            TypeKind::Union(union) => self.union(union),
            TypeKind::Opaque(schema) => self.opaque(schema),
        }
    }

    fn text(&mut self, text: &Text) -> Option<Value> {
        let (least, most) = (text.min_length.unwrap_or(0), text.max_length.unwrap_or(u64::MAX));
        let Some(pattern) = &text.pattern else {
            return self.free_text(least, most).map(Value::from);
        };
        let fits = |sample: &String| (least..=most).contains(&(sample.chars().count() as u64));
        let mut samples: Vec<String> = pattern.samples().into_iter().filter(fits).collect();
        samples.extend(pattern.sample_of_length(least..=most));
        samples.extend(pattern.sample_of_length(most..=most));
        self.tape.take(&mut samples).map(Value::from)
    }

    fn free_text(&mut self, least: u64, most: u64) -> Option<String> {
        let prose = self.tape.one_of(&texts::PROSE)?;
        let length = match self.tape.below(4) {
            1 => least,
            2 if most <= LARGEST => most,
            _ => (prose.chars().count() as u64).clamp(least, most),
        };
        let padding = if self.tape.once_in(4) { '\u{1F600}' } else { 'x' };
        let length = usize::try_from(length).ok().filter(|_| length <= LARGEST)?;
        Some(prose.chars().chain(std::iter::repeat(padding)).take(length).collect())
    }

    fn integer(&mut self, bounds: &Bounds<i64>) -> Option<Value> {
        let (least, most) = (bounds.least(), bounds.greatest());
        let near = [0, 1, least, most, -1, 42, least.saturating_add(1), most.saturating_sub(1)];
        let fitting: Vec<i64> = near.into_iter().filter(|value| (least..=most).contains(value)).collect();
        self.tape.one_of(&fitting).map(Value::from)
    }

    fn number(&mut self, bounds: &Bounds<f64>) -> Option<Value> {
        let (least, most) = (bounds.min.unwrap_or(f64::MIN), bounds.max.unwrap_or(f64::MAX));
        let near = [0.0, 0.5, least, most, -1.25, 0.1, 5e-324, 1e300, 3.0, 9_007_199_254_740_993.0];
        let is_taken = |value: &f64| self.takes_any_number || !Value::from(*value).to_string().contains('e');
        let fits = |value: &f64| (least..=most).contains(value) && is_taken(value);
        let fitting: Vec<f64> = near.into_iter().filter(fits).collect();
        let value = self.tape.one_of(&fitting)?;
        // A whole number may be written without its fraction.
        if value == 3.0 && self.tape.once_in(2) { Some(json!(3)) } else { Some(value.into()) }
    }

    fn json(&mut self) -> Value {
        let values = [
            Value::Null,
            json!({}),
            json!([1, "two", null, { "__proto__": { "polluted": true } }]),
            json!("*/ `${x}` \u{2028}"),
            json!(0.1),
            json!({ "b": 1, "a": [[], {}] }),
            json!(false),
            json!(9_007_199_254_740_993_i64),
            json!(u64::MAX),
        ];
        let spelled = if self.takes_any_number { values.len() } else { values.len() - 2 };
        values.get(self.tape.below(spelled)).cloned().unwrap_or_default()
    }

    fn list(&mut self, list: &List) -> Option<Value> {
        let least = usize::try_from(list.min_items.unwrap_or(0)).ok().filter(|&least| least as u64 <= LARGEST)?;
        let most = list.max_items.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let more = if self.room == 0 { 0 } else { self.tape.below(4) };
        let wanted = least.saturating_add(more).min(most);
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..wanted * 4 {
            if items.len() == wanted {
                break;
            }
            match self.ty(&list.items) {
                Some(item) if !list.unique || !items.iter().any(|other| is_equal(other, &item)) => items.push(item),
                Some(_) => {}
                None => break,
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    }

    fn map(&mut self, values: &Type) -> Option<Value> {
        let count = if self.room == 0 { 0 } else { self.tape.below(4) };
        let mut members = Map::new();
        for _ in 0..count {
            let key = self.tape.one_of(&texts::KEYS)?;
            if let Some(value) = self.ty(values) {
                members.insert(key.to_owned(), value);
            }
        }
        Some(Value::Object(members))
    }

    fn choice(&mut self, choice: &Enum) -> Option<Value> {
        if self.is_reader() && !choice.closed && self.tape.once_in(4) {
            return Some("a value of tomorrow".into());
        }
        let values: Vec<&str> = choice.values.iter().map(|value| value.value.as_str()).collect();
        self.tape.one_of(&values).map(Value::from)
    }

    fn record(&mut self, record: &Record, mut members: Map<String, Value>) -> Option<Value> {
        for field in &record.fields {
            let wanted = match &field.presence {
                Presence::Required => true,
                Presence::Optional => self.room > 0 && self.tape.once_in(2),
                Presence::Derived(_) => self.language != Language::Intake && self.room > 0 && self.tape.once_in(2),
            };
            if !wanted {
                continue;
            }
            match self.ty(&field.ty) {
                Some(value) => members.insert(field.name.to_string(), value),
                None if field.is_required() => return None,
                None => None,
            };
        }
        if self.is_reader() && self.tape.once_in(4) {
            let value = self.json();
            members.insert("a field of tomorrow".to_owned(), value);
        }
        Some(Value::Object(members))
    }

    fn union(&mut self, union: &Union) -> Option<Value> {
        let tagged = |value: &str| Map::from_iter([(union.tag.to_string(), Value::from(value))]);
        if self.is_reader() && !union.closed && self.tape.once_in(4) {
            let mut members = tagged("a case of tomorrow");
            members.insert("a field of tomorrow".to_owned(), self.json());
            return Some(Value::Object(members));
        }
        let height = |case: &usize| union.cases.get(*case).and_then(|case| self.heights.of_record(&case.record));
        let finite: Vec<usize> = (0..union.cases.len()).filter(|case| height(case).is_some()).collect();
        let shortest = finite.iter().copied().min_by_key(height);
        let case = if self.room == 0 { shortest } else { self.tape.one_of(&finite) }?;
        let case = union.cases.get(case)?;
        self.record(&case.record, tagged(&case.value))
    }

    /// Opaque schemas are not read here: one that lists `examples` is sampled from those.
    fn opaque(&mut self, schema: &Value) -> Option<Value> {
        let examples: Vec<&Value> = schema.get("examples").and_then(Value::as_array).into_iter().flatten().collect();
        self.tape.one_of(&examples).cloned()
    }

    fn is_reader(&self) -> bool {
        self.language == Language::Reader
    }
}

/// As JSON Schema compares: `1` and `1.0` are one value.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, value): (&String, &Value)| other.get(key).is_some_and(|other| is_equal(value, other));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other, // Nothing else has two spellings.
    }
}
