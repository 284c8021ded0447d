//! Types spelled in one word: `string`, `OrderId`, `list<map<nullable<OrderId>>>`.

use std::ops::Range;

use growset_model::{Bounds, Diagnostic, List, Place, Text, TextFormat, Type, TypeKind, TypeName};

use crate::lower::Lowering;
use crate::rules;
use crate::suggest::{nearest, shown};

/// The built-in types that take no other.
pub(crate) const LEAVES: [&str; 11] =
    ["string", "boolean", "integer", "number", "decimal", "timestamp", "date", "uuid", "uri", "email", "json"];
/// The built-in types around another.
pub(crate) const GENERICS: [&str; 3] = ["list", "map", "nullable"];

/// What other languages call our types.
const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("long", "integer"),
    ("i32", "integer"),
    ("i64", "integer"),
    ("u32", "integer"),
    ("u64", "integer"),
    ("bool", "boolean"),
    ("float", "number"),
    ("double", "number"),
    ("f64", "number"),
    ("str", "string"),
    ("text", "string"),
    ("String", "string"),
    ("datetime", "timestamp"),
    ("date-time", "timestamp"),
    ("time", "timestamp"),
    ("url", "uri"),
    ("any", "json"),
    ("object", "json"),
    ("unknown", "json"),
    ("array", "list"),
    ("Array", "list"),
    ("Vec", "list"),
    ("dict", "map"),
    ("Record", "map"),
    ("record", "map"),
    ("optional", "nullable"),
    ("Option", "nullable"),
];

/// Brackets inside brackets; a megabyte of `list<` must not fill the stack.
const DEEPEST: usize = 64;

/// One spelling, and where it stands.
#[derive(Clone, Copy)]
struct Spelling<'s> {
    text: &'s str,
    place: Place,
}

