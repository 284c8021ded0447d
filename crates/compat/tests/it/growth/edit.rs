//! Random edits of a catalog: every kind of change that the growth table knows, anywhere in it.

use growset_model::{
    Audience, Case, Catalog, Derivation, Enum, EnumValue, Event, Field, FieldName, List, Mapping, NamedType, Pattern,
    Payload, Place, Presence, Record, Retain, Stability, Text, TextFormat, Type, TypeKind, TypeName, Union,
};
use serde_json::json;

/// A tape of choices; 0 past its end.
pub(super) struct Tape<'w> {
    words: &'w [u16],
}

impl<'w> Tape<'w> {
    pub(super) fn new(words: &'w [u16]) -> Self {
        Self { words }
    }

    fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.words.split_first() else {
            return 0;
        };
        self.words = rest;
        usize::from(*first) % limit.max(1)
    }
}

/// The catalog after one edit; the same catalog where the edit does not apply.
pub(super) fn edited(original: &Catalog, tape: &mut Tape) -> Catalog {
    let mut catalog = original.clone();
    match tape.below(12) {
        0..=4 => edit_a_type(&mut catalog, tape),
        5..=9 => edit_a_record(&mut catalog, tape),
        10 => edit_an_event(&mut catalog, tape),
        _ => edit_a_name(&mut catalog, tape),
    }
    if is_redundantly_nullable(&catalog) { original.clone() } else { catalog }
}

/// The reader refuses a `nullable` around what takes `null` already.
fn is_redundantly_nullable(catalog: &Catalog) -> bool {
    let mut found = false;
    visit_types(&mut catalog.clone(), &mut |ty| {
        if let TypeKind::Nullable(inner) = &ty.kind {
            let inner = catalog.resolve(inner);
            found |= inner.is_none_or(|inner| matches!(inner.kind, TypeKind::Nullable(_) | TypeKind::Json));
        }
    });
    found
}

/// Only growth: what the table calls additive.
pub(super) fn grown(catalog: &Catalog, tape: &mut Tape) -> Catalog {
    let mut catalog = catalog.clone();
    if tape.below(2) == 0 {
        on_a_record(&mut catalog, tape, |record, tag, tape| {
            let presence = if tape.below(3) == 0 { derived() } else { Presence::Optional };
            add_field(record, tag, presence, tape);
        });
    } else {
        on_a_type(&mut catalog, tape, |ty, tape| match &mut ty.kind {
            TypeKind::Enum(choice) if !choice.closed => add_value(choice, tape),
            TypeKind::Union(union) if !union.closed => add_case(union, tape),
            _ => (), // Nothing else grows.
        });
    }
    catalog
}

fn edit_a_type(catalog: &mut Catalog, tape: &mut Tape) {
    on_a_type(catalog, tape, |ty, tape| match tape.below(8) {
        0 => toggle_null(ty),
        1 => ty.kind = any_kind(tape),
        2 | 3 => ty.kind = kin_of(&ty.kind, tape),
        _ => edit_kind(ty, tape),
    });
}

fn on_a_type(catalog: &mut Catalog, tape: &mut Tape, edit: impl Fn(&mut Type, &mut Tape)) {
    let mut count = 0;
    visit_types(catalog, &mut |_| count += 1);
    let chosen = tape.below(count);
    let mut at = 0;
    visit_types(catalog, &mut |ty| {
        if at == chosen {
            edit(ty, tape);
        }
        at += 1;
    });
}

fn visit_types(catalog: &mut Catalog, visit: &mut impl FnMut(&mut Type)) {
    for event in catalog.events.values_mut() {
        if let Payload::Record(record) = &mut event.payload {
            record.fields.iter_mut().for_each(|field| visit_type(&mut field.ty, visit));
        }
    }
    catalog.types.values_mut().for_each(|named| visit_type(&mut named.ty, visit));
}

/// Parts before the whole, so that an edit of the whole is not visited again.
fn visit_type(ty: &mut Type, visit: &mut impl FnMut(&mut Type)) {
    match &mut ty.kind {
        TypeKind::List(list) => visit_type(&mut list.items, visit),
        TypeKind::Map(inner) | TypeKind::Nullable(inner) => visit_type(inner, visit),
        TypeKind::Record(record) => record.fields.iter_mut().for_each(|field| visit_type(&mut field.ty, visit)),
        TypeKind::Union(union) => {
            let fields = union.cases.iter_mut().flat_map(|case| &mut case.record.fields);
            fields.for_each(|field| visit_type(&mut field.ty, visit));
        }
        _ => (), // Leaves.
    }
    visit(ty);
}

fn toggle_null(ty: &mut Type) {
    match &mut ty.kind {
        TypeKind::Nullable(inner) => *ty = inner.as_ref().clone(),
        TypeKind::Json | TypeKind::Opaque(_) | TypeKind::Named(_) => (),
        _ => ty.kind = TypeKind::Nullable(Box::new(ty.clone())),
    }
}

