//! Texts, numbers and lists: types by `type`, with their limits.

use std::collections::BTreeSet;

use growset_model::{Bounds, List, Pattern, SAFE_INTEGER, Text, TextFormat, TypeKind};
use serde_json::{Map, Value};

use crate::library::{Library, Spot};
use crate::loss::{Done, INTEGER};
use crate::merge;
use crate::reader::{NULLABLE, Reader};

type Schema = Map<String, Value>;

const TYPES: usize = 6;

/// What descriptions of APIs call integers (the OpenAPI format registry).
const RANGES: [(&str, i128, i128); 6] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
];

/// A schema without a type accepts every value that its keywords are not about.
pub(crate) const UNTYPED: &str = "is left out, and taken for the type that the other keywords are about";

impl Reader<'_> {
    /// A schema that is told by its `type`, or by what it asserts.
    pub(crate) fn typed(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        let mut types = schema.get("type").map(merge::listed).unwrap_or_default();
        let whole = Value::Object(schema.clone());
        let before = types.len();
        types.retain(|ty| ty != "null");
        let has_null_type = types.len() < before;
        let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
        if is_nullable && !has_null_type {
            self.note(spot, "nullable", Done::Widened, NULLABLE);
        }
        let has_null = has_null_type || is_nullable;
        if types.iter().any(|ty| ty == "number") {
            types.retain(|ty| ty != "integer");
        }
        let kind = match types.as_slice() {
            [] if before > 0 => {
                return self.give_up(spot, "type: null", "is nothing but null, and becomes `json`");
            }
            [] => self.untyped(schema, spot),
            [ty] => self.of_type(ty, schema, spot),
            several if several.len() >= TYPES - 1 => {
                self.drop_all(schema, spot, &["type"]);
                TypeKind::Json
            }
            _ => return self.mixed(&whole, spot, "type"),
        };
        if has_null { self.nullable(kind, &whole) } else { kind }
    }

    /// Values of several types. What lists fields is carried whole, so that they are not lost; the rest is `json`.
    pub(crate) fn mixed(&mut self, schema: &Value, spot: &Spot, construct: &str) -> TypeKind {
        if lists_fields(self.library, schema) {
            return self.carry(schema, spot, construct, "mixes objects and other values, which no type does");
        }
        self.give_up(spot, construct, "mixes values of several types, and becomes `json`")
    }

    /// Most who leave `type` out mean the one type that the other keywords are about.
    fn untyped(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        let has = |keywords: &[&str]| keywords.iter().any(|keyword| schema.contains_key(*keyword));
        let meant = if has(&["properties", "required", "patternProperties", "additionalProperties"]) {
            "object"
        } else if has(&["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]) {
            "array"
        } else if has(&["minLength", "maxLength", "pattern", "format"]) {
            "string"
        } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
            "number"
        } else {
            self.drop_all(schema, spot, &[]);
            return TypeKind::Json;
        };
        self.note_missing(spot, "type", Done::Narrowed, UNTYPED);
        self.of_type(meant, schema, spot)
    }

    fn of_type(&mut self, ty: &str, schema: &Schema, spot: &Spot) -> TypeKind {
        match ty {
            "string" => self.text(schema, spot),
            "integer" => self.integer(schema, spot),
            "number" => self.number(schema, spot),
            "boolean" => {
                self.drop_format(schema, spot, &[]);
                TypeKind::Boolean
            }
            "array" => self.list(schema, spot),
            "object" => self.object(schema, spot),
            _ => self.carry(&Value::Object(schema.clone()), spot, "type", "is no type of JSON Schema"),
        }
    }

    fn text(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        self.drop_all(schema, spot, &["minLength", "maxLength", "pattern", "format"]);
        let (min_length, max_length) = (limit(schema, "minLength"), limit(schema, "maxLength"));
        if let Some(format) = schema.get("format").and_then(Value::as_str) {
            let known = TextFormat::ALL.into_iter().find(|known| known.json_schema_format() == Some(format));
            if let Some(known) = known {
                self.format(known, schema, spot);
                return TypeKind::Format(known);
            }
            self.note(spot, "format", Done::Widened, "has no type of its own, and becomes `string`");
        }
        if min_length.zip(max_length).is_some_and(|(min, max)| min > max) {
            return self.carry(&Value::Object(schema.clone()), spot, "minLength", "is more than maxLength");
        }
        let min_length = min_length.filter(|length| *length > 0);
        TypeKind::Text(Text { min_length, max_length, pattern: self.pattern(schema, spot) })
    }

    fn format(&mut self, format: TextFormat, schema: &Schema, spot: &Spot) {
        self.note(spot, "format", Done::Narrowed, "is held to one spelling, where drafts leave it to the validator");
        // No text of these formats is longer; of the others, some may be.
        let longest = match format {
            TextFormat::Timestamp => Some(35),
            TextFormat::Date => Some(10),
            TextFormat::Uuid => Some(36),
            TextFormat::Decimal | TextFormat::Uri | TextFormat::Email => None,
        };
        let is_implied = |max| longest.is_some_and(|longest| max >= longest);
        if limit(schema, "maxLength").is_some_and(|max| !is_implied(max)) {
            self.note(spot, "maxLength", Done::Widened, "cannot stand beside a format, and is left out");
        }
        if limit(schema, "minLength").is_some_and(|min| min > 1) {
            self.note(spot, "minLength", Done::Widened, "cannot stand beside a format, and is left out");
        }
        if schema.contains_key("pattern") {
            self.note(spot, "pattern", Done::Widened, "cannot stand beside a format, and is left out");
        }
    }

    fn pattern(&mut self, schema: &Schema, spot: &Spot) -> Option<Pattern> {
        let source = schema.get("pattern").and_then(Value::as_str)?;
        match Pattern::parse(source) {
            Ok(pattern) => {
                if source.contains("\\s") || source.contains("\\S") {
                    self.note(spot, "pattern", Done::Narrowed, "means ASCII alone by `\\s`");
                }
                Some(pattern)
            }
            Err(error) => {
                self.note(spot, "pattern", Done::Widened, &format!("is left out: {}", error.reason));
                None
            }
        }
    }

    fn integer(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        self.drop_all(schema, spot, &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
        let stated = whole_limit(schema, "minimum", "exclusiveMinimum", f64::ceil, 1);
        let (low, high) = self.range(schema, spot);
        let min = [stated, low].into_iter().flatten().max();
        let stated = whole_limit(schema, "maximum", "exclusiveMaximum", f64::floor, -1);
        let max = [stated, high].into_iter().flatten().min();
        let is_unsafe = |limit: Option<i128>, safe: i64| limit.is_none_or(|limit| limit.abs() > i128::from(safe));
        if is_unsafe(min, SAFE_INTEGER) || is_unsafe(max, SAFE_INTEGER) {
            let note = "has no bound within ±(2^53 - 1), beyond which JavaScript rounds, and gets that one";
            self.note(spot, INTEGER, Done::Narrowed, note);
        }
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            return self.carry(&Value::Object(schema.clone()), spot, "minimum", "is more than the maximum");
        }
        // A bound on the wrong side of what is safe leaves nothing; one on the right side is the language's own.
        let safe = i128::from(SAFE_INTEGER);
        if min.is_some_and(|min| min > safe) || max.is_some_and(|max| max < -safe) {
            return self.carry(
                &Value::Object(schema.clone()),
                spot,
                "minimum",
                "is beyond what JavaScript holds exactly",
            );
        }
        let min = min.filter(|min| *min > -safe).and_then(|min| i64::try_from(min).ok());
        let max = max.filter(|max| *max < safe).and_then(|max| i64::try_from(max).ok());
        TypeKind::Integer(Bounds { min, max })
    }

    /// The range that the format of an integer names.
    fn range(&mut self, schema: &Schema, spot: &Spot) -> (Option<i128>, Option<i128>) {
        let format = schema.get("format").and_then(Value::as_str);
        let Some((_, low, high)) = RANGES.into_iter().find(|(name, ..)| Some(*name) == format) else {
            // What has 64 bits gets the bounds of JavaScript, which are told of in any case.
            self.drop_format(schema, spot, &["int64", "uint64"]);
            return (None, None);
        };
        let is_within = |keyword: &str, is_inside: &dyn Fn(i128) -> bool| {
            schema.get(keyword).and_then(Value::as_i64).is_some_and(|limit| is_inside(i128::from(limit)))
        };
        if !(is_within("minimum", &|min| min >= low) && is_within("maximum", &|max| max <= high)) {
            self.note(spot, "format", Done::Narrowed, "holds the integer to the range that it names");
        }
        (Some(low), Some(high))
    }

    fn drop_format(&mut self, schema: &Schema, spot: &Spot, said: &[&str]) {
        let format = schema.get("format").and_then(Value::as_str);
        if format.is_some_and(|format| !said.contains(&format)) {
            self.note(spot, "format", Done::Dropped, "says nothing of this type, and is left out");
        }
    }

    fn number(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        if schema.get("multipleOf").and_then(Value::as_f64) == Some(1.0) {
            let mut whole = schema.clone();
            whole.shift_remove("multipleOf");
            return self.integer(&whole, spot);
        }
        self.drop_format(schema, spot, &["double"]);
        self.drop_all(schema, spot, &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
        let (low, high) = (limit("exclusiveMinimum"), limit("exclusiveMaximum"));
        for (keyword, _) in
            [("exclusiveMinimum", low), ("exclusiveMaximum", high)].iter().filter(|(_, limit)| limit.is_some())
        {
            self.note(spot, keyword, Done::Widened, "takes the limit itself in, too");
        }
        let min = [limit("minimum"), low].into_iter().flatten().reduce(f64::max);
        let max = [limit("maximum"), high].into_iter().flatten().reduce(f64::min);
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            return self.carry(&Value::Object(schema.clone()), spot, "minimum", "is more than the maximum");
        }
        TypeKind::Number(Bounds { min, max })
    }

    fn list(&mut self, schema: &Schema, spot: &Spot) -> TypeKind {
        if let Some(first) = schema.get("prefixItems").and_then(Value::as_array) {
            return self.tuple(first, schema, spot);
        }
        self.items(schema, spot, &spot.below(&["items"]))
    }

    /// A list of one kind of items, with the place that says what they are.
    fn items(&mut self, schema: &Schema, spot: &Spot, below: &Spot) -> TypeKind {
        self.drop_all(schema, spot, &["items", "minItems", "maxItems", "uniqueItems"]);
        let (min_items, max_items) = (limit(schema, "minItems"), limit(schema, "maxItems"));
        if min_items.zip(max_items).is_some_and(|(min, max)| min > max) {
            return self.carry(&Value::Object(schema.clone()), spot, "minItems", "is more than maxItems");
        }
        let items = schema.get("items").unwrap_or(&Value::Bool(true));
        self.tell_words(items, below);
        let items = self.ty(items, below);
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let min_items = min_items.filter(|items| *items > 0);
        TypeKind::List(List { items: Box::new(items), min_items, max_items, unique })
    }

    /// A list whose first items have schemas of their own.
    fn tuple(&mut self, first: &[Value], schema: &Schema, spot: &Spot) -> TypeKind {
        let mut list = schema.clone();
        list.shift_remove("prefixItems");
        let rest = list.shift_remove("items").unwrap_or(Value::Bool(true));
        let [one, others @ ..] = first else { return self.list(&list, spot) };
        if rest == Value::Bool(false) {
            let most = limit(schema, "maxItems").map_or(first.len() as u64, |most| most.min(first.len() as u64));
            list.insert("maxItems".to_owned(), most.into());
        }
        let mut below = spot.below(&["items"]);
        let is_alike = others.iter().all(|other| other == one);
        if is_alike && (rest == *one || rest == Value::Bool(false)) {
            list.insert("items".to_owned(), one.clone());
            below = spot.below(&["prefixItems", "0"]);
        } else if others.is_empty() && rest == Value::Bool(true) {
            let note =
                "is one schema in a list, which holds for the first item alone, and is taken for that of every item";
            self.note(spot, "items", Done::Narrowed, note);
            list.insert("items".to_owned(), one.clone());
            below = spot.below(&["prefixItems", "0"]);
        } else if lists_fields(self.library, &Value::Array(first.to_vec())) {
            return self.carry(
                &Value::Object(schema.clone()),
                spot,
                "prefixItems",
                "is a tuple, which has no type of its own",
            );
        } else {
            self.note(
                spot,
                "prefixItems",
                Done::Widened,
                "is a tuple, which has no type of its own, and becomes `list<json>`",
            );
        }
        self.items(&list, spot, &below)
    }

    /// Reports every assertion that the type has no word for.
    pub(crate) fn drop_all(&mut self, schema: &Schema, spot: &Spot, said: &[&str]) {
        const ASSERTIONS: [&str; 22] = [
            "not",
            "if",
            "contains",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependencies",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedItems",
            "unevaluatedProperties",
            "multipleOf",
            "$dynamicRef",
            "$recursiveRef",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "pattern",
            "contentEncoding",
        ];
        let types = schema.get("type").map(merge::listed).unwrap_or_default();
        let concerns = |keyword: &str| match keyword {
            "minLength" | "maxLength" | "pattern" | "contentEncoding" => types.iter().any(|ty| ty == "string"),
            "minimum" | "maximum" | "multipleOf" => types.iter().any(|ty| ty == "number" || ty == "integer"),
            "minItems" | "maxItems" | "contains" => types.iter().any(|ty| ty == "array"),
            "minProperties" | "maxProperties" | "propertyNames" => types.iter().any(|ty| ty == "object"),
            _ => true, // Holds for values of every type.
        };
        for keyword in ASSERTIONS {
            if schema.contains_key(keyword) && !said.contains(&keyword) && concerns(keyword) {
                self.note(spot, keyword, Done::Widened, "has no word in a contract, and is left out");
            }
        }
    }
}

