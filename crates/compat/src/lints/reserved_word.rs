//! Names of types that generated code needs for something else.

use growset_model::{Diagnostic, Rule, Severity, hoist};

use crate::context::Context;

pub(crate) const RULE: Rule = Rule {
    id: "reserved-word",
    severity: Severity::Error,
    summary: "a type is called like something that generated code needs",
    lint: false,
};

/// What a type of that name would shadow in generated code, sorted. Other words are escaped by the targets.
const RESERVED: [(&str, &str); 26] = [
    ("AnyEvent", "the union of all events in TypeScript"),
    ("Array", "a global type of TypeScript"),
    ("Boolean", "a global type of TypeScript"),
    ("Box", "a type of Rust's prelude"),
    ("Default", "a trait of Rust's prelude"),
    ("DraftEventMap", "the map of draft events in TypeScript"),
    ("Err", "a name of Rust's prelude"),
    ("Event", "the trait of every payload in Rust, and a global type of TypeScript"),
    ("EventMap", "the map of all events in TypeScript"),
    ("EventName", "the union of all event names in TypeScript"),
    ("None", "a name of Rust's prelude"),
    ("Number", "a global type of TypeScript"),
    ("Object", "a global type of TypeScript"),
    ("Ok", "a name of Rust's prelude"),
    ("Option", "a type of Rust's prelude"),
    ("Promise", "a global type of TypeScript"),
    ("Readonly", "a global type of TypeScript"),
    ("ReadonlyArray", "a global type of TypeScript"),
    ("Record", "a global type of TypeScript"),
    ("Result", "a type of Rust's prelude"),
    ("Self", "a keyword of Rust"),
    ("Some", "a name of Rust's prelude"),
    ("String", "a type of Rust's prelude, and a global type of TypeScript"),
    ("Symbol", "a global type of TypeScript"),
    ("ToString", "a trait of Rust's prelude"),
    ("Vec", "a type of Rust's prelude"),
];

pub(crate) fn check(context: &Context, diagnostics: &mut Vec<Diagnostic>) {
    for (name, place, what) in hoist::type_names(context.catalog) {
        if let Ok(index) = RESERVED.binary_search_by_key(&name.as_str(), |(word, _)| word) {
            let (_, shadowed) = RESERVED[index];
            let message = format!("{what} would be called `{name}` in generated code, which is {shadowed}; rename it");
            diagnostics.push(Diagnostic::new(&RULE, place, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
