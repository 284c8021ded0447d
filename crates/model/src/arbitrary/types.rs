//! Random types, each with a finite value.

use std::collections::BTreeSet;

use serde_json::json;

use super::tape::Tape;
use super::texts;
use crate::catalog::{Date, Deprecated};
use crate::name::{FieldName, TypeName};
use crate::pattern::Pattern;
use crate::place::Place;
use crate::shape::{
    Bounds, Case, Enum, EnumValue, Field, List, NamedType, Presence, Record, SAFE_INTEGER, Text, TextFormat, Type,
    TypeKind, Union,
};
use crate::spelling::{snake, variant};

/// How deep inline types stand in each other.
const DEEPEST: u32 = 3;

/// A named type to be: what may refer to it is known before it is made.
#[derive(Clone)]
pub(super) struct Plan {
    name: TypeName,
    /// Holds null already, or may, so `nullable` may not stand around it.
    holds_null: bool,
}

pub(super) struct Types<'t> {
    pub(super) tape: &'t mut Tape,
    plans: Vec<Plan>,
    may_be_personal: bool,
}

/// Which named types may stand somewhere: those before this one anywhere, the others only where a value can end
/// without them (in an optional field, a list, a map, a nullable, a further case). So every type has a finite value.
#[derive(Clone, Copy)]
struct Reach {
    named: usize,
    depth: u32,
    in_nullable: bool,
}

impl<'t> Types<'t> {
    pub(super) fn new(tape: &'t mut Tape, may_be_personal: bool) -> Self {
        let mut names = texts::TYPES.to_vec();
        let mut plans = Vec::new();
        for _ in 0..tape.below(7) {
            if let Some(name) = tape.take(&mut names).and_then(|name| TypeName::parse(name).ok()) {
                plans.push(Plan { name, holds_null: tape.once_in(6) });
            }
        }
        Self { tape, plans, may_be_personal }
    }

    /// Every named type.
    pub(super) fn named(&mut self) -> Vec<NamedType> {
        let plans = self.plans.clone();
        plans.into_iter().enumerate().map(|(index, plan)| self.named_type(index, plan)).collect()
    }

    /// The fields of an event.
    pub(super) fn payload(&mut self) -> Record {
        self.record(Reach { named: self.plans.len(), depth: 0, in_nullable: false }, None)
    }

    fn named_type(&mut self, index: usize, plan: Plan) -> NamedType {
        let reach = Reach { named: index, depth: 0, in_nullable: false };
        let ty = match (plan.holds_null, self.tape.below(3)) {
            // What this type is must not hold null, unless planned so.
            (false, _) => self.ty(Reach { in_nullable: true, ..reach }),
            (true, 1) => ty(TypeKind::Json),
            (true, 2) => ty(TypeKind::Opaque(opaque_schema())),
            (true, _) => ty(self.nullable(reach)),
        };
        let earlier = if self.tape.once_in(6) { TypeName::parse(&format!("Old{}", plan.name)).ok() } else { None };
        let plans = self.plans.clone();
        let others: Vec<&str> =
            plans.iter().map(|plan| plan.name.as_str()).filter(|name| *name > plan.name.as_str()).collect();
        NamedType {
            name: plan.name.clone(),
            was: earlier.into_iter().collect(),
            doc: self.prose(),
            example: None,
            deprecated: self.deprecated(&others),
            pii: self.is_personal(),
            ty,
            place: Place::NOWHERE,
        }
    }

