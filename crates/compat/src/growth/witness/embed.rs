//! A whole payload around one place: everything on the way to it, and the least of everything else.

use growset_model::{Case, Language, Record, Type, TypeKind, Union};
use serde_json::{Map, Value};

use super::Unbuilt;
use super::world::{Spot, World};
use crate::growth::path::Step;

/// What stands at the place.
#[derive(Clone)]
pub(super) enum Leaf {
    /// The smallest value.
    Least,
    /// The smallest value that is not `null`.
    LeastObject,
    /// This one.
    Value(Value),
}

/// A payload, and where in it the place is (JSON Pointer, RFC 6901).
pub(super) struct Embedded {
    pub(super) payload: Value,
    pub(super) pointer: String,
}

/// The key of a map's one entry.
const KEY: &str = "key";

/// Builds the payload of one side that reaches the end of `steps`.
pub(super) fn embed(world: &World, language: Language, steps: &[Step], leaf: &Leaf) -> Result<Embedded, Unbuilt> {
    let builder = Builder { world, language };
    let payload = builder.ty(&world.root, steps, leaf)?;
    Ok(Embedded { payload, pointer: pointer(steps) })
}

/// Whether a value can be built around what one step leads to.
pub(super) fn is_passable(world: &World, language: Language, spot: Spot, step: &Step) -> bool {
    let builder = Builder { world, language };
    let (steps, leaf) = (std::slice::from_ref(step), Leaf::Value(Value::Null));
    match spot {
        Spot::Type(ty) => builder.ty(ty, steps, &leaf).is_ok(),
        Spot::Case(case) => builder.record(&case.record, Map::new(), steps, &leaf).is_ok(),
    }
}

struct Builder<'w> {
    world: &'w World<'w>,
    language: Language,
}

impl Builder<'_> {
    fn ty(&self, ty: &Type, steps: &[Step], leaf: &Leaf) -> Result<Value, Unbuilt> {
        let Some((step, rest)) = steps.split_first() else {
            return match leaf {
                Leaf::Least => self.world.sampler().least(ty),
                Leaf::LeastObject => self.world.sampler().least(self.world.core(ty).ok_or(Unbuilt::Unreachable)?),
                Leaf::Value(value) => Ok(value.clone()),
            };
        };
        let ty = self.world.core(ty).ok_or(Unbuilt::Unreachable)?;
        match (&ty.kind, step) {
            (TypeKind::Record(record), Step::Field(_)) => self.record(record, Map::new(), steps, leaf),
            (TypeKind::Union(union), Step::Case(value)) => {
                let case = union.cases.iter().find(|case| case.value == *value).ok_or(Unbuilt::Unreachable)?;
                self.case(union, case, rest, leaf)
            }
            (TypeKind::Map(values), Step::Entry) => {
                Ok(Value::Object(Map::from_iter([(KEY.to_owned(), self.ty(values, rest, leaf)?)])))
            }
            (TypeKind::List(list), Step::Item) => {
                let first = self.ty(&list.items, rest, leaf)?;
                self.world.sampler().list_around(list, first)
            }
            _ => Err(Unbuilt::Unreachable), // The step does not fit the shape, which a change's own path never does.
        }
    }

    fn case(&self, union: &Union, case: &Case, steps: &[Step], leaf: &Leaf) -> Result<Value, Unbuilt> {
        let tag = Map::from_iter([(union.tag.to_string(), Value::from(case.value.as_str()))]);
        match (steps.is_empty(), leaf) {
            (true, Leaf::Value(value)) => Ok(value.clone()),
            (true, Leaf::Least | Leaf::LeastObject) => {
                Ok(Value::Object(self.world.sampler().record(&case.record, tag)?))
            }
            (false, _) => self.record(&case.record, tag, steps, leaf),
        }
    }

    fn record(
        &self,
        record: &Record,
        start: Map<String, Value>,
        steps: &[Step],
        leaf: &Leaf,
    ) -> Result<Value, Unbuilt> {
        let Some((Step::Field(name), rest)) = steps.split_first() else {
            return Err(Unbuilt::Unreachable);
        };
        let field = record.field(name.as_str()).ok_or(Unbuilt::Unreachable)?;
        if field.is_derived() && self.language == Language::Intake {
            return Err(Unbuilt::Unreachable);
        }
        let value = self.ty(&field.ty, rest, leaf)?;
        let mut members = start;
        members.insert(name.to_string(), value);
        Ok(Value::Object(self.world.sampler().record(record, members)?))
    }
}

fn pointer(steps: &[Step]) -> String {
    let segment = |step: &Step| match step {
        Step::Field(name) => format!("/{}", name.as_str().replace('~', "~0").replace('/', "~1")),
        Step::Item => "/0".to_owned(),
        Step::Entry => format!("/{KEY}"),
        Step::Case(_) => String::new(),
    };
    steps.iter().map(segment).collect()
}
