//! The one place that knows typify: the Rust type of each field.
//!
//! typify gets plain records alone, under names of our own, with objects open and without bounds; every enum, union,
//! record and named type it meets is a reference that it is told to replace by a path. What it would otherwise get
//! wrong (tags, constants, sanitised names, `Option` for what is absent and null) never reaches it. It uses
//! schemars 0.8, which is why that version is here too.

use std::collections::BTreeMap;

use schemars08::schema::{
    ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SingleOrVec, SubschemaValidation,
};
use typify::{TypeDetails, TypeSpace, TypeSpaceSettings};

use growset_model::{Bounds, Type, TypeKind};

use crate::CodegenError;

/// A record whose field types are wanted.
pub(super) struct Wanted<'a> {
    /// For messages.
    pub(super) name: &'a str,
    /// Of each field, in order, and whether what it names has to be boxed.
    pub(super) types: Vec<(&'a Type, bool)>,
    /// How to speak of a type that has a path: named, inline enum, record or union, or a text of a known form.
    pub(super) path: &'a dyn Fn(&Type) -> String,
}

/// The Rust types of every record's fields, in order.
pub(super) fn rust_types(records: &[Wanted]) -> Result<Vec<Vec<String>>, CodegenError> {
    let mut references = References::default();
    let mut definitions = Vec::new();
    for (number, record) in records.iter().enumerate().filter(|(_, record)| !record.types.is_empty()) {
        definitions.push((record_key(number), references.record(record)));
    }
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    for (path, key) in &references.keys {
        settings.with_replacement(key, path, std::iter::empty());
        definitions.push((key.clone(), Schema::Bool(true)));
    }
    let failed = |reason: String| {
        let what = records.iter().map(|record| record.name).collect::<Vec<_>>().join(", ");
        CodegenError::Record { what, reason }
    };
    let mut space = TypeSpace::new(&settings);
    space.add_ref_types(definitions).map_err(|error| failed(error.to_string()))?;
    let mut found = field_types(&space);
    let types = records.iter().enumerate().map(|(number, record)| {
        if record.types.is_empty() {
            return Ok(Vec::new());
        }
        let types = found.remove(&record_key(number)).unwrap_or_default();
        if types.len() == record.types.len() { Ok(types) } else { Err(failed("fields are missing".to_owned())) }
    });
    types.collect()
}

/// By record key; fields in order, which their keys keep.
fn field_types(space: &TypeSpace) -> BTreeMap<String, Vec<String>> {
    let mut texts = BTreeMap::new();
    let mut records = BTreeMap::new();
    for ty in space.iter_types() {
        let TypeDetails::Struct(record) = ty.details() else {
            continue;
        };
        let fields: BTreeMap<&str, String> = record
            .properties()
            .filter_map(|(key, id)| {
                let ty = space.get_type(&id).ok()?;
                let text = texts.entry(id).or_insert_with(|| tidy(&ty.ident().to_string()));
                Some((key, text.clone()))
            })
            .collect();
        records.insert(ty.name(), fields.into_values().collect());
    }
    records
}

/// typify's tokens as people write them.
fn tidy(tokens: &str) -> String {
    let mut text: String = tokens.chars().filter(|character| !character.is_whitespace()).collect();
    for (long, short) in [
        ("::std::string::String", "String"),
        ("::std::vec::Vec<", "Vec<"),
        ("::std::option::Option<", "Option<"),
        ("::std::boxed::Box<", "Box<"),
        ("::std::collections::", "std::collections::"),
        ("::serde_json::", "serde_json::"),
        (",", ", "),
    ] {
        text = text.replace(long, short);
    }
    text
}

/// Keys that typify's own spelling leaves alone.
fn record_key(number: usize) -> String {
    format!("R{number:06}")
}

/// The paths that stand for references, each under a key.
#[derive(Default)]
struct References {
    keys: BTreeMap<String, String>,
}

impl References {
    fn record(&mut self, record: &Wanted) -> Schema {
        let mut object = ObjectValidation::default();
        for (number, &(ty, boxed)) in record.types.iter().enumerate() {
            let key = format!("f{number:06}");
            object.properties.insert(key.clone(), self.schema(ty, boxed, record.path));
            // Whether a field may be absent is none of typify's business: it would make an absent list an empty one.
            object.required.insert(key);
        }
        of_type(InstanceType::Object, SchemaObject { object: Some(Box::new(object)), ..SchemaObject::default() })
    }

    fn schema(&mut self, ty: &Type, boxed: bool, path: &dyn Fn(&Type) -> String) -> Schema {
        let plain = |instance_type| of_type(instance_type, SchemaObject::default());
        match &ty.kind {
            TypeKind::Text(_) => plain(InstanceType::String),
            TypeKind::Boolean => plain(InstanceType::Boolean),
            TypeKind::Number(_) => plain(InstanceType::Number),
            TypeKind::Integer(bounds) => of_type(
                InstanceType::Integer,
                SchemaObject { format: Some(integer_format(bounds).to_owned()), ..SchemaObject::default() },
            ),
            TypeKind::Json | TypeKind::Opaque(_) => Schema::Bool(true),
            TypeKind::List(list) => {
                let items = Some(SingleOrVec::Single(Box::new(self.schema(&list.items, false, path))));
                let array = Some(Box::new(ArrayValidation { items, ..ArrayValidation::default() }));
                of_type(InstanceType::Array, SchemaObject { array, ..SchemaObject::default() })
            }
            TypeKind::Map(values) => {
                let values = Some(Box::new(self.schema(values, false, path)));
                let object =
                    Some(Box::new(ObjectValidation { additional_properties: values, ..ObjectValidation::default() }));
                of_type(InstanceType::Object, SchemaObject { object, ..SchemaObject::default() })
            }
            TypeKind::Nullable(inner) => {
                let one_of = Some(vec![self.schema(inner, boxed, path), plain(InstanceType::Null)]);
                let subschemas = Some(Box::new(SubschemaValidation { one_of, ..SubschemaValidation::default() }));
                SchemaObject { subschemas, ..SchemaObject::default() }.into()
            }
            TypeKind::Named(_) | TypeKind::Format(_) | TypeKind::Enum(_) | TypeKind::Record(_) | TypeKind::Union(_) => {
                self.reference(path(ty), boxed)
            }
        }
    }

    fn reference(&mut self, path: String, boxed: bool) -> Schema {
        let path = if boxed { format!("Box<{path}>") } else { path };
        let next = self.keys.len();
        let key = self.keys.entry(path).or_insert_with(|| format!("T{next:06}"));
        SchemaObject { reference: Some(format!("#/$defs/{key}")), ..SchemaObject::default() }.into()
    }
}

fn of_type(instance_type: InstanceType, schema: SchemaObject) -> Schema {
    SchemaObject { instance_type: Some(SingleOrVec::Single(Box::new(instance_type))), ..schema }.into()
}

/// The smallest of four that fits.
fn integer_format(bounds: &Bounds<i64>) -> &'static str {
    let (least, greatest) = (bounds.least(), bounds.greatest());
    if least >= 0 && greatest <= i64::from(u32::MAX) {
        "uint32"
    } else if least >= i64::from(i32::MIN) && greatest <= i64::from(i32::MAX) {
        "int32"
    } else if least >= 0 {
        "uint64"
    } else {
        "int64"
    }
}