impl Lowering<'_> {
    /// The type that `text` spells; nothing, with a report, when it spells none.
    pub(super) fn spelled_type(&mut self, text: &str, place: Place) -> Option<Type> {
        let spelling = Spelling { text, place };
        if text.bytes().filter(|byte| *byte == b'<').count() > DEEPEST {
            let message = format!(
                "types are nested deeper than {DEEPEST} levels; give an inner one a name in a `*.types.yaml` file"
            );
            self.refuse(&rules::NESTING_TOO_DEEP, place, message, "too deep");
            return None;
        }
        self.part(spelling, 0..text.len())
    }

    fn part(&mut self, spelling: Spelling<'_>, range: Range<usize>) -> Option<Type> {
        let range = trimmed(spelling.text, range);
        let text = &spelling.text[range.clone()];
        let place = self.part_of_scalar(spelling.place, spelling.text, range.clone());
        if let Some((left, right)) = split_outside_brackets(text, '|') {
            self.several_types(text, place, left, right);
            return None;
        }
        let Some(bracket) = text.find('<') else {
            let kind = self.leaf(text, place)?;
            return Some(Type { kind, place });
        };
        if !text.ends_with('>') {
            let message = format!("`{}` has no closing `>` at its end", shown(text));
            self.refuse(&rules::UNKNOWN_TYPE, place, message, "write it as in `list<string>`");
            return None;
        }
        let head = trimmed(spelling.text, range.start..range.start + bracket);
        let inner = range.start + bracket + 1..range.end - 1;
        let name = &spelling.text[head.clone()];
        if !GENERICS.contains(&name) {
            let place = self.part_of_scalar(spelling.place, spelling.text, head);
            self.unknown_generic(name, place);
            return None;
        }
        let held = &spelling.text[inner.clone()];
        if held.trim().is_empty() {
            self.nothing_inside(name, place);
            return None;
        }
        if let Some((_, value)) = split_outside_brackets(held, ',').filter(|_| name == "map") {
            self.map_with_keys(place, value);
            return None;
        }
        let inner = self.part(spelling, inner)?;
        let kind = self.wrapped(name, inner, place)?;
        Some(Type { kind, place })
    }

    /// A generic around a type.
    pub(super) fn wrapped(&mut self, generic: &str, inner: Type, place: Place) -> Option<TypeKind> {
        match generic {
            "list" => {
                Some(TypeKind::List(List { items: Box::new(inner), min_items: None, max_items: None, unique: false }))
            }
            "map" => Some(TypeKind::Map(Box::new(inner))),
            _ => match inner.kind {
                TypeKind::Nullable(_) | TypeKind::Json | TypeKind::Opaque(_) => {
                    let what = if matches!(inner.kind, TypeKind::Nullable(_)) {
                        "nullable"
                    } else {
                        "any JSON, null included"
                    };
                    let message = format!("the type inside `nullable` is {what} already; write it without `nullable`");
                    self.refuse(&rules::REDUNDANT_NULLABLE, place, message, "says null twice");
                    Some(inner.kind)
                }
                _ => Some(TypeKind::Nullable(Box::new(inner))), // Every other kind has no null of its own.
            },
        }
    }

    fn leaf(&mut self, text: &str, place: Place) -> Option<TypeKind> {
        if let Some(kind) = built_in(text) {
            return Some(kind);
        }
        let names = self.names;
        if names.types.contains(text) {
            // A name that is defined but no name is reported where it is defined.
            return TypeName::parse(text).ok().map(TypeKind::Named);
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => {
                let message = "no type is named; name one such as `string`, `list<string>` or one of your own";
                self.refuse(&rules::UNKNOWN_TYPE, place, message, "name a type");
            }
            _ if GENERICS.contains(&text) => self.nothing_inside(text, place),
            _ => self.unknown_type(text, place),
        }
        None
    }

    fn nothing_inside(&mut self, generic: &str, place: Place) {
        let message = format!("`{generic}` needs the type that it holds; write it as in `{generic}<string>`");
        self.refuse(&rules::UNKNOWN_TYPE, place, message, "of what?");
    }

    /// `map<string, Money>`.
    fn map_with_keys(&mut self, place: Place, value: &str) {
        let ours = format!("map<{}>", value.trim());
        let edits = self.replace(place, ours.as_str());
        let diagnostic =
            Diagnostic::new(&rules::UNKNOWN_TYPE, place, "`map` takes the type of its values alone: keys are strings")
                .label(format!("this is spelled `{}` here", shown(&ours)))
                .likely_fix(format!("write `{}`", shown(&ours)), edits);
        self.report(diagnostic);
    }

    /// `string | null`, `A | B`.
    fn several_types(&mut self, text: &str, place: Place, left: &str, right: &str) {
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_TYPE, place, format!("unknown type `{}`", shown(text)));
        let inner = match (left.trim(), right.trim()) {
            ("null", inner) | (inner, "null") if !inner.is_empty() && !inner.contains('|') => inner,
            _ => {
                let help = "a union is told apart by a property, as in \
                            `{ union: kind, cases: { user: { fields: { id: uuid } } } }`";
                self.report(diagnostic.label("a value has one type").help(help));
                return;
            }
        };
        let ours = format!("nullable<{inner}>");
        let edits = self.replace(place, ours.as_str());
        self.report(
            diagnostic
                .label(format!("this is spelled `{}` here", shown(&ours)))
                .likely_fix(format!("write `{}`", shown(&ours)), edits),
        );
    }

    fn unknown_type(&mut self, text: &str, place: Place) {
        let names = self.names;
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_TYPE, place, format!("unknown type `{}`", shown(text)));
        let foreign = FOREIGN_TYPES.iter().find(|(foreign, _)| *foreign == text).map(|(_, ours)| *ours);
        if let Some(generic) = foreign.filter(|ours| GENERICS.contains(ours)) {
            let help = format!("name what it holds, as in `{generic}<string>`");
            self.report(diagnostic.label(format!("this is spelled `{generic}<…>` here")).help(help));
            return;
        }
        let postfix = text.strip_suffix("[]").map(|item| format!("list<{item}>"));
        let postfix = postfix.or_else(|| text.strip_suffix('?').map(|inner| format!("nullable<{inner}>")));
        if let Some(ours) = foreign.map(str::to_owned).or(postfix) {
            let edits = self.replace(place, ours.as_str());
            self.report(
                diagnostic.label(format!("this is spelled `{ours}` here")).likely_fix(format!("write `{ours}`"), edits),
            );
            return;
        }
        let built_in = nearest(text, LEAVES);
        if let Some(only) = built_in.only() {
            let edits = self.replace(place, only);
            self.report(
                diagnostic.label(format!("did you mean `{only}`?")).certain_fix(format!("write `{only}`"), edits),
            );
            return;
        }
        if names.types_are_missing && TypeName::parse(text).is_ok() {
            return; // It may be defined in a file that could not be read, which has its own report.
        }
        let near = nearest(text, names.types.iter().map(|name| &**name));
        let diagnostic = match near.question() {
            Some(question) => diagnostic.label(question),
            None => diagnostic.label("not built in, and defined nowhere"),
        };
        let diagnostic = match near.only() {
            Some(only) => diagnostic.likely_fix(format!("write `{only}`"), self.replace(place, only)),
            None => diagnostic.help(if TypeName::parse(text).is_ok() {
                format!("define it: add `{text}` under `types:` of a `*.types.yaml` file")
            } else {
                format!(
                    "built in are {}, and `list<…>`, `map<…>`, `nullable<…>`",
                    LEAVES.map(|leaf| format!("`{leaf}`")).join(", ")
                )
            }),
        };
        self.report(diagnostic);
    }

    fn unknown_generic(&mut self, name: &str, place: Place) {
        let foreign = FOREIGN_TYPES.iter().find(|(foreign, _)| *foreign == name).map(|(_, ours)| *ours);
        let near = foreign.filter(|ours| GENERICS.contains(ours)).or_else(|| nearest(name, GENERICS).only());
        let message = format!("`{}` takes no type in brackets; `list<…>`, `map<…>` and `nullable<…>` do", shown(name));
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_TYPE, place, message);
        self.report(match near {
            Some(near) => {
                let edits = self.replace(place, near);
                diagnostic.label(format!("did you mean `{near}`?")).likely_fix(format!("write `{near}`"), edits)
            }
            None => diagnostic.label("not `list`, `map` or `nullable`"),
        });
    }
}

/// The built-in type of that name.
fn built_in(text: &str) -> Option<TypeKind> {
    Some(match text {
        "string" => TypeKind::Text(Text::default()),
        "boolean" => TypeKind::Boolean,
        "integer" => TypeKind::Integer(Bounds::default()),
        "number" => TypeKind::Number(Bounds::default()),
        "json" => TypeKind::Json,
        _ => TypeKind::Format(TextFormat::ALL.into_iter().find(|format| format.as_str() == text)?),
    })
}

/// Splits at the first `separator` that stands in no bracket.
fn split_outside_brackets(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if character == separator && depth == 0 => {
                return Some((&text[..at], &text[at + character.len_utf8()..]));
            }
            _ => {} // Any other character is part of a name.
        }
    }
    None
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or("");
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}
