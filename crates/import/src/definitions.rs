//! Named types: what is referred to gets a name, and identical definitions of several files are one type.

use std::collections::{BTreeMap, BTreeSet};

use growset_model::{NamedType, Place, TypeKind, TypeName, pascal};
use serde_json::Value;

use crate::document::Document;
use crate::letters::without_marks;
use crate::library::{Library, Spot, subschemas};
use crate::loss::{Loss, Refusal, Spelled};
use crate::reader::Reader;
use crate::{annotation, ours, place, pointer};

/// Names that generated code needs for something else.
const RESERVED: [&str; 26] = [
    "anyevent",
    "array",
    "boolean",
    "box",
    "default",
    "drafteventmap",
    "err",
    "event",
    "eventmap",
    "eventname",
    "none",
    "number",
    "object",
    "ok",
    "option",
    "promise",
    "readonly",
    "readonlyarray",
    "record",
    "result",
    "self",
    "some",
    "string",
    "symbol",
    "tostring",
    "vec",
];

/// The named types so far.
#[derive(Default)]
pub(crate) struct Definitions {
    /// What was read.
    pub types: BTreeMap<TypeName, NamedType>,
    /// What was lost, by definition: also of copies, which are one type and stand in several files.
    pub losses: BTreeMap<Spot, Vec<Loss>>,
    by_spot: BTreeMap<Spot, TypeName>,
    by_content: BTreeMap<(String, String), TypeName>,
    /// In lower case, the names of payloads included.
    taken: BTreeSet<String>,
    /// Definitions that are called as a type may be, by that name in lower case, and what they say once that is asked for.
    stated: BTreeMap<String, Stated>,
}

#[derive(Default)]
struct Stated {
    spots: Vec<Spot>,
    contents: Option<BTreeSet<String>>,
}

/// What a definition would be called.
struct Wanted {
    name: String,
    /// As the definition spells it.
    is_stated: bool,
}

impl Definitions {
    /// Looks for the names that definitions state, so that none that is spelled anew takes one away.
    pub(crate) fn new(library: &Library) -> Self {
        let mut stated: BTreeMap<String, Stated> = BTreeMap::new();
        for (document, schema) in library.schemas.iter().enumerate() {
            collect_stated(schema, &Spot { document, pointer: String::new() }, &mut stated);
        }
        Self { stated, ..Self::default() }
    }

    /// Keeps a name for something else.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_ascii_lowercase());
    }

    /// Where a named type is defined, in every file that does.
    pub(crate) fn spots_of(&self, name: &TypeName) -> Vec<Spot> {
        self.by_spot.iter().filter(|(_, known)| *known == name).map(|(spot, _)| spot.clone()).collect()
    }

    /// Where every named type is defined.
    pub(crate) fn spelled(&self, documents: &[Document]) -> BTreeMap<TypeName, Vec<Spelled>> {
        let mut spelled: BTreeMap<TypeName, Vec<Spelled>> = BTreeMap::new();
        for (spot, name) in &self.by_spot {
            let Document { path, value } = &documents[spot.document];
            let place = Spelled { file: path.clone(), pointer: place::written(value, &spot.pointer) };
            spelled.entry(name.clone()).or_default().push(place);
        }
        spelled
    }

    /// Leaves out what was lost of types that nothing uses.
    pub(crate) fn keep_losses(&mut self, used: &BTreeMap<TypeName, NamedType>) {
        let names = &self.by_spot;
        self.losses.retain(|spot, _| names.get(spot).is_some_and(|name| used.contains_key(name)));
    }

    /// Whether a definition that is spelled anew would take the name of another one that says something else.
    fn is_anothers(&mut self, Wanted { name, is_stated }: &Wanted, content: &str, library: &Library) -> bool {
        let Some(stated) = self.stated.get_mut(&name.to_ascii_lowercase()).filter(|_| !is_stated) else { return false };
        let Stated { spots, contents } = stated;
        let contents = contents.get_or_insert_with(|| spots.iter().map(|spot| self::content(library, spot)).collect());
        !contents.contains(content)
    }

    /// By itself where it is `is_free`, else with the context before it, else with a number behind it.
    fn free_name(&mut self, wanted: &str, context: &str, is_free: bool) -> Option<TypeName> {
        let numbered = (2..).map(|number| format!("{}{number}", shortened(wanted, 50)));
        let in_context = format!("{}{}", shortened(context, 30), shortened(wanted, 30));
        let alone = is_free.then(|| wanted.to_owned());
        let name = alone.into_iter().chain([in_context]).chain(numbered).find_map(|candidate| {
            let lower = candidate.to_ascii_lowercase();
            let is_free = !self.taken.contains(&lower) && !RESERVED.contains(&lower.as_str());
            TypeName::parse(&candidate).ok().filter(|_| is_free)
        })?;
        self.reserve(name.as_str());
        Some(name)
    }
}