    fn ty(&mut self, reach: Reach) -> Type {
        let kinds = if reach.depth < DEEPEST { 14 } else { 7 };
        let kind = match self.tape.below(kinds) {
            0 => TypeKind::Text(self.text()),
            1 => TypeKind::Integer(self.integer()),
            2 => TypeKind::Boolean,
            3 => TypeKind::Format(self.tape.one_of(&TextFormat::ALL).unwrap_or(TextFormat::Decimal)),
            4 => TypeKind::Number(self.number()),
            5 => self.reference(reach),
            6 => TypeKind::Enum(self.choice()),
            7 => TypeKind::List(self.list(reach)),
            8 => TypeKind::Map(Box::new(self.ty(self.anywhere(reach)))),
            9 if !reach.in_nullable => self.nullable(reach),
            11 => TypeKind::Union(self.union(reach)),
            12 if !reach.in_nullable => TypeKind::Json,
            13 if !reach.in_nullable => TypeKind::Opaque(opaque_schema()),
            _ => TypeKind::Record(self.record(Reach { depth: reach.depth + 1, in_nullable: false, ..reach }, None)),
        };
        ty(kind)
    }

    /// Below something that may be absent, empty or null: every named type may stand there.
    fn anywhere(&self, reach: Reach) -> Reach {
        Reach { named: self.plans.len(), depth: reach.depth + 1, in_nullable: false }
    }

    fn nullable(&mut self, reach: Reach) -> TypeKind {
        TypeKind::Nullable(Box::new(self.ty(Reach { in_nullable: true, ..self.anywhere(reach) })))
    }

    fn reference(&mut self, reach: Reach) -> TypeKind {
        let reachable = self.plans.iter().take(reach.named).filter(|plan| !reach.in_nullable || !plan.holds_null);
        let mut names: Vec<TypeName> = reachable.map(|plan| plan.name.clone()).collect();
        self.tape.take(&mut names).map_or_else(|| TypeKind::Text(Text::default()), TypeKind::Named)
    }

    fn text(&mut self) -> Text {
        let free = Text::default();
        match self.tape.below(6) {
            1 => Text { max_length: Some(5), ..free },
            2 => Text { min_length: Some(2), max_length: Some(2), ..free },
            3 => Text { min_length: Some(1), ..free },
            4 => Text { max_length: Some(40), pattern: self.pattern(), ..free },
            5 => Text { pattern: self.pattern(), ..free },
            _ => free,
        }
    }

    fn pattern(&mut self) -> Option<Pattern> {
        self.tape.one_of(&texts::PATTERNS).and_then(|source| Pattern::parse(source).ok())
    }

    fn integer(&mut self) -> Bounds<i64> {
        let choices = [
            (None, None),
            (Some(0), None),
            (Some(-5), Some(5)),
            (Some(0), Some(4_294_967_295)),
            (Some(-2_147_483_648), Some(2_147_483_647)),
            (None, Some(-1)),
            (Some(SAFE_INTEGER), Some(SAFE_INTEGER)),
            (Some(-SAFE_INTEGER), Some(4_294_967_296)),
        ];
        let (min, max) = self.tape.one_of(&choices).unwrap_or_default();
        Bounds { min, max }
    }

    fn number(&mut self) -> Bounds<f64> {
        let choices = [
            (None, None),
            (Some(0.0), Some(1.0)),
            (Some(-0.5), None),
            (None, Some(1_000_000.0)),
            (Some(0.1), Some(0.1)),
        ];
        let (min, max) = self.tape.one_of(&choices).unwrap_or_default();
        Bounds { min, max }
    }

    fn choice(&mut self) -> Enum {
        let values = self.variants(&texts::VALUES);
        let value = |value: &str| EnumValue {
            value: value.to_owned(),
            doc: self.prose(),
            deprecated: self.deprecated(&texts::PROSE),
            place: Place::NOWHERE,
        };
        let values = values.into_iter().map(value).collect();
        Enum { closed: self.tape.once_in(3), values }
    }

    fn union(&mut self, reach: Reach) -> Union {
        let tag = FieldName::parse(self.tape.one_of(&["kind", "type", "has space"]).unwrap_or("kind"));
        let Ok(tag) = tag else { unreachable!("the tags above are names") };
        let inside = Reach { depth: reach.depth + 1, in_nullable: false, ..reach };
        let mut cases = Vec::new();
        for value in self.variants(&texts::CASES) {
            // The first case ends; the others need not.
            let reach = if cases.is_empty() { inside } else { self.anywhere(reach) };
            cases.push(Case {
                value: value.to_owned(),
                doc: self.prose(),
                deprecated: self.deprecated(&texts::PROSE),
                record: self.record(reach, Some(&tag)),
                place: Place::NOWHERE,
            });
        }
        Union { tag, closed: self.tape.once_in(3), cases }
    }

