//! Names that do not look like the others.
//!
//! A catalog keeps to one style for its fields, `lowerCamelCase` or `snake_case`, whichever most of them have; the
//! values of one enum, and the cases of one union, keep to one style among themselves.

use growset_model::{Diagnostic, FieldName, Place, Rule, Severity, TypeKind, pascal, snake};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "name-style",
    severity: Severity::Warning,
    summary: "a field or an enum's value is not spelled in the style of the others",
    lint: true,
};

struct Style {
    shown: &'static str,
    holds: fn(&str) -> bool,
}

const CAMEL: Style = Style { shown: "lowerCamelCase", holds: is_camel };
const SNAKE: Style = Style { shown: "snake_case", holds: is_snake };

/// Styles of values, the more usual ones first.
const VALUE_STYLES: [Style; 5] = [
    SNAKE,
    Style { shown: "kebab-case", holds: is_kebab },
    Style { shown: "UPPER_CASE", holds: is_upper },
    CAMEL,
    Style { shown: "PascalCase", holds: is_pascal },
];

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    check_fields(context, diagnostics);
    for spot in &context.types {
        let values: Vec<(&str, Place)> = match &spot.what.kind {
            TypeKind::Enum(choice) => choice.values.iter().map(|value| (value.value.as_str(), value.place)).collect(),
            TypeKind::Union(union) => union.cases.iter().map(|case| (case.value.as_str(), case.place)).collect(),
            _ => continue, // Nothing else lists values.
        };
        check_values(&values, diagnostics);
    }
}

fn check_fields(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let tags = context.types.iter().filter_map(|spot| match &spot.what.kind {
        TypeKind::Union(union) => Some((&union.tag, spot.what.place, spot.owner)),
        _ => None, // Only a union has a tag.
    });
    let fields = context.fields().map(|spot| (&spot.what.name, spot.what.place, spot.owner));
    let names: Vec<_> = fields.chain(tags).collect();
    let fitting = |style: &Style| names.iter().filter(|(name, ..)| (style.holds)(name.as_str())).count();
    let style = if fitting(&CAMEL) >= fitting(&SNAKE) { CAMEL } else { SNAKE };
    for (name, place, owner) in names {
        if !(style.holds)(name.as_str()) {
            let message = format!("field `{name}` of {owner} is not {} like the others", style.shown);
            let respelled = respell(name, &style);
            diagnostics.push(
                Diagnostic::new(&RULE, place, message)
                    .help(format!("spell it `{respelled}`, unless the event is released already")),
            );
        }
    }
}

fn respell(name: &FieldName, style: &Style) -> String {
    if style.shown == SNAKE.shown {
        return snake(name.as_str());
    }
    let mut spelled = pascal(name.as_str());
    if let Some(first) = spelled.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    spelled
}

fn check_values(values: &[(&str, Place)], diagnostics: &mut Vec<Diagnostic>) {
    let words = || values.iter().filter(|(value, _)| is_word(value));
    let fitting = |style: &Style| words().filter(|(value, _)| (style.holds)(value)).count();
    // Of two equally usual styles the first wins, so the search runs backwards: `max_by_key` answers the last.
    let Some(style) = VALUE_STYLES.iter().rev().max_by_key(|style| fitting(style)) else {
        return;
    };
    for (value, place) in words().filter(|(value, _)| !(style.holds)(value)) {
        let message = format!("value {value:?} is not {} like the others of its kind", style.shown);
        diagnostics.push(Diagnostic::new(&RULE, *place, message));
    }
}

/// Symbols such as `+` and numbers have no style.
fn is_word(value: &str) -> bool {
    value.starts_with(|character: char| character.is_ascii_alphabetic())
        && value.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
}

fn is_camel(name: &str) -> bool {
    starts_lower(name) && name.chars().all(|character| character.is_ascii_alphanumeric())
}

fn is_snake(name: &str) -> bool {
    starts_lower(name) && !name.chars().any(|character| character.is_ascii_uppercase()) && is_joined_by(name, '_')
}

fn is_kebab(name: &str) -> bool {
    starts_lower(name) && !name.chars().any(|character| character.is_ascii_uppercase()) && is_joined_by(name, '-')
}

fn is_upper(name: &str) -> bool {
    !name.chars().any(|character| character.is_ascii_lowercase()) && is_joined_by(name, '_')
}

fn is_pascal(name: &str) -> bool {
    name.starts_with(|character: char| character.is_ascii_uppercase())
        && name.chars().all(|character| character.is_ascii_alphanumeric())
}

fn starts_lower(name: &str) -> bool {
    name.starts_with(|character: char| character.is_ascii_lowercase())
}

fn is_joined_by(name: &str, joint: char) -> bool {
    name.split(joint).all(|word| !word.is_empty() && word.chars().all(|character| character.is_ascii_alphanumeric()))
}
