//! A catalog whose every text tries to leave its place, and what it says all the same.

use std::collections::BTreeMap;

use growset_model::{
    Audience, Bounds, Case, Catalog, Deprecated, Enum, EnumValue, Event, EventName, Example, Field, FieldName,
    NamedType, Pattern, Payload, Place, Presence, Record, Stability, Text, TextFormat, Type, TypeKind, TypeName, Union,
};
use serde_json::{Value, json};

pub(super) const TEXTS: [&str; 30] = [
    "*/ globalThis.PWNED=1 /*",
    "a`b",
    "```\nglobalThis.PWNED=1\n```",
    "${globalThis.PWNED=1}",
    "</script><script>globalThis.PWNED=1</script>",
    "<!-- comment -->",
    "--> ]]>",
    "line\u{2028}globalThis.PWNED=1",
    "paragraph\u{2029}globalThis.PWNED=1",
    "\u{202e}desrever\u{202c} \u{2066}isolated\u{2069}",
    "\"; globalThis.PWNED=1; \"",
    "'; globalThis.PWNED=1; '",
    "ends in a backslash \\",
    "\\u002a/ \\",
    "@deprecated not really",
    "first\n@deprecated not really\n * @internal",
    "see {@link EventMap} and {@inheritDoc}",
    "__proto__",
    "hasOwnProperty",
    "constructor",
    "class",
    "\0nul \u{1b}[31mred\u{7f}",
    "// @ts-nocheck",
    "/// <reference path=\"/etc/passwd\" />",
    "//# sourceMappingURL=data:application/json,{}",
    "# heading\n- item\n| a | b |\n|---|---|",
    "\r\nwindows\r\nold mac\r",
    "🦀 \u{e0041} tag",
    "_",
    "*",
];

const FIELDS: [&str; 22] = [
    "__proto__",
    "hasOwnProperty",
    "constructor",
    "toString",
    "class",
    "default",
    "new",
    "get",
    "readonly",
    "a*/b",
    "a`b",
    "${x}",
    "</script>",
    "<!--c-->",
    "it's",
    "1st",
    "two words",
    "@deprecated1",
    "{@link e}",
    "//f",
    "[k: g]",
    "h?: any; i",
];

const EVENTS: [&str; 10] = [
    "class",
    "default.await",
    "constructor",
    "hasOwnProperty",
    "toString",
    "1st.2nd",
    "NaN",
    "valueOf",
    "any-event",
    "any:other",
];

const TYPES: [&str; 14] = [
    "Record",
    "Array",
    "Readonly",
    "Object",
    "Function",
    "Promise",
    "String",
    "Symbol",
    "Date",
    "JSON",
    "MessageEvent",
    "EventMap",
    "DraftEventMap",
    "Known",
];

fn ty(kind: TypeKind) -> Type {
    Type { kind, place: Place::NOWHERE }
}

fn deprecated(text: &str) -> Deprecated {
    Deprecated { successor: Some(text.into()), sunset: None, reason: Some(text.into()), place: Place::NOWHERE }
}

fn field(name: &str, text: &str, presence: Presence, kind: TypeKind) -> Field {
    let default = (presence == Presence::Optional).then(|| Box::new(json!({ "default": text })));
    Field {
        name: FieldName::parse(name).expect("is a name"),
        presence,
        ty: ty(kind),
        doc: Some(text.into()),
        example: Some(Box::new(json!(text))),
        deprecated: Some(Box::new(deprecated(text))),
        pii: true,
        default,
        mapping: None,
        place: Place::NOWHERE,
    }
}

/// Every hostile name as a field, all of them strings.
fn record() -> Record {
    let texts = TEXTS.iter().cycle();
    let fields = FIELDS.iter().zip(texts).map(|(name, text)| {
        let pattern = Pattern::parse("^[*]/[`@]$").ok();
        let kind = TypeKind::Text(Text { pattern, ..Text::default() });
        field(name, text, Presence::Optional, kind)
    });
    Record { fields: fields.collect() }
}

fn enumeration(closed: bool) -> TypeKind {
    let values = TEXTS.iter().map(|text| EnumValue {
        value: (*text).into(),
        doc: Some((*text).into()),
        deprecated: Some(deprecated(text)),
        place: Place::NOWHERE,
    });
    TypeKind::Enum(Enum { closed, values: values.collect() })
}

fn union(closed: bool) -> TypeKind {
    let cases = TEXTS.iter().enumerate().map(|(at, text)| Case {
        // The number keeps the names of cases apart.
        value: format!("{at} {text}"),
        doc: Some((*text).into()),
        deprecated: None,
        record: Record { fields: vec![field("constructor", text, Presence::Required, TypeKind::Json)] },
        place: Place::NOWHERE,
    });
    TypeKind::Union(Union { tag: FieldName::parse("__proto__").expect("is a name"), closed, cases: cases.collect() })
}

fn named(name: &str, text: &str, kind: TypeKind) -> (TypeName, NamedType) {
    let name = TypeName::parse(name).expect("is a name");
    let named = NamedType {
        name: name.clone(),
        was: Vec::new(),
        doc: Some(text.into()),
        example: Some(json!({ text: [text] })),
        deprecated: Some(deprecated(text)),
        pii: true,
        ty: ty(kind),
        place: Place::NOWHERE,
    };
    (name, named)
}

fn event(name: &str, text: &str) -> (EventName, Event) {
    let name = EventName::parse_any_style(name).expect("is a name");
    let event = Event {
        name: name.clone(),
        owner: Some(text.into()),
        audience: Audience::Org,
        doc: Some(text.into()),
        stability: Stability::Stable,
        deprecated: Some(deprecated(text)),
        replaces: None,
        retain: None,
        terminal: false,
        max_bytes: None,
        retired: None,
        payload: Payload::Record(record()),
        examples: vec![Example {
            value: json!({ text: text, "deep": { "list": TEXTS } }),
            place: Place::NOWHERE,
            parts: BTreeMap::new(),
        }],
        source: format!("{name}.yaml"),
        place: Place::NOWHERE,
    };
    (name, event)
}

/// The catalog and, as JSON, the literals that its typings must mean.
pub(crate) fn catalog() -> (Catalog, Value) {
    let mut catalog = Catalog::default();
    catalog.settings.title = TEXTS.join(" ");
    catalog.settings.npm_name = "@example/hostile".into();
    catalog.events.extend(EVENTS.iter().zip(&TEXTS).map(|(name, text)| event(name, text)));
    let plain = |at: usize| match at % 4 {
        0 => TypeKind::Format(TextFormat::Uri),
        1 => TypeKind::Integer(Bounds::default()),
        2 => TypeKind::Text(Text::default()),
        _ => TypeKind::Map(Box::new(ty(TypeKind::Json))),
    };
    catalog.types.extend(TYPES.iter().zip(&TEXTS).enumerate().map(|(at, (name, text))| named(name, text, plain(at))));
    catalog.types.extend([
        named("Open", "open", enumeration(false)),
        named("Closed", "closed", enumeration(true)),
        named("OpenUnion", "open union", union(false)),
        named("ClosedUnion", "closed union", union(true)),
    ]);
    let tags: Vec<String> = TEXTS.iter().enumerate().map(|(at, text)| format!("{at} {text}")).collect();
    let mut events = EVENTS;
    events.sort_unstable();
    let expected = json!({ "events": events, "values": TEXTS, "tags": tags, "fields": FIELDS });
    (catalog, expected)
}
