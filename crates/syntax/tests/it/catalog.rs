//! What well-written contracts come to.

use growset_model::{Audience, Mapping, NamePolicy, Payload, Presence, Retain, Stability, TextFormat, TypeKind};

use crate::show::{input, read, report};

const TYPES: &str = r#"types:
  OrderId: { type: string, pattern: "^ord_[a-z0-9]+$", doc: Identifies an order. }
  Currency: { type: string, was: [CurrencyCode] }
  Money:
    fields: { amount: { type: integer, min: 0, doc: Minor units. }, currency: Currency }
  OrderStatus:
    enum:                      # open
      created: Placed by the buyer.
      paid:
      cancelled: { doc: Will not be fulfilled., deprecated: use order.cancelled }
  Side: { enum: { buy: , sell: }, closed: true }
  Cause:
    union: kind
    cases:
      user:   { fields: { userId: uuid } }
      system: { fields: { job: string }, optional: { attempt: integer } }
      nobody:
"#;

const CHANGED: &str = r#"# yaml-language-server: $schema=../../generated/editor/contract.schema.json
event: order.status.changed
owner: orders
audience: org
doc: An order moved from one status to another.
retain: { latest_by: [orderId] }
max_bytes: 1024
fields:
  orderId: OrderId
  from: { type: OrderStatus, doc: Status before the move. }
  to:   { type: OrderStatus, doc: Status after the move. }
  at: timestamp
  tags: list<map<nullable<OrderId>>>
  amount: integer
  currency: Currency
optional:
  reason: { type: string, max_length: 500, default: "", pii: true, deprecated: ask support }
derived:
  displayAmount: { type: string, from: { money: [amount, currency] } }
examples:
  - { orderId: ord_7f3k, from: paid, to: cancelled, at: "2027-01-01T00:00:00Z", tags: [], amount: 5, currency: EUR }
"#;

const CHANGED_V2: &str = r#"event: order.status.changed.v2
audience: user
stability: draft
terminal: true
replaces: order.status.changed
deprecated: { use: order.status.changed, sunset: "2027-06-30", reason: came too early }
retired: { since: "2027-07-01", use: order.status.changed }
fields:
  orderId:  OrderId
  previous: { type: OrderStatus, from: from }
  cause:    { type: Cause, from_value: { kind: system, job: legacy } }
"#;

fn catalog() -> growset_model::Catalog {
    let reading = read(&[
        ("orders/orders.types.yaml", TYPES),
        ("orders/order.status.changed.yaml", CHANGED),
        ("orders/order.status.changed.v2.yaml", CHANGED_V2),
        (
            "waivers.yaml",
            "waivers:\n  - { fingerprint: abc, reason: A leak., owner: orders, expires: \"2027-06-30\" }\n",
        ),
    ]);
    assert_eq!(report(&reading), "");
    assert_eq!(reading.waivers.iter().map(|waiver| waiver.fingerprint.as_str()).collect::<Vec<_>>(), ["abc"]);
    reading.catalog
}

#[test]
fn every_key_of_an_event_is_read() {
    let catalog = catalog();
    let event = &catalog.events.values().next().expect("is there");
    assert_eq!((event.name.as_str(), event.audience), ("order.status.changed", Audience::Org));
    assert_eq!(event.source, "orders/order.status.changed.yaml");
    assert_eq!((event.owner.as_deref(), event.max_bytes), (Some("orders"), Some(1024)));
    assert!(matches!(&event.retain, Some(Retain::LatestBy(fields)) if fields[0].as_str() == "orderId"));
    let record = event.record().expect("is a record");
    let names: Vec<&str> = record.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["orderId", "from", "to", "at", "tags", "amount", "currency", "reason", "displayAmount"]);
    let reason = record.field("reason").expect("is there");
    assert!(reason.pii && reason.presence == Presence::Optional && reason.default.as_deref() == Some(&"".into()));
    let Some(Presence::Derived(derivation)) = record.field("displayAmount").map(|field| &field.presence) else {
        panic!("derived")
    };
    assert_eq!((derivation.function.as_str(), derivation.inputs.len()), ("money", 2));
    assert_eq!(event.examples[0].value["orderId"], "ord_7f3k");
}

