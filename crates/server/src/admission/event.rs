//! One event, ready to judge payloads.

use std::sync::Arc;

use growset_model::{
    Audience, Catalog, Event, EventName, Function, Language, Payload, Presence, Record, Retain, Type, TypeKind,
    bare_payload_schema, inexact_in_payload,
};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value;

use super::{AdmissionError, Served};
use crate::refusal::{Problem, Refusal, nearest};

/// More problems than anyone mends at once.
const MOST_PROBLEMS: usize = 20;

/// Longest message of the judge, which quotes the payload, in characters.
const LONGEST_MESSAGE: usize = 300;

pub(crate) struct AdmittedEvent {
    pub(crate) name: Arc<EventName>,
    pub(crate) audience: Audience,
    pub(crate) retain: Option<Retain>,
    pub(crate) terminal: bool,
    pub(crate) is_deprecated: bool,
    max_bytes: Option<u64>,
    validator: Validator,
    /// Why nothing of this event can be published.
    refusal: Option<Refusal>,
}

impl AdmittedEvent {
    pub(super) fn new(
        catalog: &Catalog,
        event: &Event,
        functions: &[Function],
        served: Served,
    ) -> Result<Self, AdmissionError> {
        let schema = bare_payload_schema(catalog, event, Language::Intake);
        // Fetches nothing, ever; patterns run in linear time.
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_pattern_options(PatternOptions::regex())
            .build(&schema)
            .map_err(|error| AdmissionError::Schema { event: event.name.to_string(), message: error.to_string() })?;
        Ok(Self {
            name: Arc::new(event.name.clone()),
            audience: event.audience,
            retain: event.retain.clone(),
            terminal: event.terminal,
            is_deprecated: event.deprecated.is_some(),
            max_bytes: event.max_bytes,
            validator,
            refusal: refusal(catalog, event, functions, served),
        })
    }

    /// Why nothing of this event can be published.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.refusal.clone()
    }

    pub(crate) fn is_retired(&self) -> bool {
        matches!(self.refusal, Some(Refusal::RetiredEvent { .. }))
    }

    pub(crate) fn is_draft(&self) -> bool {
        matches!(self.refusal, Some(Refusal::DraftEvent { .. }))
    }

    /// Whether a value is a payload of I, to the letter.
    pub(super) fn check(&self, catalog: &Catalog, value: &Value) -> Result<(), Refusal> {
        if let Some(allowed) = self.max_bytes {
            let bytes = value.to_string().len() as u64;
            if bytes > allowed {
                return Err(Refusal::TooLarge { bytes, allowed });
            }
        }
        let mut problems = Vec::new();
        if self.validator.is_valid(value) {
            if let Some(event) = catalog.events.get(&*self.name) {
                let inexact = inexact_in_payload(catalog, &event.payload, value);
                problems
                    .extend(inexact.into_iter().map(|part| Problem { pointer: part.pointer, message: part.message }));
            }
        } else {
            let known = catalog.events.get(&*self.name).map(|event| field_names(catalog, &event.payload));
            for error in self.validator.iter_errors(value).take(MOST_PROBLEMS) {
                explain(&error, known.as_deref().unwrap_or_default(), &mut problems);
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        problems.truncate(MOST_PROBLEMS);
        Err(Refusal::InvalidPayload { event: self.name.to_string(), problems })
    }
}

fn refusal(catalog: &Catalog, event: &Event, functions: &[Function], served: Served) -> Option<Refusal> {
    let name = event.name.to_string();
    if let Some(retired) = &event.retired {
        let successor = retired.successor.as_ref().map(ToString::to_string);
        return Some(Refusal::RetiredEvent { event: name, since: retired.since.to_string(), successor });
    }
    if event.is_draft() && served == Served::Released {
        return Some(Refusal::DraftEvent { event: name });
    }
    let mut missing = None;
    each_record(catalog, &event.payload, &mut |record| {
        for field in &record.fields {
            if let Presence::Derived(derivation) = &field.presence
                && !functions.iter().any(|function| function.name == derivation.function)
            {
                missing = Some(derivation.function.clone());
            }
        }
    });
    missing.map(|function| Refusal::MissingFunction { event: name, function })
}

/// The names of every field that the payload may hold at any depth, for suggestions.
fn field_names<'a>(catalog: &'a Catalog, payload: &'a Payload) -> Vec<&'a str> {
    let mut names = Vec::new();
    each_record(catalog, payload, &mut |record| {
        names.extend(record.fields.iter().filter(|field| !field.is_derived()).map(|field| field.name.as_str()));
    });
    names
}

fn each_record<'a>(catalog: &'a Catalog, payload: &'a Payload, visit: &mut dyn FnMut(&'a Record)) {
    let Payload::Record(record) = payload else {
        return;
    };
    visit(record);
    record.fields.iter().for_each(|field| each_inner(&field.ty, visit));
    // Named types stand by their own, so that recursion ends.
    catalog.reachable(payload).into_values().for_each(|named| each_inner(&named.ty, visit));
}

fn each_inner<'a>(ty: &'a Type, visit: &mut dyn FnMut(&'a Record)) {
    match &ty.kind {
        TypeKind::Record(record) => visit(record),
        TypeKind::Union(union) => union.cases.iter().for_each(|case| visit(&case.record)),
        _ => {} // No other kind is a record itself.
    }
    ty.kind.parts().into_iter().for_each(|part| each_inner(part, visit));
}

fn explain(error: &ValidationError, known: &[&str], problems: &mut Vec<Problem>) {
    let pointer = error.instance_path().to_string();
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            for name in unexpected {
                let meant = nearest(name, known.iter().copied().filter(|known| known != name));
                let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                let segment = name.replace('~', "~0").replace('/', "~1");
                problems.push(Problem {
                    pointer: format!("{pointer}/{segment}"),
                    message: format!("the contract has no such field{meant}"),
                });
            }
        }
        Kind::Required { property } => problems.push(Problem {
            pointer,
            message: format!("field `{}` is missing", property.as_str().unwrap_or_default()),
        }),
        // The judge's words are clear enough where no name of the contract belongs.
        _ => problems.push(Problem { pointer, message: error.to_string().chars().take(LONGEST_MESSAGE).collect() }),
    }
}