    /// One to four texts that become different variants.
    fn variants(&mut self, from: &[&'static str]) -> Vec<&'static str> {
        let mut from = from.to_vec();
        let mut spellings = BTreeSet::new();
        let mut variants = Vec::new();
        for _ in 0..=self.tape.below(4) {
            if let Some(value) = self.tape.take(&mut from)
                && spellings.insert(variant(value).to_ascii_lowercase())
            {
                variants.push(value);
            }
        }
        variants
    }

    fn list(&mut self, reach: Reach) -> List {
        let free = List { items: Box::new(ty(TypeKind::Boolean)), min_items: None, max_items: None, unique: false };
        match self.tape.below(5) {
            1 => {
                let items = self.ty(Reach { depth: reach.depth + 1, in_nullable: false, ..reach });
                List { items: Box::new(items), min_items: Some(1), ..free }
            }
            2 => List { items: Box::new(self.ty(self.anywhere(reach))), max_items: Some(3), ..free },
            3 => List { items: Box::new(self.ty(self.anywhere(reach))), max_items: Some(2), unique: true, ..free },
            _ => List { items: Box::new(self.ty(self.anywhere(reach))), ..free },
        }
    }

    fn record(&mut self, reach: Reach, tag: Option<&FieldName>) -> Record {
        let taken = tag.map(|tag| snake(tag.as_str()));
        let mut names: Vec<&str> = texts::FIELDS.into_iter().filter(|name| Some(snake(name)) != taken).collect();
        let mut record = Record::default();
        let required = self.tape.below(4);
        let optional = self.tape.below(3);
        for index in 0..required + optional {
            let Some(name) = self.tape.take(&mut names).and_then(|name| FieldName::parse(name).ok()) else {
                break;
            };
            let field = if index < required {
                let ty = self.ty(Reach { in_nullable: false, ..reach });
                self.field(name, Presence::Required, ty)
            } else {
                let ty = self.ty(Reach { depth: reach.depth, ..self.anywhere(reach) });
                self.field(name, Presence::Optional, ty)
            };
            record.fields.push(field);
        }
        record
    }

    fn field(&mut self, name: FieldName, presence: Presence, ty: Type) -> Field {
        Field {
            name,
            presence,
            ty,
            doc: self.prose(),
            example: None,
            deprecated: self.deprecated(&texts::PROSE).map(Box::new),
            pii: self.is_personal(),
            default: None,
            mapping: None,
            place: Place::NOWHERE,
        }
    }

    pub(super) fn prose(&mut self) -> Option<String> {
        if self.tape.once_in(3) { self.tape.one_of(&texts::PROSE).map(str::to_owned) } else { None }
    }

    /// Of something whose successor, if it has one, is among these.
    pub(super) fn deprecated(&mut self, successors: &[&str]) -> Option<Deprecated> {
        if !self.tape.once_in(10) {
            return None;
        }
        let successor = self.tape.one_of(successors).map(str::to_owned);
        let sunset = if self.tape.once_in(2) { Date::parse("2027-06-30") } else { None };
        Some(Deprecated { successor, sunset, reason: self.prose(), place: Place::NOWHERE })
    }

    fn is_personal(&mut self) -> bool {
        self.tape.once_in(8) && self.may_be_personal
    }
}

fn ty(kind: TypeKind) -> Type {
    Type { kind, place: Place::NOWHERE }
}

/// With `examples`, from which payloads are sampled.
pub(super) fn opaque_schema() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": { "x": { "type": "integer" } },
        "examples": [{}, { "x": 1 }, { "__proto__": null }],
    })
}
