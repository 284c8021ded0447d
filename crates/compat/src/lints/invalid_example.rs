//! Values of a contract that are none of their type: examples, defaults, constants of mappings.

use std::collections::BTreeMap;

use growset_model::{Diagnostic, Field, Language, Mapping, Place, Rule, Severity, fill};
use serde_json::Value;

use crate::context::{Context, Owner};
use crate::judge::{Against, Exhibit, Problem, judge};
use crate::lints::derived_mismatch::is_sound;
use crate::lints::mapping_mismatch;

pub(crate) const RULE: Rule = Rule {
    id: "invalid-example",
    severity: Severity::Error,
    summary: "an example or default is none of its type",
    lint: false,
};

/// A value, what it is called, and where it is spelled.
struct Specimen<'a> {
    exhibit: Exhibit<'a>,
    rule: &'static Rule,
    /// Such as `example 2 of event order.created`.
    what: String,
    place: Place,
    /// The key that spells the value beside others at the place, where it has no place of its own.
    key: Option<&'static str>,
    /// Where what is inside the value is spelled, by JSON Pointer; only examples of events know.
    parts: Option<&'a BTreeMap<String, Place>>,
}

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    let mut specimens = Vec::new();
    add_examples(context, &mut specimens);
    add_types(context, &mut specimens);
    add_fields(context, &mut specimens);
    let sound = report(context, &specimens, diagnostics);
    check_derived(context, sound, diagnostics);
}

fn add_examples<'a>(context: &Context<'a>, specimens: &mut Vec<Specimen<'a>>) {
    for event in context.catalog.events.values() {
        for (index, example) in event.examples.iter().enumerate() {
            let number = if event.examples.len() == 1 { String::new() } else { format!(" {}", index + 1) };
            specimens.push(Specimen {
                exhibit: Exhibit { against: Against::Payload(event, Language::Intake), value: &example.value },
                rule: &RULE,
                what: format!("example{number} of event {}", event.name),
                place: example.place,
                key: None,
                parts: Some(&example.parts),
            });
        }
    }
}

fn add_types<'a>(context: &Context<'a>, specimens: &mut Vec<Specimen<'a>>) {
    for named in context.catalog.types.values() {
        if let Some(value) = &named.example {
            let what = format!("the example of type {}", named.name);
            let exhibit = Exhibit { against: Against::Type(&named.ty), value };
            specimens.push(Specimen {
                exhibit,
                rule: &RULE,
                what,
                place: named.place,
                key: Some("example"),
                parts: None,
            });
        }
    }
}

fn add_fields<'a>(context: &Context<'a>, specimens: &mut Vec<Specimen<'a>>) {
    for spot in context.fields() {
        let field = spot.what;
        let constant = match field.mapping.as_deref() {
            Some(Mapping::Value(value)) => Some(value),
            Some(Mapping::From(_)) | None => None,
        };
        let values = [
            (field.example.as_deref(), "example", "example", &RULE),
            (field.default.as_deref(), "default", "default", &RULE),
            (constant, "`from_value`", "from_value", &mapping_mismatch::RULE),
        ];
        for (value, noun, key, rule) in values {
            if let Some(value) = value {
                let what = format!("the {noun} of field `{}` of {}", field.name, spot.owner);
                let exhibit = Exhibit { against: Against::Type(&field.ty), value };
                specimens.push(Specimen { exhibit, rule, what, place: field.place, key: Some(key), parts: None });
            }
        }
    }
}

/// Reports what is refused, and answers what is not.
fn report<'s, 'a>(
    context: &Context,
    specimens: &'s [Specimen<'a>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'s Specimen<'a>> {
    let exhibits: Vec<Exhibit> = specimens.iter().map(|specimen| specimen.exhibit).collect();
    let mut sound = Vec::new();
    for (specimen, problems) in specimens.iter().zip(judge(context.catalog, &exhibits)) {
        if problems.is_empty() {
            sound.push(specimen);
        }
        diagnostics.extend(problems.into_iter().map(|problem| specimen.finding(problem)));
    }
    sound
}

/// What the server makes of an example has to fit the derived field. Judged by the field's own type: the rest of the
/// payload was judged already, and compiling W beside I would cost as much again.
fn check_derived(context: &Context, sound: Vec<&Specimen>, diagnostics: &mut Vec<Diagnostic>) {
    let mut derived = Vec::new();
    for specimen in sound {
        if let Against::Payload(event, _) = specimen.exhibit.against
            && let Some(record) = event.record()
            && record.fields.iter().any(Field::is_derived)
        {
            let owner = Owner::Event(event);
            let is_judged = |field: &&Field| field.is_derived() && is_sound(context, owner, record, field);
            let mut value = specimen.exhibit.value.clone();
            fill(context.catalog, &event.payload, context.functions, &mut value);
            for field in record.fields.iter().filter(is_judged) {
                let computed = value.get_mut(field.name.as_str()).map(Value::take);
                derived.extend(computed.map(|computed| (specimen, field, computed)));
            }
        }
    }
    let exhibits: Vec<Exhibit> =
        derived.iter().map(|(_, field, value)| Exhibit { against: Against::Type(&field.ty), value }).collect();
    for ((specimen, field, _), problems) in derived.iter().zip(judge(context.catalog, &exhibits)) {
        let inside = |problem: Problem| Problem { pointer: format!("/{}{}", field.name, problem.pointer), ..problem };
        let help = "the value was derived; see the field under `derived`";
        diagnostics.extend(problems.into_iter().map(|problem| specimen.finding(inside(problem)).help(help)));
    }
}

impl Specimen<'_> {
    fn finding(&self, problem: Problem) -> Diagnostic {
        let Problem { pointer, message, .. } = problem;
        let at = if pointer.is_empty() { String::new() } else { format!(" at `{pointer}`") };
        let message = format!("{} is refused{at}: {message}", self.what);
        Diagnostic { key: self.key, ..Diagnostic::new(self.rule, self.place_of(&pointer), message) }
    }
    /// The place of the innermost part on the way to `pointer` that has one; a missing field has none.
    fn place_of(&self, pointer: &str) -> Place {
        let mut pointer = pointer;
        while let Some((outer, _)) = pointer.rsplit_once('/') {
            if let Some(place) = self.parts.and_then(|parts| parts.get(pointer)) {
                return *place;
            }
            pointer = outer;
        }
        self.place
    }
}