fn any_kind(tape: &mut Tape) -> TypeKind {
    let text = |kind| Type { kind, place: Place::NOWHERE };
    match tape.below(13) {
        0 => TypeKind::Text(Text::default()),
        1 => TypeKind::Boolean,
        2 => TypeKind::Integer(growset_model::Bounds { min: Some(0), max: Some(tape.below(9) as i64) }),
        3 => TypeKind::Number(growset_model::Bounds { min: Some(-1.5), max: Some(tape.below(9) as f64) }),
        4 => TypeKind::Json,
        5 => TypeKind::Format(TextFormat::ALL[tape.below(TextFormat::ALL.len())]),
        6 => TypeKind::List(List {
            items: Box::new(text(TypeKind::Boolean)),
            min_items: None,
            max_items: None,
            unique: false,
        }),
        7 => TypeKind::Map(Box::new(text(TypeKind::Text(Text::default())))),
        8 => TypeKind::Enum(Enum { closed: tape.below(2) == 0, values: vec![value("paid"), value("sent")] }),
        9 => TypeKind::Record(Record { fields: vec![field("a", Presence::Required, TypeKind::Boolean)] }),
        10 => {
            TypeKind::Union(Union { tag: name("kind"), closed: tape.below(2) == 0, cases: vec![case("a"), case("b")] })
        }
        11 => TypeKind::Text(Text { pattern: Pattern::parse("^[a-z]+$").ok(), ..Text::default() }),
        _ => TypeKind::Opaque(json!({ "type": "string" })),
    }
}

/// Another kind whose values are nearly the same: what one sends, the other takes but for a few.
fn kin_of(kind: &TypeKind, tape: &mut Tape) -> TypeKind {
    let text = |pattern: &str| TypeKind::Text(Text { pattern: Pattern::parse(pattern).ok(), ..Text::default() });
    let plain = |kind| Type { kind, place: Place::NOWHERE };
    match kind {
        TypeKind::Enum(choice) => {
            let values: Vec<&str> = choice.values.iter().map(|value| value.value.as_str()).collect();
            let more = ["", "|zz"][tape.below(2)];
            text(&format!("^({}{more})$", values.join("|")))
        }
        TypeKind::Text(Text { pattern: Some(_), .. }) => match tape.below(3) {
            0 => TypeKind::Enum(Enum { closed: true, values: vec![value("a"), value("aa")] }),
            1 => TypeKind::Format(TextFormat::ALL[tape.below(TextFormat::ALL.len())]),
            _ => text(["m", "^[a-z]*$", "^.?$", "[^c]"][tape.below(4)]),
        },
        TypeKind::Format(format) => match tape.below(3) {
            0 => TypeKind::Text(Text { pattern: format.as_pattern().cloned(), ..Text::default() }),
            1 => text(["c", "^[^c]*$", "^[0-9a-zA-Z.@+:_-]+$"][tape.below(3)]),
            _ => TypeKind::Text(Text { max_length: Some(tape.below(40) as u64), ..Text::default() }),
        },
        TypeKind::Map(values) => {
            let mut ty = values.as_ref().clone();
            edit_kind(&mut ty, tape);
            let name = ["a", "key", "other"][tape.below(3)];
            let mut known = field(name, Presence::Optional, TypeKind::Boolean);
            known.ty = ty;
            TypeKind::Record(Record { fields: vec![known] })
        }
        TypeKind::Record(record) => {
            let values = record.fields.first().map_or(TypeKind::Json, |field| field.ty.kind.clone());
            TypeKind::Map(Box::new(plain(values)))
        }
        TypeKind::Union(union) => {
            let at = tape.below(union.cases.len());
            let mut record = union.cases[at].record.clone();
            let value = TypeKind::Text(Text::default());
            record.fields.insert(0, field(union.tag.as_str(), Presence::Required, value));
            TypeKind::Record(record)
        }
        TypeKind::Integer(bounds) => TypeKind::Number(growset_model::Bounds {
            min: bounds.min.map(|min| min as f64),
            max: bounds.max.map(|max| max as f64 + tape.below(2) as f64),
        }),
        _ => any_kind(tape), // No kin.
    }
}