/// Whether anything is said of the members of an object, however deep, and wherever references lead.
fn lists_fields(library: &Library, schema: &Value) -> bool {
    let mut seen: BTreeSet<Spot> = BTreeSet::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        match schema {
            Value::Object(members) => {
                if members.get("properties").is_some_and(Value::is_object) {
                    return true;
                }
                let target = members.get("$ref").and_then(Value::as_str).and_then(Spot::of_reference);
                let target = target.filter(|target| seen.insert(target.clone()));
                waiting.extend(target.and_then(|target| library.at(&target)));
                // What is only referred to is found from there.
                let inside = members.iter().filter(|(key, _)| !matches!(key.as_str(), "$defs" | "definitions"));
                waiting.extend(inside.map(|(_, value)| value));
            }
            Value::Array(items) => waiting.extend(items),
            _ => {} // Holds no schema.
        }
    }
    false
}

/// A count such as `maxLength`. Some write it as `5.0`.
fn limit(schema: &Schema, keyword: &str) -> Option<u64> {
    let value = schema.get(keyword)?;
    value.as_u64().or_else(|| {
        let number = value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0 && *number < 1e15)?;
        Some(number as u64)
    })
}

/// The tighter of an inclusive and an exclusive limit, as a whole number.
fn whole_limit(schema: &Schema, keyword: &str, exclusive: &str, round: fn(f64) -> f64, inward: i128) -> Option<i128> {
    let whole = |value: &Value| -> Option<i128> {
        let exact = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        exact.or_else(|| value.as_f64().filter(|limit| limit.abs() < 1e30).map(|limit| round(limit) as i128))
    };
    let included = schema.get(keyword).and_then(whole);
    let excluded = schema.get(exclusive).and_then(|value| {
        let is_whole = value.as_f64().is_some_and(|limit| limit.fract() == 0.0);
        whole(value).map(|limit| if is_whole { limit + inward } else { limit })
    });
    let limits = [included, excluded].into_iter().flatten();
    if inward > 0 { limits.max() } else { limits.min() }
}
