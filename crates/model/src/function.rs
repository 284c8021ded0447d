//! What a derived function promises, so that a contract can be checked against it and a payload filled in by it.

use serde_json::{Map, Value};

use crate::catalog::{Catalog, Payload};
use crate::shape::{Presence, Record, Type, TypeKind};

/// A function that fills a derived field. The built-in ones are in `growset-derive`; who checks or fills payloads
/// is handed the table, so that an application can add its own.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// As contracts spell it: `from: { money: [amount, currency] }`.
    pub name: &'static str,
    /// In order.
    pub parameters: &'static [Parameter],
    /// What a derived field of this function may be typed as.
    pub returns: Parameter,
    /// The derived value, or nothing where these inputs have none. Never panics; the inputs passed I.
    pub compute: fn(&[&Value]) -> Option<Value>,
}

/// One input of a function, or what it answers.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Such as `amount`.
    pub name: &'static str,
    /// What fits, in words: `an integer of minor units`.
    pub expects: &'static str,
    /// Whether a type (names resolved, not nullable) fits.
    pub accepts: fn(&TypeKind) -> bool,
}

/// Fills in the derived fields of a payload of I, at every depth: what comes out is a payload of W. A field whose
/// function is unknown, or has no value for these inputs, stays absent; so does one with an absent or null input.
pub fn fill(catalog: &Catalog, payload: &Payload, functions: &[Function], value: &mut Value) {
    if let Payload::Record(record) = payload {
        fill_record(catalog, record, functions, value);
    }
}

fn fill_record(catalog: &Catalog, record: &Record, functions: &[Function], value: &mut Value) {
    let Value::Object(members) = value else {
        return;
    };
    for field in &record.fields {
        if let Some(member) = members.get_mut(field.name.as_str()) {
            fill_type(catalog, &field.ty, functions, member);
        } else if let Presence::Derived(derivation) = &field.presence
            && let Some(function) = functions.iter().find(|function| function.name == derivation.function)
            && let Some(inputs) =
                derivation.inputs.iter().map(|input| present(members, input.as_str())).collect::<Option<Vec<_>>>()
            && let Some(derived) = (function.compute)(&inputs)
        {
            members.insert(field.name.to_string(), derived);
        }
    }
}

fn present<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members.get(name).filter(|value| !value.is_null())
}

fn fill_type(catalog: &Catalog, ty: &Type, functions: &[Function], value: &mut Value) {
    let Some(ty) = catalog.resolve(ty) else {
        return;
    };
    match (&ty.kind, value) {
        (TypeKind::Nullable(inner), value) => fill_type(catalog, inner, functions, value),
        (TypeKind::Record(record), value) => fill_record(catalog, record, functions, value),
        (TypeKind::List(list), Value::Array(items)) => {
            items.iter_mut().for_each(|item| fill_type(catalog, &list.items, functions, item));
        }
        (TypeKind::Map(values), Value::Object(members)) => {
            members.values_mut().for_each(|member| fill_type(catalog, values, functions, member));
        }
        (TypeKind::Union(union), value) => {
            let tag = value.get(union.tag.as_str()).and_then(Value::as_str);
            if let Some(case) = union.cases.iter().find(|case| Some(case.value.as_str()) == tag) {
                fill_record(catalog, &case.record, functions, value);
            }
        }
        _ => {} // No other kind holds a record; a new kind that does is a new arm above.
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::name::FieldName;
    use crate::place::Place;
    use crate::shape::{Bounds, Derivation, Field, List, Text};

    const TWICE: Function = Function {
        name: "twice",
        parameters: &[Parameter { name: "count", expects: "an integer", accepts: |_| true }],
        returns: Parameter { name: "text", expects: "a string", accepts: |_| true },
        compute: |inputs| inputs.first().and_then(|count| count.as_i64()).map(|count| (count * 2).to_string().into()),
    };

    fn field(name: &str, presence: Presence, kind: TypeKind) -> Field {
        Field {
            name: FieldName::parse(name).expect("is a name"),
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

    fn record() -> Record {
        let inputs = vec![FieldName::parse("count").expect("is a name")];
        let derivation = Derivation { function: "twice".into(), inputs, place: Place::NOWHERE };
        Record {
            fields: vec![
                field("count", Presence::Optional, TypeKind::Integer(Bounds::default())),
                field("shown", Presence::Derived(Box::new(derivation)), TypeKind::Text(Text::default())),
            ],
        }
    }

    fn filled(record: Record, mut value: Value) -> Value {
        fill(&Catalog::default(), &Payload::Record(record), &[TWICE], &mut value);
        value
    }

    #[test]
    fn derived_fields_are_filled_in_at_every_depth() {
        let items = Box::new(Type { kind: TypeKind::Record(record()), place: Place::NOWHERE });
        let list = List { items, min_items: None, max_items: None, unique: false };
        let mut outer = record();
        outer.fields.push(field("lines", Presence::Optional, TypeKind::List(list)));
        assert_eq!(
            filled(outer, json!({ "count": 2, "lines": [{ "count": 3 }, {}] })),
            json!({ "count": 2, "lines": [{ "count": 3, "shown": "6" }, {}], "shown": "4" })
        );
    }

    #[test]
    fn a_derived_field_without_its_inputs_stays_absent() {
        assert_eq!(filled(record(), json!({})), json!({}));
        assert_eq!(filled(record(), json!({ "count": null })), json!({ "count": null }));
        assert_eq!(filled(record(), json!("no object")), json!("no object"));
    }
}
