//! Types that contain themselves, where a remembered verdict would mask a break, and types too large to show.

use growset_compat::growth::{Baseline, Class, Promise, Shown, diff, growth};
use growset_model::{
    Audience, Bounds, Case, Catalog, Event, EventName, List, NamedType, Payload, Place, Presence, Record, Stability,
    Text, Type, TypeKind, TypeName, Union,
};

use super::edit::{field, name};

/// Unions of a case for each of them, with `payload` in the last case of the last one.
fn circle(count: usize, payload: TypeKind) -> Catalog {
    let type_name = |index: usize| TypeName::parse(&format!("U{index}")).expect("is a name");
    let named = |index: usize| {
        let case = |to: usize| {
            let mut fields = vec![field("next", Presence::Optional, TypeKind::Named(type_name(to)))];
            if (index, to) == (count - 1, count - 1) {
                fields.push(field("payload", Presence::Required, payload.clone()));
            }
            Case {
                value: format!("c{to}"),
                doc: None,
                deprecated: None,
                record: Record { fields },
                place: Place::NOWHERE,
            }
        };
        let union = Union { tag: name("kind"), closed: index.is_multiple_of(2), cases: (0..count).map(case).collect() };
        NamedType {
            name: type_name(index),
            was: Vec::new(),
            doc: None,
            example: None,
            deprecated: None,
            pii: false,
            ty: Type { kind: TypeKind::Union(union), place: Place::NOWHERE },
            place: Place::NOWHERE,
        }
    };
    let types = (0..count).map(|index| (type_name(index), named(index))).collect();
    let root = field("root", Presence::Required, TypeKind::Named(type_name(0)));
    let event = event("tree.grown", Record { fields: vec![root] });
    Catalog { events: [(event.name.clone(), event)].into(), types, ..Catalog::default() }
}

fn event(text: &str, record: Record) -> Event {
    Event {
        name: EventName::parse(text).expect("is a name"),
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
        payload: Payload::Record(record),
        examples: Vec::new(),
        source: String::new(),
        place: Place::NOWHERE,
    }
}

#[test]
fn twelve_unions_of_each_other_are_compared_once_a_pair() {
    let old = circle(12, TypeKind::Text(Text::default()));
    let new = circle(12, TypeKind::Integer(Bounds::default()));
    let baseline = Baseline::of_catalog("released", &old);
    let changes: Vec<_> = baseline.revisions.iter().flat_map(|revision| diff(revision, &new)).collect();
    assert_eq!(changes.len(), 1, "{changes:#?}");
    let report = growth(&baseline, &new);
    assert_eq!(report.findings.len(), 1);
    let finding = &report.findings[0];
    assert_eq!(finding.broken.keys().copied().collect::<Vec<_>>(), Promise::ALL);
    assert!(matches!(&finding.proof, Shown::Witnesses(witnesses) if witnesses.len() == 3), "{finding:#?}");
}

#[test]
fn unions_of_each_other_under_other_names_are_the_same_on_the_wire() {
    let old = circle(12, TypeKind::Boolean);
    let mut new = circle(12, TypeKind::Boolean);
    // Every use of U0 is U11 and the other way round, in names as in what they stand for.
    let [first, last] = ["U0", "U11"].map(|text| TypeName::parse(text).expect("is a name"));
    let swapped = |kind: &mut TypeKind| {
        if let TypeKind::Named(name) = kind {
            if *name == first {
                *name = last.clone();
            } else if *name == last {
                *name = first.clone();
            }
        }
    };
    for named in new.types.values_mut() {
        if let TypeKind::Union(union) = &mut named.ty.kind {
            union
                .cases
                .iter_mut()
                .flat_map(|case| &mut case.record.fields)
                .for_each(|field| swapped(&mut field.ty.kind));
        }
    }
    for event in new.events.values_mut() {
        if let Payload::Record(record) = &mut event.payload {
            record.fields.iter_mut().for_each(|field| swapped(&mut field.ty.kind));
        }
    }
    let (one, other) = (new.types.remove(&first).expect("is there"), new.types.remove(&last).expect("is there"));
    new.types.insert(first.clone(), NamedType { name: first.clone(), ..other });
    new.types.insert(last.clone(), NamedType { name: last.clone(), ..one });
    let report = growth(&Baseline::of_catalog("released", &old), &new);
    assert_eq!(report.class(), Class::Source, "{report:#?}");
}

