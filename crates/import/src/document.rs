//! One source: a JSON Schema document, and the draft that it is written in.

use serde_json::Value;

/// A parsed document with the path that it is known by, `/` between segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Shown in reports; `$ref` to other files goes by it.
    pub path: String,
    /// The schema.
    pub value: Value,
}

/// A draft of JSON Schema, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draft {
    /// draft-04.
    Four,
    /// draft-06.
    Six,
    /// draft-07.
    Seven,
    /// 2019-09.
    Y2019,
    /// 2020-12.
    Y2020,
}

/// What `$schema` starts with, scheme left out, and the draft that it stands for. Self-describing schemas of Iglu have
/// a dialect of their own, which is draft-04 with the member `self`.
const IGLU: &str = "iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/";
const DIALECTS: [(&str, Draft); 7] = [
    ("json-schema.org/draft-04/", Draft::Four),
    ("json-schema.org/draft-06/", Draft::Six),
    ("json-schema.org/draft-07/", Draft::Seven),
    ("json-schema.org/draft/2019-09/", Draft::Y2019),
    ("json-schema.org/draft/2020-12/", Draft::Y2020),
    ("json-schema.org/schema", Draft::Y2020),
    (IGLU, Draft::Four),
];

/// Keywords of which one at least stands in every schema that says anything.
const TELLING: [&str; 9] =
    ["properties", "$ref", "oneOf", "anyOf", "allOf", "enum", "$defs", "definitions", "additionalProperties"];

/// Keywords that other documents may hold as well.
const PLAIN: [&str; 16] = [
    "type",
    "title",
    "description",
    "$id",
    "id",
    "format",
    "pattern",
    "items",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "default",
    "examples",
    "const",
];

/// Keywords that came or went, with the first and the last draft that knows them.
const LIVES: [(&str, Draft, Draft); 18] = [
    ("const", Draft::Six, Draft::Y2020),
    ("contains", Draft::Six, Draft::Y2020),
    ("propertyNames", Draft::Six, Draft::Y2020),
    ("if", Draft::Seven, Draft::Y2020),
    ("then", Draft::Seven, Draft::Y2020),
    ("else", Draft::Seven, Draft::Y2020),
    // 2019-09 calls it outdated, and judges of it go by it all the same.
    ("dependencies", Draft::Four, Draft::Y2019),
    ("dependentRequired", Draft::Y2019, Draft::Y2020),
    ("dependentSchemas", Draft::Y2019, Draft::Y2020),
    ("minContains", Draft::Y2019, Draft::Y2020),
    ("maxContains", Draft::Y2019, Draft::Y2020),
    ("unevaluatedItems", Draft::Y2019, Draft::Y2020),
    ("unevaluatedProperties", Draft::Y2019, Draft::Y2020),
    ("contentSchema", Draft::Y2019, Draft::Y2020),
    ("$recursiveRef", Draft::Y2019, Draft::Y2019),
    ("additionalItems", Draft::Four, Draft::Y2019),
    ("prefixItems", Draft::Y2020, Draft::Y2020),
    ("$dynamicRef", Draft::Y2020, Draft::Y2020),
];

/// Other keywords that make a schema refuse something. What holds definitions and none of them is a library of types.
const ASSERTIONS: [&str; 27] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "required",
    "type",
    "uniqueItems",
    "x-growset-opaque",
];

/// Whether a keyword can make a schema refuse something.
pub(crate) fn asserts(keyword: &str) -> bool {
    ASSERTIONS.contains(&keyword) || LIVES.iter().any(|(known, ..)| *known == keyword)
}

/// What `type` may say.
pub(crate) const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];