fn edit_kind(ty: &mut Type, tape: &mut Tape) {
    match &mut ty.kind {
        TypeKind::Text(text) => edit_text(text, tape),
        TypeKind::Format(format) => *format = TextFormat::ALL[tape.below(TextFormat::ALL.len())],
        TypeKind::Integer(bounds) => {
            let by = tape.below(5) as i64 - 2;
            match tape.below(3) {
                0 => bounds.min = Some((bounds.least() + by).clamp(-growset_model::SAFE_INTEGER, bounds.greatest())),
                1 => bounds.max = Some((bounds.greatest() + by).clamp(bounds.least(), growset_model::SAFE_INTEGER)),
                _ => {
                    let (min, max) = (bounds.min.map(|min| min as f64), bounds.max.map(|max| max as f64));
                    ty.kind = TypeKind::Number(growset_model::Bounds { min, max });
                }
            }
        }
        TypeKind::Number(bounds) => {
            let by = (tape.below(9) as f64 - 4.0) / 4.0;
            match tape.below(2) {
                0 => bounds.min = Some((bounds.min.unwrap_or(-10.0) + by).min(bounds.max.unwrap_or(f64::MAX))),
                _ => bounds.max = Some((bounds.max.unwrap_or(10.0) + by).max(bounds.min.unwrap_or(f64::MIN))),
            }
        }
        TypeKind::List(list) => edit_list(list, tape),
        TypeKind::Enum(choice) => edit_enum(choice, tape),
        TypeKind::Union(union) => edit_union(union, tape),
        TypeKind::Opaque(schema) => *schema = json!({ "minLength": tape.below(3) }),
        // Records are edited by the field; the rest has no facet of its own.
        _ => (),
    }
}

fn edit_text(text: &mut Text, tape: &mut Tape) {
    let by = tape.below(4) as u64;
    match tape.below(4) {
        0 => {
            text.min_length =
                Some((text.min_length.unwrap_or(0) + 2).saturating_sub(by).min(text.max_length.unwrap_or(9)))
        }
        1 => {
            text.max_length =
                Some((text.max_length.unwrap_or(9) + 2).saturating_sub(by).max(text.min_length.unwrap_or(0)))
        }
        2 => text.max_length = None,
        _ => {
            let patterns = ["^[a-z]+$", "^[a-z0-9]+$", "^[0-9]{3}$", "a", "^$", "^(a|b)?[0-9]*$"];
            text.pattern = Pattern::parse(patterns[tape.below(patterns.len())]).ok().filter(|_| by > 0);
        }
    }
}

fn edit_list(list: &mut List, tape: &mut Tape) {
    match tape.below(3) {
        0 => list.min_items = Some(tape.below(4) as u64).filter(|min| *min <= list.max_items.unwrap_or(4)),
        1 => list.max_items = Some(tape.below(5) as u64).filter(|max| *max >= list.min_items.unwrap_or(0)),
        _ => list.unique = !list.unique,
    }
}

fn edit_enum(choice: &mut Enum, tape: &mut Tape) {
    match tape.below(4) {
        0 => add_value(choice, tape),
        1 if choice.values.len() > 1 => {
            choice.values.remove(tape.below(choice.values.len()));
        }
        2 => {
            choice.values.remove(tape.below(choice.values.len()));
            add_value(choice, tape);
        }
        _ => choice.closed = !choice.closed,
    }
}

fn add_value(choice: &mut Enum, tape: &mut Tape) {
    let fresh = format!("fresh{}", tape.below(3));
    if choice.values.iter().all(|value| value.value != fresh) {
        choice.values.push(value(&fresh));
    }
}

fn edit_union(union: &mut Union, tape: &mut Tape) {
    match tape.below(5) {
        0 => add_case(union, tape),
        1 if union.cases.len() > 1 => {
            union.cases.remove(tape.below(union.cases.len()));
        }
        2 => {
            let at = tape.below(union.cases.len());
            if union.cases.iter().all(|case| case.value != "renamed") {
                union.cases[at].value = "renamed".to_owned();
            }
        }
        3 => union.tag = name("otherTag"),
        _ => union.closed = !union.closed,
    }
}

fn add_case(union: &mut Union, tape: &mut Tape) {
    let fresh = format!("fresh{}", tape.below(3));
    if union.cases.iter().all(|case| case.value != fresh) {
        union.cases.push(case(&fresh));
    }
}

fn edit_a_record(catalog: &mut Catalog, tape: &mut Tape) {
    on_a_record(catalog, tape, |record, tag, tape| match tape.below(9) {
        0 => add_field(record, tag, Presence::Required, tape),
        1 => add_field(record, tag, Presence::Optional, tape),
        2 => add_field(record, tag, derived(), tape),
        3 if !record.fields.is_empty() => {
            record.fields.remove(tape.below(record.fields.len()));
        }
        4 => record.fields.reverse(),
        5 if record.field("renamedField").is_none() => {
            on_a_field(record, tape, |field, _| field.name = name("renamedField"));
        }
        6 => on_a_field(record, tape, edit_beside_the_type),
        _ => on_a_field(record, tape, |field, tape| {
            field.presence = match tape.below(3) {
                0 => Presence::Required,
                1 => Presence::Optional,
                _ => derived(),
            };
        }),
    });
}