impl Reader<'_> {
    /// The named type that a reference leads to.
    pub(crate) fn named(&mut self, target: &Spot, from: &Spot) -> Option<TypeName> {
        let target = self.end_of_chain(target, from)?;
        if let Some(name) = self.definitions.by_spot.get(&target) {
            return Some(name.clone());
        }
        let schema = self.library.at(&target)?.clone();
        let wanted = self.wanted_name(&target, &schema);
        let content = content(self.library, &target);
        let is_anothers = self.definitions.is_anothers(&wanted, &content, self.library);
        let key = (wanted.name.clone(), content);
        if let Some(name) = self.definitions.by_content.get(&key).cloned() {
            self.definitions.by_spot.insert(target.clone(), name.clone());
            // The type is there already; what is lost of it is lost of this copy, too.
            self.definition(&schema, &target);
            return Some(name);
        }
        let context = spelled(self.documents[target.document].stem());
        let name = self.definitions.free_name(&wanted.name, &context, !is_anothers)?;
        self.definitions.by_spot.insert(target.clone(), name.clone());
        self.definitions.by_content.insert(key, name.clone());
        let kind = self.definition(&schema, &target);
        let annotations = annotation::of(&schema, name.as_str());
        let was = schema.get("x-growset-was").and_then(Value::as_array).into_iter().flatten();
        let named = NamedType {
            name: name.clone(),
            was: was.filter_map(|was| TypeName::parse(was.as_str()?).ok()).collect(),
            doc: annotations.doc,
            example: annotations.example,
            deprecated: annotations.deprecated,
            pii: annotations.pii,
            ty: ours::ty(kind),
            place: Place::NOWHERE,
        };
        self.definitions.types.insert(name.clone(), named);
        Some(name)
    }

    /// Reads a definition. Whoever refers to it may turn out to be carried whole; others may still need the type.
    fn definition(&mut self, schema: &Value, target: &Spot) -> TypeKind {
        let was_payload = std::mem::take(&mut self.is_payload);
        let laid_out = std::mem::take(&mut self.laid_out);
        let outer = std::mem::take(&mut self.losses);
        self.tell_examples(schema, target, false);
        let kind = self.kind(schema, target);
        let own = std::mem::replace(&mut self.losses, outer);
        self.definitions.losses.insert(target.clone(), own);
        self.is_payload = was_payload;
        self.laid_out = laid_out;
        kind
    }

    /// Follows definitions that are nothing but a reference until one says something.
    fn end_of_chain(&mut self, target: &Spot, from: &Spot) -> Option<Spot> {
        let mut seen = BTreeSet::from([target.clone()]);
        let mut spot = target.clone();
        while let Some(next) = self.library.at(&spot).and_then(|schema| schema.get("$ref")).and_then(Value::as_str) {
            let Some(next) = Spot::of_reference(next) else { break };
            if !seen.insert(next.clone()) {
                let file = self.documents[from.document].path.clone();
                let message = "`$ref` leads to itself and never to a type; say there what it is".to_owned();
                self.refusals.push(Refusal { file, pointer: from.pointer.clone(), message });
                return None;
            }
            spot = next;
        }
        // An alias that we wrote is a type of its own; its end was only looked for.
        Some(if self.is_ours(target) { target.clone() } else { spot })
    }

    fn wanted_name(&self, target: &Spot, schema: &Value) -> Wanted {
        let last = pointer::last(&target.pointer).unwrap_or_else(|| {
            let title = schema.get("title").and_then(Value::as_str).filter(|title| title.len() <= 40);
            title.unwrap_or_else(|| self.documents[target.document].stem()).to_owned()
        });
        let is_stated = TypeName::parse(&last).is_ok();
        Wanted { name: if is_stated { last } else { spelled(&last) }, is_stated }
    }
}