#[test]
fn circles_of_names_alone_end() {
    let circular = || {
        let alias = |text: &str, to: &str| NamedType {
            name: TypeName::parse(text).expect("is a name"),
            was: Vec::new(),
            doc: None,
            example: None,
            deprecated: None,
            pii: false,
            ty: Type { kind: TypeKind::Named(TypeName::parse(to).expect("is a name")), place: Place::NOWHERE },
            place: Place::NOWHERE,
        };
        let types = [alias("A", "B"), alias("B", "A")];
        let kind = TypeKind::Named(types[0].name.clone());
        let event = event("a.b", Record { fields: vec![field("a", Presence::Required, kind)] });
        Catalog {
            events: [(event.name.clone(), event)].into(),
            types: types.into_iter().map(|named| (named.name.clone(), named)).collect(),
            ..Catalog::default()
        }
    };
    let mut new = circular();
    assert!(growth(&Baseline::of_catalog("released", &new), &new).findings.is_empty());
    let event = new.events.values_mut().next().expect("is there");
    event.payload = Payload::Record(Record { fields: vec![field("a", Presence::Required, TypeKind::Boolean)] });
    let report = growth(&Baseline::of_catalog("released", &circular()), &new);
    assert!(report.class() >= Class::Policy, "an invalid catalog does not pass silently");
}

#[test]
fn a_list_of_different_items_that_hold_the_list_is_not_followed_without_an_end() {
    let node = TypeName::parse("Node").expect("is a name");
    let whole = |text: &str, kind: TypeKind| {
        let kids = field("kids", Presence::Optional, TypeKind::Named(node.clone()));
        let items = Record { fields: vec![field("leaf", Presence::Required, TypeKind::Boolean), kids] };
        let items = Box::new(Type { kind: TypeKind::Record(items), place: Place::NOWHERE });
        let list = TypeKind::List(List { items, min_items: Some(2), max_items: None, unique: true });
        let named = NamedType {
            name: node.clone(),
            was: Vec::new(),
            doc: None,
            example: None,
            deprecated: None,
            pii: false,
            ty: Type { kind: list, place: Place::NOWHERE },
            place: Place::NOWHERE,
        };
        let nodes = field("nodes", Presence::Required, TypeKind::Named(node.clone()));
        let event = event("a.b", Record { fields: vec![nodes, field(text, Presence::Required, kind)] });
        let (events, types) = ([(event.name.clone(), event)].into(), [(node.clone(), named)].into());
        Catalog { events, types, ..Catalog::default() }
    };
    let (old, new) = (whole("gone", TypeKind::Boolean), whole("gone", TypeKind::Json));
    let report = growth(&Baseline::of_catalog("released", &old), &new);
    assert_eq!(report.class(), Class::Breaking, "{report:#?}");
    assert!(matches!(report.findings[0].proof, Shown::Witnesses(_)), "{report:#?}");
}

#[test]
fn a_payload_that_doubles_with_every_type_is_not_built() {
    let doubling = |last: TypeKind| {
        let named = |index: usize| {
            let kind = TypeKind::Named(TypeName::parse(&format!("D{}", index + 1)).expect("is a name"));
            let parts = ["a", "b"].map(|text| field(text, Presence::Required, kind.clone()));
            let whole = TypeKind::Record(Record { fields: parts.to_vec() });
            NamedType {
                name: TypeName::parse(&format!("D{index}")).expect("is a name"),
                was: Vec::new(),
                doc: None,
                example: None,
                deprecated: None,
                pii: false,
                ty: Type { kind: if index == 40 { last.clone() } else { whole }, place: Place::NOWHERE },
                place: Place::NOWHERE,
            }
        };
        let kind = TypeKind::Named(TypeName::parse("D0").expect("is a name"));
        let event = event("a.b", Record { fields: vec![field("a", Presence::Required, kind)] });
        Catalog {
            events: [(event.name.clone(), event)].into(),
            types: (0..=40).map(named).map(|named| (named.name.clone(), named)).collect(),
            ..Catalog::default()
        }
    };
    let (old, new) = (
        doubling(TypeKind::Boolean),
        doubling(TypeKind::Nullable(Box::new(Type { kind: TypeKind::Boolean, place: Place::NOWHERE }))),
    );
    let report = growth(&Baseline::of_catalog("released", &old), &new);
    assert_eq!(report.class(), Class::Breaking, "{report:#?}");
    assert!(matches!(report.findings[0].proof, Shown::Unproven { .. }), "{report:#?}");
}
