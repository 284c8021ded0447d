//! What is called alike is refused, not renamed.

use growset_codegen::{CodegenError, Surroundings, generate};
use growset_model::{Audience, Event, Stability};
use growset_model::{Catalog, EventName, NamedType, Payload, Place, Sources, Type, TypeKind, TypeName};

fn event(name: &str) -> Event {
    Event {
        name: EventName::parse(name).expect("is a name"),
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
        payload: Payload::Opaque(true.into()),
        examples: Vec::new(),
        source: format!("{name}.yaml"),
        place: Place::NOWHERE,
    }
}

fn boolean(name: &str) -> NamedType {
    NamedType {
        name: TypeName::parse(name).expect("is a name"),
        was: Vec::new(),
        doc: None,
        example: None,
        deprecated: None,
        pii: false,
        ty: Type { kind: TypeKind::Boolean, place: Place::NOWHERE },
        place: Place::NOWHERE,
    }
}

#[test]
fn an_event_and_a_type_of_one_name_are_refused() {
    let (event, ty) = (event("order.created"), boolean("OrderCreated"));
    let catalog = Catalog {
        events: [(event.name.clone(), event)].into(),
        types: [(ty.name.clone(), ty)].into(),
        ..Catalog::default()
    };
    let refused = generate(&catalog, &Sources::default(), &[], &Surroundings::default());
    assert!(matches!(refused, Err(CodegenError::Collision(name)) if name == "OrderCreated"));
}
