//! The smallest catalogs that show a point.

use growset_model::{
    Audience, Case, Enum, EnumValue, Event, EventName, Field, FieldName, Payload, Place, Presence, Record, Stability,
    Text, Type, TypeKind, Union,
};

pub(crate) fn event(fields: Vec<Field>) -> Event {
    Event {
        name: EventName::parse("order.created").expect("is a name"),
        owner: None,
        audience: Audience::Org,
        doc: None,
        stability: Stability::Stable,
        deprecated: None,
        replaces: None,
        retain: None,
        terminal: false,
        max_bytes: None,
        retired: None,
        payload: Payload::Record(Record { fields }),
        examples: Vec::new(),
        source: String::new(),
        place: Place::NOWHERE,
    }
}

pub(crate) fn field(text: &str, presence: Presence, kind: TypeKind) -> Field {
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

pub(crate) fn name(text: &str) -> FieldName {
    FieldName::parse(text).expect("is a name")
}

pub(crate) fn choice(values: &[&str], closed: bool) -> TypeKind {
    let values = values
        .iter()
        .map(|value| EnumValue { value: (*value).into(), doc: None, deprecated: None, place: Place::NOWHERE })
        .collect();
    TypeKind::Enum(Enum { closed, values })
}

pub(crate) fn cause(closed: bool) -> TypeKind {
    let user = Case {
        value: "user".into(),
        doc: None,
        deprecated: None,
        record: Record { fields: vec![field("userId", Presence::Required, TypeKind::Text(Text::default()))] },
        place: Place::NOWHERE,
    };
    TypeKind::Union(Union { tag: name("kind"), closed, cases: vec![user] })
}