fn on_a_field(record: &mut Record, tape: &mut Tape, edit: impl Fn(&mut Field, &mut Tape)) {
    let at = tape.below(record.fields.len());
    if let Some(field) = record.fields.get_mut(at) {
        edit(field, tape);
    }
}

fn edit_beside_the_type(field: &mut Field, tape: &mut Tape) {
    match tape.below(4) {
        0 => field.pii = !field.pii,
        1 => field.default = Some(Box::new(json!(7))),
        2 => field.mapping = Some(Box::new(Mapping::From(name("other")))),
        _ => field.doc = Some("Another sentence.".to_owned()),
    }
}

fn add_field(record: &mut Record, tag: Option<&FieldName>, presence: Presence, tape: &mut Tape) {
    let fresh = ["freshA", "freshB"][tape.below(2)];
    if record.field(fresh).is_none() && tag.is_none_or(|tag| tag.as_str() != fresh) {
        let kind = any_kind(tape);
        record.fields.push(field(fresh, presence, kind));
    }
}

fn on_a_record(catalog: &mut Catalog, tape: &mut Tape, edit: impl Fn(&mut Record, Option<&FieldName>, &mut Tape)) {
    let mut count = 0;
    visit_records(catalog, &mut |_, _| count += 1);
    let chosen = tape.below(count);
    let mut at = 0;
    visit_records(catalog, &mut |record, tag| {
        if at == chosen {
            edit(record, tag, tape);
        }
        at += 1;
    });
}

fn visit_records(catalog: &mut Catalog, visit: &mut impl FnMut(&mut Record, Option<&FieldName>)) {
    for event in catalog.events.values_mut() {
        if let Payload::Record(record) = &mut event.payload {
            visit(record, None);
        }
    }
    visit_types(catalog, &mut |ty| match &mut ty.kind {
        TypeKind::Record(record) => visit(record, None),
        TypeKind::Union(union) => union.cases.iter_mut().for_each(|case| visit(&mut case.record, Some(&union.tag))),
        _ => (), // No fields.
    });
}

fn edit_an_event(catalog: &mut Catalog, tape: &mut Tape) {
    let chosen = tape.below(catalog.events.len());
    let Some(event) = catalog.events.values_mut().nth(chosen) else {
        return;
    };
    edit_beside_the_payload(event, tape);
}

fn edit_beside_the_payload(event: &mut Event, tape: &mut Tape) {
    match tape.below(6) {
        0 => event.audience = Audience::ALL[tape.below(4)],
        1 => event.terminal = !event.terminal,
        2 => event.retain = Some(Retain::Latest),
        3 => event.max_bytes = Some(tape.below(3) as u64 + 1000),
        4 => event.stability = Stability::Draft,
        _ => event.doc = Some("Another sentence.".to_owned()),
    }
}

/// Renames a type wherever it is used, or spells it out in one place.
fn edit_a_name(catalog: &mut Catalog, tape: &mut Tape) {
    let chosen = tape.below(catalog.types.len());
    let Some(old) = catalog.types.keys().nth(chosen).cloned() else {
        return;
    };
    let named = catalog.types[&old].clone();
    let inline = tape.below(2) == 0 && !matches!(named.ty.kind, TypeKind::Nullable(_) | TypeKind::Json);
    let new = TypeName::parse("RenamedType").expect("is a name");
    if !inline {
        catalog.types.remove(&old);
        let was = if tape.below(2) == 0 { vec![old.clone()] } else { Vec::new() };
        catalog.types.insert(new.clone(), NamedType { name: new.clone(), was, ..named.clone() });
    }
    let kind = named.ty.kind;
    visit_types(catalog, &mut |ty| {
        if matches!(&ty.kind, TypeKind::Named(name) if *name == old) {
            ty.kind = if inline { kind.clone() } else { TypeKind::Named(new.clone()) };
        }
    });
}

pub(super) fn field(text: &str, presence: Presence, kind: TypeKind) -> Field {
    Field {
        name: name(text),
        presence,
        ty: Type { kind, place: Place::NOWHERE },
        doc: None,
        example: None,
        deprecated: None,
        pii: false,
        default: None,
        mapping: None,
        place: Place::NOWHERE,
    }
}

pub(super) fn name(text: &str) -> FieldName {
    FieldName::parse(text).expect("is a name")
}

fn derived() -> Presence {
    Presence::Derived(Box::new(Derivation { function: "fresh".to_owned(), inputs: Vec::new(), place: Place::NOWHERE }))
}

fn value(text: &str) -> EnumValue {
    EnumValue { value: text.to_owned(), doc: None, deprecated: None, place: Place::NOWHERE }
}

fn case(text: &str) -> Case {
    let record = Record { fields: vec![field("inner", Presence::Optional, TypeKind::Boolean)] };
    Case { value: text.to_owned(), doc: None, deprecated: None, record, place: Place::NOWHERE }
}
