//! From a schema to a type, one schema at a time. Keeps account of what is lost on the way.

use growset_model::{Place, Type, TypeKind};
use serde_json::{Map, Value};

use crate::annotation::ANNOTATIONS;
use crate::carry::Bundled;
use crate::definitions::Definitions;
use crate::document::Document;
use crate::library::{Library, Spot};
use crate::loss::{self, Done, Loss, Refusal};
use crate::{carry, merge, ours, place};

/// Schemas inside each other. Deeper ones are made to hang whoever reads them.
const DEEPEST: usize = 48;
/// Schemas read in all; references that are laid out where they stand could multiply without end.
const MOST_SCHEMAS: usize = 2_000_000;

/// Keywords that say what a schema is, whatever its `type`.
const LEADING: [&str; 6] = ["$ref", "allOf", "const", "enum", "oneOf", "anyOf"];

/// Of a word that people mean all the same.
pub(crate) const NULLABLE: &str = "is no word of JSON Schema, and lets null in all the same";

pub(crate) struct Reader<'a> {
    pub documents: &'a [Document],
    pub library: &'a Library,
    pub definitions: Definitions,
    pub losses: Vec<Loss>,
    pub refusals: Vec<Refusal>,
    /// A payload is a record: its cases are laid together instead of made a union.
    pub is_payload: bool,
    /// The cases that are being laid out where they stand; inside of them they would never come to an end.
    pub laid_out: Vec<Spot>,
    depth: usize,
    budget: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(documents: &'a [Document], library: &'a Library) -> Self {
        Self {
            documents,
            library,
            definitions: Definitions::new(library),
            losses: Vec::new(),
            refusals: Vec::new(),
            is_payload: false,
            laid_out: Vec::new(),
            depth: 0,
            budget: MOST_SCHEMAS,
        }
    }

    /// The type that a schema means.
    pub(crate) fn ty(&mut self, schema: &Value, spot: &Spot) -> Type {
        self.is_payload = false;
        Type { kind: self.kind(schema, spot), place: Place::NOWHERE }
    }

    /// What kind of type a schema means.
    pub(crate) fn kind(&mut self, schema: &Value, spot: &Spot) -> TypeKind {
        let members = match schema {
            Value::Object(members) => members,
            Value::Bool(false) => return self.carry(schema, spot, "false", "accepts nothing"),
            _ => return TypeKind::Json, // `true`.
        };
        if self.depth >= DEEPEST || self.budget == 0 {
            return self.give_up(spot, "nesting", "stands too deep, and becomes `json`");
        }
        self.depth += 1;
        self.budget -= 1;
        let kind = self.members(members, spot);
        if !matches!(kind, TypeKind::Opaque(_)) {
            self.tell_unread(members, spot);
        }
        self.depth -= 1;
        kind
    }

    fn members(&mut self, members: &Map<String, Value>, spot: &Spot) -> TypeKind {
        if let Some(kind) = ours::kind(self, members, spot) {
            return kind;
        }
        if members.get("nullable") == Some(&Value::Bool(true)) && LEADING.iter().any(|key| members.contains_key(*key)) {
            return self.nullable_too(members, spot);
        }
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, members, spot);
        }
        if let Some(parts) = members.get("allOf").and_then(Value::as_array) {
            return self.all_of(parts, members, spot);
        }
        if let Some(constant) = members.get("const") {
            return self.values(std::slice::from_ref(constant), members, spot);
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
            return self.values(values, members, spot);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(cases) = members.get(keyword).and_then(Value::as_array) {
                return self.choice(keyword, cases, members, spot);
            }
        }
        self.typed(members, spot)
    }

    /// What is `nullable` beside what it is. What is carried whole is so by the rules of JSON Schema, which knows no such word.
    fn nullable_too(&mut self, members: &Map<String, Value>, spot: &Spot) -> TypeKind {
        let mut without = members.clone();
        without.shift_remove("nullable");
        let kind = self.members(&without, spot);
        if matches!(kind, TypeKind::Opaque(_)) {
            self.note(
                spot,
                "nullable",
                Done::Dropped,
                "is no word of JSON Schema, and is left out of what is carried whole",
            );
            return kind;
        }
        self.note(spot, "nullable", Done::Widened, NULLABLE);
        self.nullable(kind, &Value::Bool(true))
    }

    fn reference(&mut self, reference: &str, members: &Map<String, Value>, spot: &Spot) -> TypeKind {
        for keyword in members.keys().filter(|key| *key != "$ref" && asserts(key)) {
            self.note(spot, keyword, Done::Widened, "stands beside `$ref`, which alone counts");
        }
        let named = Spot::of_reference(reference).and_then(|target| self.named(&target, spot));
        named.map_or(TypeKind::Json, TypeKind::Named)
    }

    fn all_of(&mut self, parts: &[Value], members: &Map<String, Value>, spot: &Spot) -> TypeKind {
        if let [part] = parts
            && !asserts_beside(members, "allOf")
        {
            return self.kind(part, &spot.below(&["allOf", "0"]));
        }
        let flat = self.flat(members, spot);
        self.kind(&Value::Object(flat), spot)
    }

    /// Where a schema says something: the end of references that stand alone.
    pub(crate) fn landed(&self, members: &Map<String, Value>, spot: &Spot) -> Spot {
        let (mut members, mut spot) = (members, spot.clone());
        for _ in 0..DEEPEST {
            let target = members.get("$ref").and_then(Value::as_str).and_then(Spot::of_reference);
            let Some(target) = target.filter(|_| !asserts_beside(members, "$ref")) else { break };
            let Some(next) = self.library.at(&target).and_then(Value::as_object) else { break };
            (members, spot) = (next, target);
        }
        spot
    }

    /// A schema with its references and its `allOf` laid out.
    pub(crate) fn flat(&mut self, members: &Map<String, Value>, spot: &Spot) -> Map<String, Value> {
        let mut following = Vec::new();
        self.flatten(members, spot, &mut following)
    }

    fn flatten(&mut self, members: &Map<String, Value>, spot: &Spot, above: &mut Vec<Spot>) -> Map<String, Value> {
        let mut merged = members.clone();
        let reference = merged.shift_remove("$ref");
        let parts = merged.shift_remove("allOf");
        let mut lost = Vec::new();
        if let Some(target) = reference.as_ref().and_then(Value::as_str).and_then(Spot::of_reference) {
            if above.contains(&target) || self.budget == 0 {
                self.note(spot, "$ref", Done::Widened, "leads back to itself by `allOf` alone, and says nothing there");
            } else if let Some(inner) = self.library.at(&target).and_then(Value::as_object) {
                self.budget -= 1;
                above.push(target.clone());
                let inner = self.flatten(inner, &target, above);
                above.pop();
                self.tell_words_given_up(&inner, &merged, &target);
                merged = merge::both(&merged, &inner, &mut lost);
            }
        }
        let parts = parts.as_ref().and_then(Value::as_array).into_iter().flatten().enumerate();
        for (at, part) in parts.filter_map(|(at, part)| Some((at, part.as_object()?))) {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            let part = self.flatten(part, spot, above);
            self.tell_words_given_up(&part, &merged, &spot.below(&["allOf", &at.to_string()]));
            merged = merge::both(&merged, &part, &mut lost);
        }
        for keyword in lost {
            self.note(spot, "allOf", Done::Widened, &format!("says `{keyword}` twice, of which the first one counts"));
        }
        merged
    }

    /// Carries a schema whole.
    pub(crate) fn carry(&mut self, schema: &Value, spot: &Spot, construct: &str, why: &str) -> TypeKind {
        let before = self.losses.len();
        let whole = self.bundle(schema, spot);
        if carry::is_schema(&whole) {
            self.note(spot, construct, Done::CarriedWhole, why);
            TypeKind::Opaque(whole)
        } else {
            self.losses.truncate(before);
            self.give_up(spot, construct, &format!("{why}; as no validator takes it whole, it becomes `json`"))
        }
    }

    /// A schema that stands alone; tells what it had to leave out for that.
    pub(crate) fn bundle(&mut self, schema: &Value, spot: &Spot) -> Value {
        let Bundled { whole, left_out } = carry::bundle(self.library, schema, spot);
        for (spot, keyword, note) in left_out {
            self.note(&spot, keyword, Done::Widened, note);
        }
        whole
    }

    /// A type or null. What is carried whole takes the null along.
    pub(crate) fn nullable(&self, kind: TypeKind, whole: &Value) -> TypeKind {
        match kind {
            TypeKind::Json | TypeKind::Nullable(_) => kind,
            // What was left out of it was told when it was carried.
            TypeKind::Opaque(_) => TypeKind::Opaque(carry::bundle(self.library, whole, &Spot::NOWHERE).whole),
            kind => TypeKind::Nullable(Box::new(Type { kind, place: Place::NOWHERE })),
        }
    }

    /// Reports one construct, wherever it stands.
    pub(crate) fn note(&mut self, spot: &Spot, construct: &str, done: Done, note: &str) {
        let keyword = if loss::is_keyword(construct) { construct } else { "" };
        self.note_at(self.library.places(spot, keyword), construct, done, note);
    }

    /// Reports a construct of which nothing is left, nor of what stands beside it.
    pub(crate) fn give_up(&mut self, spot: &Spot, construct: &str, note: &str) -> TypeKind {
        let before = self.losses.len();
        self.note(spot, construct, Done::Widened, note);
        self.losses.iter_mut().skip(before).for_each(|loss| loss.leaves_nothing = true);
        TypeKind::Json
    }

    /// Reports a construct that is not there.
    pub(crate) fn note_missing(&mut self, spot: &Spot, construct: &str, done: Done, note: &str) {
        self.note_at(self.library.places(spot, ""), construct, done, note);
    }

    fn note_at(&mut self, places: Vec<Spot>, construct: &str, done: Done, note: &str) {
        for place in places {
            let document = &self.documents[place.document];
            self.losses.push(Loss {
                file: document.path.clone(),
                pointer: place::written(&document.value, &place.pointer),
                construct: construct.to_owned(),
                done,
                note: note.to_owned(),
                count: 1,
                leaves_nothing: false,
            });
        }
    }

    /// Reads something that may turn out to be nothing; then what was lost on the way is not lost.
    pub(crate) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.losses.len();
        let found = read(self);
        if found.is_none() {
            self.losses.truncate(before);
        }
        found
    }

    /// Every loss, of the definitions that were read as well.
    pub(crate) fn take_losses(&mut self) -> Vec<Loss> {
        let mut losses = std::mem::take(&mut self.losses);
        losses.extend(std::mem::take(&mut self.definitions.losses).into_values().flatten());
        losses
    }
}

/// Whether anything but annotations stands beside a keyword.
pub(crate) fn asserts_beside(members: &Map<String, Value>, keyword: &str) -> bool {
    members.keys().any(|key| key != keyword && asserts(key))
}

/// A schema without its annotations.
pub(crate) fn bare(members: &Map<String, Value>) -> Map<String, Value> {
    members.iter().filter(|(key, _)| asserts(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Whether a keyword says something of what is accepted. A discriminator only points at the tag of a union.
fn asserts(key: &str) -> bool {
    !ANNOTATIONS.contains(&key) && !matches!(key, "discriminator" | "xml") && !key.starts_with("x-")
}
