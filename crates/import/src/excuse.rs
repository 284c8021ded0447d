//! Whether a report names why a payload is refused: the place and the kind of each narrowing against the place and the
//! reason of each refusal. What proves that no import narrows in silence; nothing else needs it.

use std::collections::BTreeSet;

use growset_model::SAFE_INTEGER;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::document::Document;
use crate::library::{Library, Spot};
use crate::loss::{Done, INTEGER, Loss};
use crate::place::written;
use crate::pointer;

/// The narrowings of one import.
pub(crate) struct Excuses<'a> {
    documents: &'a [Document],
    library: &'a Library,
    narrowed: Vec<&'a Loss>,
}

impl<'a> Excuses<'a> {
    pub(crate) fn new(documents: &'a [Document], library: &'a Library, losses: &'a [Loss]) -> Self {
        let narrowed = losses.iter().filter(|loss| loss.done == Done::Narrowed).collect();
        Self { documents, library, narrowed }
    }

    /// Whether the losses of a document, or of what it refers to, name why a validator refused a payload so.
    pub(crate) fn cover(&self, document: usize, error: &ValidationError) -> bool {
        let steps: Vec<String> = pointer::steps(error.instance_path().as_str()).collect();
        let above = self.applying(&Spot { document, pointer: String::new() }, &steps);
        if self.narrowed.iter().any(|loss| self.is_why(loss, error.kind(), &above)) {
            return true;
        }
        match error.kind() {
            // One case that would have taken the value, but for what was told, is enough.
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                context.iter().any(|case| !case.is_empty() && case.iter().all(|error| self.cover(document, error)))
            }
            _ => false, // A reason of its own.
        }
    }

    /// `above` holds, for each part of the way to the refused value, the schemas that hold there.
    fn is_why(&self, loss: &Loss, kind: &ValidationErrorKind, above: &[BTreeSet<Spot>]) -> bool {
        let stands = |spots: &BTreeSet<Spot>| spots.iter().any(|spot| self.is_at(loss, spot));
        let is_here = || above.last().is_some_and(stands);
        match loss.construct.as_str() {
            INTEGER => is_safe_bound(kind) && above.last().is_some_and(|spots| self.is_of(loss, spots)),
            "type" | "null" => kind.keyword() == "type" && is_here(),
            "format" => matches!(kind.keyword(), "pattern" | "minimum" | "maximum") && is_here(),
            "pattern" => kind.keyword() == "pattern" && is_here(),
            // What holds each item or case to a schema, whatever that says.
            "items" | "discriminator" | "anyOf" | "oneOf" => above.iter().any(stands),
            _ => false, // No narrowing that is known here.
        }
    }

    /// The schemas that hold at each step of a way into a payload, choices and references followed.
    fn applying(&self, root: &Spot, steps: &[String]) -> Vec<BTreeSet<Spot>> {
        let closed = |spots: Vec<Spot>| -> BTreeSet<Spot> {
            spots.iter().flat_map(|spot| self.library.together(spot, &["allOf", "anyOf", "oneOf"])).collect()
        };
        let mut all = vec![closed(vec![root.clone()])];
        for step in steps {
            let mut next = Vec::new();
            for spot in all.last().into_iter().flatten() {
                let ways =
                    [vec!["properties", step], vec!["prefixItems", step], vec!["items"], vec!["additionalProperties"]];
                next.extend(ways.iter().map(|way| spot.below(way)).filter(|below| self.library.at(below).is_some()));
                let patterns = self.library.at(spot).and_then(|schema| schema.get("patternProperties"));
                for (pattern, _) in patterns.and_then(Value::as_object).into_iter().flatten() {
                    next.push(spot.below(&["patternProperties", pattern]));
                }
            }
            all.push(closed(next));
        }
        all
    }

    fn is_at(&self, loss: &Loss, spot: &Spot) -> bool {
        let document = &self.documents[spot.document];
        document.path == loss.file && written(&document.value, &spot.pointer) == loss.pointer
    }

    /// Integers without bounds are told of once for a file.
    fn is_of(&self, loss: &Loss, spots: &BTreeSet<Spot>) -> bool {
        spots.iter().any(|spot| self.documents[spot.document].path == loss.file)
    }
}

fn is_safe_bound(kind: &ValidationErrorKind) -> bool {
    match kind {
        ValidationErrorKind::Minimum { limit } => *limit == -SAFE_INTEGER,
        ValidationErrorKind::Maximum { limit } => *limit == SAFE_INTEGER,
        _ => false, // No bound.
    }
}
