//! What a released revision is known by.

use growset_model::{
    Bounds, Catalog, Event, NamedType, Payload, Place, Presence, Text, Type, TypeKind, TypeName, fingerprint,
};

use crate::build::{choice, event, field};

#[test]
fn documentation_and_order_are_not_part_of_a_shape() {
    let before = event(vec![
        field("a", Presence::Required, TypeKind::Boolean),
        field("b", Presence::Required, choice(&["x", "y"], false)),
    ]);
    let mut after = event(vec![
        field("b", Presence::Required, choice(&["y", "x"], false)),
        field("a", Presence::Required, TypeKind::Boolean),
    ]);
    after.doc = Some("Explained.".into());
    after.owner = Some("orders".into());
    assert_eq!(fingerprint(&Catalog::default(), &before), fingerprint(&Catalog::default(), &after));
}

#[test]
fn a_default_bound_is_the_same_as_the_bound_spelled_out() {
    let spelled = Bounds { min: Some(-9_007_199_254_740_991), max: Some(9_007_199_254_740_991) };
    let before = event(vec![field("n", Presence::Required, TypeKind::Integer(Bounds::default()))]);
    let after = event(vec![field("n", Presence::Required, TypeKind::Integer(spelled))]);
    assert_eq!(fingerprint(&Catalog::default(), &before), fingerprint(&Catalog::default(), &after));
}

#[test]
fn whatever_a_verdict_looks_at_changes_the_digest() {
    let of = |presence, kind| event(vec![field("a", presence, kind)]);
    let string = || TypeKind::Text(Text::default());
    let base = of(Presence::Required, string());
    let mut terminal = base.clone();
    terminal.terminal = true;
    let shorter = TypeKind::Text(Text { max_length: Some(3), ..Text::default() });
    let changed = [
        of(Presence::Optional, string()),
        of(Presence::Required, TypeKind::Json),
        of(Presence::Required, shorter),
        of(Presence::Required, choice(&["x"], true)),
        of(Presence::Required, choice(&["x"], false)),
        terminal,
    ];
    let mut digests: Vec<String> =
        changed.iter().chain([&base]).map(|event| fingerprint(&Catalog::default(), event).digest).collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), changed.len() + 1);
}

#[test]
fn a_change_of_a_shared_type_reaches_every_event_that_carries_it() {
    let name = TypeName::parse("Id").expect("is a name");
    let carrier = event(vec![field("id", Presence::Required, TypeKind::Named(name.clone()))]);
    let before = fingerprint(&with_type(&carrier, &name, TypeKind::Boolean), &carrier);
    let after = fingerprint(&with_type(&carrier, &name, TypeKind::Json), &carrier);
    assert_ne!(before.digest, after.digest);
    assert_ne!(before.uses[&name], after.uses[&name]);
}

fn with_type(event: &Event, name: &TypeName, kind: TypeKind) -> Catalog {
    assert!(matches!(event.payload, Payload::Record(_)));
    let named = NamedType {
        name: name.clone(),
        was: Vec::new(),
        doc: None,
        example: None,
        deprecated: None,
        pii: false,
        ty: Type { kind, place: Place::NOWHERE },
        place: Place::NOWHERE,
    };
    Catalog { types: [(name.clone(), named)].into(), ..Catalog::default() }
}