fn collect_stated(schema: &Value, spot: &Spot, stated: &mut BTreeMap<String, Stated>) {
    let Some(members) = schema.as_object() else { return };
    for (keyword, step, inner) in subschemas(members) {
        let below = step.iter().fold(spot.below(&[keyword]), |spot, step| spot.below(&[step]));
        let name = step.filter(|name| matches!(keyword, "$defs" | "definitions") && TypeName::parse(name).is_ok());
        if let Some(name) = name {
            stated.entry(name.to_ascii_lowercase()).or_default().spots.push(below.clone());
        }
        collect_stated(inner, &below, stated);
    }
}

/// `null` that is said twice, or of what takes null anyway, is said once. Needs every named type.
pub(crate) fn settle_null(types: &BTreeMap<TypeName, NamedType>, kind: &mut TypeKind) {
    while let TypeKind::Nullable(inner) = kind {
        if !takes_null(&inner.kind, types) {
            break;
        }
        let inner = inner.kind.clone();
        // What is carried whole under a name may refuse null; as JSON it takes it.
        *kind = if is_opaque(&inner, types) { TypeKind::Json } else { inner };
    }
    match kind {
        TypeKind::Nullable(inner) | TypeKind::Map(inner) => settle_null(types, &mut inner.kind),
        TypeKind::List(list) => settle_null(types, &mut list.items.kind),
        TypeKind::Record(record) => record.fields.iter_mut().for_each(|field| settle_null(types, &mut field.ty.kind)),
        TypeKind::Union(union) => {
            let fields = union.cases.iter_mut().flat_map(|case| &mut case.record.fields);
            fields.for_each(|field| settle_null(types, &mut field.ty.kind));
        }
        TypeKind::Text(_)
        | TypeKind::Format(_)
        | TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::Named(_)
        | TypeKind::Enum(_)
        | TypeKind::Opaque(_) => {}
    }
}

fn takes_null(kind: &TypeKind, types: &BTreeMap<TypeName, NamedType>) -> bool {
    matches!(resolved(kind, types), Some(TypeKind::Json | TypeKind::Nullable(_) | TypeKind::Opaque(_)))
}

fn is_opaque(kind: &TypeKind, types: &BTreeMap<TypeName, NamedType>) -> bool {
    matches!(resolved(kind, types), Some(TypeKind::Opaque(_)))
}

fn resolved<'a>(kind: &'a TypeKind, types: &'a BTreeMap<TypeName, NamedType>) -> Option<&'a TypeKind> {
    let mut kind = kind;
    for _ in 0..=types.len() {
        let TypeKind::Named(name) = kind else { return Some(kind) };
        kind = &types.get(name)?.ty.kind;
    }
    None
}

/// What a definition says, with everything that it refers to: equal for definitions that mean the same.
fn content(library: &Library, target: &Spot) -> String {
    let mut seen = BTreeMap::new();
    let mut waiting = vec![target.clone()];
    while let Some(spot) = waiting.pop() {
        let Some(schema) = library.at(&spot).filter(|_| !seen.contains_key(&spot)) else { continue };
        let mut text = String::new();
        print(schema, &mut text, &mut waiting);
        seen.insert(spot, text);
    }
    let own = seen.get(target).cloned().unwrap_or_default();
    // The document's number differs between copies of one definition, the pointers do not.
    let parts: BTreeSet<String> =
        seen.into_iter().map(|(spot, text)| format!("{}\n{text}", alike(&spot.pointer))).collect();
    format!("{own}\n{}", parts.into_iter().collect::<Vec<_>>().join("\n"))
}

/// Older drafts keep their definitions under another name.
fn alike(pointer: &str) -> String {
    pointer.replace("/definitions/", "/$defs/")
}

/// A schema as text, with references as the pointers that they lead to.
fn print(value: &Value, text: &mut String, waiting: &mut Vec<Spot>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                text.push_str(&format!("{key:?}:"));
                match value.as_str().filter(|_| key == "$ref").and_then(Spot::of_reference) {
                    Some(spot) => {
                        text.push_str(&alike(&spot.pointer));
                        waiting.push(spot);
                    }
                    None => print(value, text, waiting),
                }
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            items.iter().for_each(|item| {
                print(item, text, waiting);
                text.push(',');
            });
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

/// A name of a type: upper case at the start of each word, and no underscore.
pub(crate) fn spelled(text: &str) -> String {
    let spelled: String = pascal(&without_marks(text)).chars().filter(char::is_ascii_alphanumeric).collect();
    shortened(&spelled, 50).to_owned()
}

fn shortened(ascii: &str, most: usize) -> &str {
    ascii.get(..most).unwrap_or(ascii)
}
