//! The independent judge: the `jsonschema` crate on the rendered schemas.

use std::cell::OnceCell;

use growset_model::{Language, Type, bare_payload_schema, bare_type_schema};
use jsonschema::Validator;
use serde_json::Value;

use super::opaque;
use super::world::World;

/// The validators of one side, compiled when they are first asked.
#[derive(Default)]
pub(super) struct Judges {
    intake: OnceCell<Option<Validator>>,
    wire: OnceCell<Option<Validator>>,
    reader: OnceCell<Option<Validator>>,
}

impl Judges {
    /// The judge of a language; nothing when a schema that is carried whole does not compile.
    pub(super) fn of(&self, world: &World, language: Language) -> Option<&Validator> {
        let cell = match language {
            Language::Intake => &self.intake,
            Language::Wire => &self.wire,
            Language::Reader => &self.reader,
        };
        let compile = || compile(&bare_payload_schema(&world.catalog, &world.event, language));
        cell.get_or_init(compile).as_ref()
    }
}

/// The judge of one type.
pub(super) fn of_type(world: &World, ty: &Type, language: Language) -> Option<Validator> {
    compile(&bare_type_schema(&world.catalog, ty, language))
}

fn compile(schema: &Value) -> Option<Validator> {
    jsonschema::draft202012::new(schema).ok()
}

/// Why a payload is refused at `pointer`, above it or below it; nothing when it is not.
pub(super) fn refusal(judge: &Validator, payload: &Value, pointer: &str) -> Option<String> {
    let related = |path: &str| is_prefix(path, pointer) || is_prefix(pointer, path);
    judge.iter_errors(payload).find(|error| related(error.instance_path().as_str())).map(|error| {
        let path = error.instance_path().as_str().to_owned();
        let place = if path.is_empty() { "the payload".to_owned() } else { path };
        format!("{place}: {}", shortened(&error.masked().to_string()))
    })
}

/// Whether one JSON Pointer leads to the other or past it.
fn is_prefix(prefix: &str, pointer: &str) -> bool {
    pointer.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first simple value that a schema takes which is carried whole.
pub(super) fn any_value(schema: &Value) -> Option<Value> {
    some_values(schema).into_iter().next()
}

/// Simple values that a schema takes which is carried whole.
pub(super) fn some_values(schema: &Value) -> Vec<Value> {
    let Some(judge) = compile(schema) else {
        return Vec::new();
    };
    opaque::guesses(schema, None).into_iter().filter(|value| judge.is_valid(value)).collect()
}