#[test]
fn a_second_version_says_where_its_values_come_from() {
    let catalog = catalog();
    let event = catalog.events.values().nth(1).expect("is there");
    assert_eq!((event.name.version(), event.stability, event.terminal), (2, Stability::Draft, true));
    assert_eq!(event.replaces.as_ref().map(|name| name.as_str()), Some("order.status.changed"));
    assert_eq!(event.retired.as_ref().map(|retired| retired.since.to_string()).as_deref(), Some("2027-07-01"));
    let deprecated = event.deprecated.as_ref().expect("is there");
    assert_eq!(deprecated.successor.as_deref(), Some("order.status.changed"));
    let record = event.record().expect("is a record");
    assert!(matches!(record.fields[1].mapping.as_deref(), Some(Mapping::From(name)) if name.as_str() == "from"));
    assert!(matches!(record.fields[2].mapping.as_deref(), Some(Mapping::Value(value)) if value["job"] == "legacy"));
}

#[test]
fn every_spelling_of_a_type_is_read() {
    let catalog = catalog();
    let kind =
        |name: &str| &catalog.types.iter().find(|(known, _)| known.as_str() == name).expect("is there").1.ty.kind;
    assert!(matches!(kind("OrderId"), TypeKind::Text(text) if text.pattern.is_some()));
    assert!(matches!(kind("Side"), TypeKind::Enum(list) if list.closed && list.values.len() == 2));
    assert!(matches!(kind("OrderStatus"), TypeKind::Enum(list) if !list.closed && list.values[2].deprecated.is_some()));
    assert!(matches!(kind("Cause"), TypeKind::Union(union) if union.cases.len() == 3 && union.tag.as_str() == "kind"));
    assert!(matches!(kind("Money"), TypeKind::Record(record) if record.fields.len() == 2));
}

#[test]
fn mapping_forms_and_one_word_forms_say_the_same() {
    let text = "event: a.b
audience: public
fields:
  one: list<nullable<date>>
  two: { list: { nullable: date } }
  three: { type: list<nullable<date>>, min_items: 1, unique: true }
  four: { map: { type: string, max_length: 3 } }
  five: { fields: { a: string }, optional: { b: decimal } }
  six: { json_schema: { type: [string, integer] } }
  seven: { type: number, min: -0.5, max: 10 }
";
    let reading = read(&[("a.b.yaml", text)]);
    assert_eq!(report(&reading), "");
    let event = reading.catalog.events.values().next().expect("is there");
    let Payload::Record(record) = &event.payload else { panic!("a record") };
    for field in &record.fields[..3] {
        let TypeKind::List(list) = &field.ty.kind else { panic!("{}", field.name) };
        assert!(matches!(list.items.without_null().kind, TypeKind::Format(TextFormat::Date)));
    }
    assert!(matches!(&record.fields[2].ty.kind, TypeKind::List(list) if list.unique && list.min_items == Some(1)));
    assert!(matches!(&record.fields[6].ty.kind, TypeKind::Number(bounds) if bounds.min == Some(-0.5)));
}

#[test]
fn names_from_elsewhere_are_let_in_one_by_one_or_all() {
    let event = "event: order_update\naudience: org\nfields: {}\n";
    let settings = |names: &str| format!("{}names: {names}\n", crate::show::SETTINGS);
    let exact = settings("{ any: [order_update] }");
    let reading = read(&[("growset.yaml", &exact), ("order_update.yaml", event)]);
    assert_eq!(report(&reading), "");
    assert_eq!(reading.catalog.settings.names, NamePolicy::Except(vec!["order_update".to_owned()]));
    assert_eq!(report(&read(&[("growset.yaml", &settings("any")), ("order_update.yaml", event)])), "");
    assert!(report(&read(&[("order_update.yaml", event)])).starts_with("error[invalid-name]"));
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let text = "\u{feff}event: a.b\r\naudience: org\r\nfields:\r\n  one: strin\r\n";
    let reading = growset_syntax::read(vec![
        input("growset.yaml", crate::show::SETTINGS.as_bytes()),
        input("a.b.yaml", text.as_bytes()),
    ]);
    assert_eq!(reading.diagnostics.len(), 1);
    assert_eq!(reading.sources.text(reading.diagnostics[0].place), Some("strin"));
    let fixed = growset_syntax::apply_fixes(&reading.sources, &reading.diagnostics);
    assert_eq!(fixed[0].1, text.replace("strin", "string"));
}
