//! A refusal of the schema in the words of the contract.

use growset_model::{Catalog, Payload, Record, TextFormat, Type, TypeKind, Union, json_pointer};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::{Against, Exhibit, Problem};
use crate::nearest::did_you_mean;

pub(super) struct Explainer<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) exhibit: &'a Exhibit<'a>,
    /// So many leading segments of an error's path lead to the value and are not part of it.
    pub(super) wrapped: usize,
}

/// What the contract says of some place in the value.
#[derive(Clone, Copy)]
enum Spot<'a> {
    Type(&'a Type),
    Record(&'a Record),
    /// Inside something that types as JSON.
    Unknown,
}

impl<'a> Explainer<'a> {
    /// Adds what an error means, one problem or several.
    pub(super) fn explain(&self, error: &ValidationError, problems: &mut Vec<Problem>) {
        let mut path = self.path(error);
        let spot = self.spot(&path);
        let message = match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                for name in unexpected {
                    path.push(name.clone());
                    problems.push(Problem {
                        pointer: json_pointer(&path),
                        message: self.unexpected(spot, error.instance(), name),
                        missing: Vec::new(),
                    });
                    path.pop();
                }
                return;
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                match self.chosen_case(spot, error.instance(), context) {
                    Ok([]) => in_its_own_words(error),
                    Ok(errors) => {
                        errors.iter().for_each(|error| self.explain(error, problems));
                        return;
                    }
                    Err(message) => message,
                }
            }
            Kind::Required { property } => format!("field `{}` is missing", property.as_str().unwrap_or_default()),
            Kind::Enum { .. } => self.unknown_value(spot, error),
            Kind::Pattern { pattern } => self.mismatch(spot, error.instance(), pattern),
            _ => in_its_own_words(error), // The judge's words are clear enough where no name of the contract belongs.
        };
        let missing = match error.kind() {
            Kind::Required { property } => property.as_str().map(str::to_owned).into_iter().collect(),
            _ => Vec::new(), // Nothing is absent.
        };
        problems.push(Problem { pointer: json_pointer(&path), message, missing });
    }

    fn path(&self, error: &ValidationError) -> Vec<String> {
        error.instance_path().iter().skip(self.wrapped).map(|segment| segment.to_string()).collect()
    }

    /// Follows a path through the contract, by the value where a union's tag decides.
    fn spot(&self, path: &[String]) -> Spot<'a> {
        let mut value = self.exhibit.value;
        let mut spot = match self.exhibit.against {
            Against::Type(ty) => Spot::Type(ty),
            Against::Payload(event, _) => match &event.payload {
                Payload::Record(record) => Spot::Record(record),
                Payload::Opaque(_) => Spot::Unknown,
            },
        };
        for segment in path {
            spot = self.step(spot, value, segment);
            let inner = match value {
                Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                _ => value.get(segment.as_str()), // Nothing but objects and lists has parts.
            };
            value = inner.unwrap_or(&Value::Null);
        }
        spot
    }

    fn step(&self, spot: Spot<'a>, value: &Value, segment: &str) -> Spot<'a> {
        if let Spot::Record(record) = spot {
            return record.field(segment).map_or(Spot::Unknown, |field| Spot::Type(&field.ty));
        }
        match self.kind(spot) {
            Some(TypeKind::Record(record)) => self.step(Spot::Record(record), value, segment),
            Some(TypeKind::Union(union)) => match case_index(union, value) {
                Ok(index) => self.step(Spot::Record(&union.cases[index].record), value, segment),
                Err(_) => Spot::Unknown,
            },
            Some(TypeKind::List(list)) => Spot::Type(&list.items),
            Some(TypeKind::Map(values)) => Spot::Type(values),
            _ => Spot::Unknown, // Nothing else has parts that a contract speaks of.
        }
    }

    /// The kind behind names and `nullable`.
    fn kind(&self, spot: Spot<'a>) -> Option<&'a TypeKind> {
        let Spot::Type(ty) = spot else {
            return None;
        };
        let ty = self.catalog.resolve(ty)?;
        self.catalog.resolve(ty.without_null()).map(|ty| &ty.kind)
    }

    fn unexpected(&self, spot: Spot<'a>, value: &Value, name: &str) -> String {
        let record = match (spot, self.kind(spot)) {
            (Spot::Record(record), _) | (_, Some(TypeKind::Record(record))) => Some(record),
            (_, Some(TypeKind::Union(union))) => case_index(union, value).ok().map(|index| &union.cases[index].record),
            _ => None, // Only a JSON Schema that is carried whole has other objects.
        };
        let Some(record) = record else {
            return format!("`{name}` is not expected here");
        };
        if record.field(name).is_some_and(|field| field.is_derived()) {
            return format!("`{name}` is derived: the server fills it in, so leave it out");
        }
        let known = record.fields.iter().filter(|field| !field.is_derived()).map(|field| field.name.as_str());
        format!("there is no field `{name}`{}", did_you_mean(name, known))
    }

    /// The pattern of a format is ours, and a contract's own is shown as it is spelled there.
    fn mismatch(&self, spot: Spot<'a>, value: &Value, pattern: &str) -> String {
        let own = match self.kind(spot) {
            Some(TypeKind::Format(TextFormat::Uuid)) if is_upper_case_uuid(value) => {
                return format!("{value} is a uuid in upper case; write it in lower case, which has one spelling");
            }
            Some(TypeKind::Format(format)) => return format!("{value} is no {}", format.as_str()),
            Some(TypeKind::Text(text)) => text.pattern.as_ref().map(|pattern| pattern.source()),
            _ => None, // Only a JSON Schema that is carried whole has other patterns.
        };
        format!("{value} does not match the pattern `{}`", own.unwrap_or(pattern))
    }

    fn unknown_value(&self, spot: Spot<'a>, error: &ValidationError) -> String {
        let value: &Value = error.instance();
        match (self.kind(spot), value.as_str()) {
            (Some(TypeKind::Enum(choice)), Some(text)) => {
                let near = did_you_mean(text, choice.values.iter().map(|value| value.value.as_str()));
                format!("{value} is none of the values of the enum{near}")
            }
            _ => in_its_own_words(error),
        }
    }

    /// Why the case that the value chose did not take it. Nothing where no case is the obvious one.
    fn chosen_case<'e>(
        &self,
        spot: Spot<'a>,
        value: &Value,
        context: &'e [Vec<ValidationError<'static>>],
    ) -> Result<&'e [ValidationError<'static>], String> {
        let is_nullable = matches!(spot, Spot::Type(ty) if self.catalog.resolve(ty).is_some_and(Type::is_nullable));
        let refusals = match self.kind(spot) {
            // `anyOf` of a nullable: its first branch is the type. The union inside, if it is one, comes with it.
            _ if is_nullable && context.len() == 2 && is_null_branch(&context[1]) => context.first(),
            Some(TypeKind::Union(union)) => {
                let index = case_index(union, value)?;
                if context.len() == union.cases.len() { context.get(index) } else { context.first() }
            }
            _ => None, // Only a JSON Schema that is carried whole has other choices.
        };
        Ok(refusals.map(Vec::as_slice).unwrap_or_default())
    }
}

/// Whether lower case alone would make a uuid of it.
fn is_upper_case_uuid(value: &Value) -> bool {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let text = value.as_str().unwrap_or_default();
    let fits = |(at, byte): (usize, u8)| if HYPHENS.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(fits) && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_null_branch(errors: &[ValidationError]) -> bool {
    matches!(errors, [error] if error.to_string().ends_with("is not of type \"null\""))
}

/// The case that the value's tag names.
fn case_index(union: &Union, value: &Value) -> Result<usize, String> {
    let tag = &union.tag;
    let Some(named) = value.get(tag.as_str()) else {
        return Err(format!("field `{tag}` is missing, which tells the cases apart"));
    };
    let index = named.as_str().and_then(|named| union.cases.iter().position(|case| case.value == named));
    index.ok_or_else(|| {
        let known = union.cases.iter().map(|case| case.value.as_str());
        format!("no case is called {named}{}", did_you_mean(named.as_str().unwrap_or_default(), known))
    })
}

/// The judge's own sentence, in the style of the others.
fn in_its_own_words(error: &ValidationError) -> String {
    let words = error.to_string();
    match error.kind() {
        Kind::Type { .. } => words.replace("is not of type", "is no value of type"),
        _ => words, // As they are.
    }
}