impl Document {
    /// Whether a parsed file is meant as a JSON Schema. Folders hold other JSON as well.
    pub fn is_schema(value: &Value) -> bool {
        let Some(members) = value.as_object() else { return false };
        let is_type = |ty: &Value| ty.as_str().is_some_and(|ty| TYPES.contains(&ty));
        let has_type = members.get("type").is_some_and(|ty| {
            is_type(ty) || ty.as_array().is_some_and(|types| !types.is_empty() && types.iter().all(is_type))
        });
        // A word that is no type, among nothing but keywords, is a schema with a mistake.
        let is_alike = members.contains_key("type")
            && members.keys().all(|key| TELLING.contains(&key.as_str()) || PLAIN.contains(&key.as_str()));
        let has_dialect = members.get("$schema").is_some_and(Value::is_string);
        has_type || has_dialect || is_alike || TELLING.iter().any(|keyword| members.contains_key(*keyword))
    }

    /// The draft that `$schema` names; the one to go by where it names none. An unknown one is answered as it stands.
    pub(crate) fn draft(&self, fallback: Option<Draft>) -> Result<Draft, String> {
        let Some(dialect) = self.value.get("$schema").and_then(Value::as_str) else {
            return Ok(fallback.unwrap_or(Draft::Y2020));
        };
        Draft::of_dialect(dialect).or(fallback).ok_or_else(|| dialect.to_owned())
    }

    /// Whether `self` says what it is called.
    pub(crate) fn is_self_describing(&self) -> bool {
        self.value.get("$schema").and_then(Value::as_str).is_some_and(|dialect| bare(dialect).starts_with(IGLU))
    }

    /// What others call a self-describing schema of Iglu, whose `self` is its identity.
    pub(crate) fn names_in_registry(&self) -> Vec<String> {
        let identity = self.value.get("self").filter(|_| self.is_self_describing());
        let part = |key: &str| identity?.get(key)?.as_str();
        let parts: Option<Vec<&str>> = ["vendor", "name", "format", "version"].into_iter().map(part).collect();
        let path = parts.map(|parts| parts.join("/"));
        let starts = ["iglu:", "http://iglucentral.com/schemas/", "https://iglucentral.com/schemas/"];
        path.iter().flat_map(|path| starts.map(|start| format!("{start}{path}"))).collect()
    }

    /// The file's name without what marks it as a schema: `order.created` for `a/order.created.schema.json`.
    pub(crate) fn stem(&self) -> &str {
        let file = self.path.rsplit('/').next().unwrap_or(&self.path);
        let lower = file.to_ascii_lowercase();
        let endings = [".json", ".jsonschema", ".yaml", ".yml", ".schema"];
        let length = endings.iter().find_map(|ending| lower.strip_suffix(ending)).map_or(file.len(), str::len);
        let file = file.get(..length).unwrap_or(file);
        file.strip_suffix(".schema").unwrap_or(file)
    }
}

/// Whether a reference leads to the schema that all schemas of a known draft fit.
pub(crate) fn is_dialect(reference: &str) -> bool {
    let is_official = bare(reference).starts_with("json-schema.org/") && reference.contains("/schema");
    is_official
        && Draft::of_dialect(reference).is_some()
        && reference.rsplit_once('#').is_none_or(|(_, part)| part.is_empty())
}

fn bare(uri: &str) -> &str {
    uri.trim_start_matches("http://").trim_start_matches("https://")
}

impl Draft {
    /// Whether a keyword that another draft knows means something in this one.
    pub(crate) fn knows(self, keyword: &str) -> bool {
        LIVES.iter().all(|(known, first, last)| *known != keyword || (*first..=*last).contains(&self))
    }

    /// As people call it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Four => "draft-04",
            Self::Six => "draft-06",
            Self::Seven => "draft-07",
            Self::Y2019 => "2019-09",
            Self::Y2020 => "2020-12",
        }
    }

    /// The draft that a dialect's URI stands for.
    pub(crate) fn of_dialect(uri: &str) -> Option<Self> {
        DIALECTS.iter().find(|(start, _)| bare(uri).starts_with(start)).map(|(_, draft)| *draft)
    }

    /// Parses what a person writes: `4`, `7`, `2020-12`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "4" | "04" => Some(Self::Four),
            "6" | "06" => Some(Self::Six),
            "7" | "07" => Some(Self::Seven),
            "2019-09" => Some(Self::Y2019),
            "2020-12" => Some(Self::Y2020),
            _ => None, // No draft of that name is read.
        }
    }
}
