//! How a type is spelled where it is used. No global of TypeScript's library is named, since a contract may take its
//! name: `Record` and `Array` are fine names for types.

use growset_model::{Type, TypeKind};

use crate::Names;
use crate::escape::javascript;

/// A type expression.
pub(super) fn type_text(names: &Names, ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Text(_) => "string".to_owned(),
        TypeKind::Format(format) => format.as_str().to_owned(),
        TypeKind::Boolean => "boolean".to_owned(),
        TypeKind::Integer(_) | TypeKind::Number(_) => "number".to_owned(),
        TypeKind::Json | TypeKind::Opaque(_) => "unknown".to_owned(),
        TypeKind::List(list) => {
            let items = type_text(names, &list.items);
            let is_compound = matches!(list.items.kind, TypeKind::Nullable(_) | TypeKind::List(_));
            if is_compound { format!("readonly ({items})[]") } else { format!("readonly {items}[]") }
        }
        // Not `Record`: an alias may not reach itself through one.
        TypeKind::Map(values) => format!("{{ readonly [key: string]: {} }}", type_text(names, values)),
        TypeKind::Nullable(inner) => format!("{} | null", type_text(names, inner)),
        TypeKind::Named(name) => javascript::type_identifier(name.as_str()),
        // Every inline one has a name; `unknown` would still be true.
        TypeKind::Enum(_) | TypeKind::Record(_) | TypeKind::Union(_) => {
            names.inline(ty).map_or_else(|| "unknown".to_owned(), javascript::type_identifier)
        }
    }
}
