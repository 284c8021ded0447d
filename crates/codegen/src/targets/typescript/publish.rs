//! `./publish` and `./testing`: what only services and tests need of the events.

use growset_model::hoist::{Declaration, Declared};
use growset_model::{Event, Payload, Record, Type, TypeKind};

use super::comment::Comment;
use super::documentation::with_deprecation;
use super::live_events;
use crate::Request;
use crate::escape::javascript;
use crate::targets::as_heard;

/// `publish.d.ts`: the payloads as the intake takes them, made from those that listeners get.
pub(super) fn declarations(request: &Request) -> String {
    let mut text = String::from(include_str!("../../../templates/typescript/publish.d.ts"));
    let unlisted = if is_open(request) { "events.unlisted" } else { "never" };
    text.push_str("/** By event: what a publisher sends, and who it is for. */\nexport interface PublishMap {\n");
    for event in live_events(request) {
        text.push_str(&with_deprecation(Comment::default(), event.deprecated.as_ref()).print("  "));
        let name = javascript::string(event.name.as_str());
        let ty = javascript::type_identifier(request.names.event(&event.name));
        let audience = event.audience.as_str();
        text.push_str(&format!("  readonly {name}: Sent<events.{ty}, \"{audience}\">;\n"));
    }
    text.push_str(&format!(
        "}}\n\ninterface Sent<Payload, Audience> {{\n  readonly data: Intake<Payload, {unlisted}, Derived>;\n  \
         readonly audience: Audience;\n}}\n\n"
    ));
    text.push_str("/** Records and their fields that the server fills in. */\ntype Derived =");
    let derived: Vec<String> = request.names.declarations().iter().filter_map(derived_fields).collect();
    text.push_str(&if derived.is_empty() { " never".to_owned() } else { derived.concat() });
    text.push_str(";\n");
    text
}

/// `testing.js`: the examples of each event as listeners get them. As text, because `__proto__` means something in a
/// script and nothing in JSON.
pub(super) fn testing_script(request: &Request) -> String {
    let mut text = String::from(include_str!("../../../templates/typescript/testing.js"));
    text.push_str("\nexport const { fakeServer, fixture } = /* @__PURE__ */ testing({\n");
    for event in live_events(request) {
        let name = javascript::string(event.name.as_str());
        text.push_str(&format!("  {name}: JSON.parse({}),\n", javascript::string(&examples(request, event))));
    }
    text.push_str("});\n");
    text
}

fn examples(request: &Request, event: &Event) -> String {
    let heard = event.examples.iter().map(|example| as_heard(request, event, &example.value));
    serde_json::Value::from_iter(heard).to_string()
}

/// Whether `index.d.ts` has the type for what no contract lists.
fn is_open(request: &Request) -> bool {
    request.names.declarations().iter().any(|declaration| match declaration.what {
        Declared::Type(named) => is_open_kind(&named.ty),
        Declared::Inline(ty) => is_open_kind(ty),
        Declared::Payload(_) | Declared::Alias(..) | Declared::Case(_) => false,
    })
}

fn is_open_kind(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Enum(values) => !values.closed,
        TypeKind::Union(union) => !union.closed,
        _ => false, // Only these two can be open.
    }
}

fn derived_fields(declaration: &Declaration) -> Option<String> {
    let record = record(declaration)?;
    let derived = record.fields.iter().filter(|field| field.is_derived());
    let names: Vec<String> = derived.map(|field| javascript::string(field.name.as_str())).collect();
    let ty = javascript::type_identifier(&declaration.name);
    (!names.is_empty()).then(|| format!("\n  | readonly [events.{ty}, {}]", names.join(" | ")))
}

fn record<'a>(declaration: &Declaration<'a>) -> Option<&'a Record> {
    let ty = match declaration.what {
        Declared::Payload(event) => match &event.payload {
            Payload::Record(record) => return Some(record),
            Payload::Opaque(_) => return None,
        },
        Declared::Case(case) => return Some(&case.record),
        Declared::Type(named) => &named.ty,
        Declared::Inline(ty) => ty,
        Declared::Alias(..) => return None,
    };
    if let TypeKind::Record(record) = &ty.kind { Some(record) } else { None }
}
