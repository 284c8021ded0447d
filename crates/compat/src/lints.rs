//! The table of rules. One rule, one file, one sorted line.

use growset_model::{Diagnostic, Rule};

use crate::context::Context;

mod contradictory_bounds;
mod deprecated_without_successor;
mod derived_mismatch;
mod file_name_mismatch;
mod invalid_example;
mod invalid_json_schema;
mod mapping_incomplete;
mod mapping_mismatch;
mod missing_doc;
mod missing_example;
mod missing_owner;
mod name_collision;
mod name_style;
mod opaque_schema;
mod pattern_unanchored;
mod pii_on_public;
mod reserved_word;
mod retain_mismatch;
mod successor_circle;
mod type_uninhabited;
mod unknown_lint;
mod unused_type;
mod whole_object;

/// A rule and how it is checked.
pub(crate) struct Lint {
    pub(crate) rule: &'static Rule,
    pub(crate) check: fn(&Context, &mut Vec<Diagnostic>),
}

/// Every rule over a catalog, sorted by id.
pub(crate) const LINTS: &[Lint] = &[
    Lint { rule: &contradictory_bounds::RULE, check: contradictory_bounds::check },
    Lint { rule: &deprecated_without_successor::RULE, check: deprecated_without_successor::check },
    Lint { rule: &derived_mismatch::RULE, check: derived_mismatch::check },
    Lint { rule: &file_name_mismatch::RULE, check: file_name_mismatch::check },
    Lint { rule: &invalid_example::RULE, check: invalid_example::check },
    Lint { rule: &invalid_json_schema::RULE, check: invalid_json_schema::check },
    Lint { rule: &mapping_incomplete::RULE, check: mapping_incomplete::check },
    Lint { rule: &mapping_mismatch::RULE, check: mapping_mismatch::check },
    Lint { rule: &missing_doc::RULE, check: missing_doc::check },
    Lint { rule: &missing_example::RULE, check: missing_example::check },
    Lint { rule: &missing_owner::RULE, check: missing_owner::check },
    Lint { rule: &name_collision::RULE, check: name_collision::check },
    Lint { rule: &name_style::RULE, check: name_style::check },
    Lint { rule: &opaque_schema::RULE, check: opaque_schema::check },
    Lint { rule: &pattern_unanchored::RULE, check: pattern_unanchored::check },
    Lint { rule: &pii_on_public::RULE, check: pii_on_public::check },
    Lint { rule: &reserved_word::RULE, check: reserved_word::check },
    Lint { rule: &retain_mismatch::RULE, check: retain_mismatch::check },
    Lint { rule: &successor_circle::RULE, check: successor_circle::check },
    Lint { rule: &type_uninhabited::RULE, check: type_uninhabited::check },
    Lint { rule: &unknown_lint::RULE, check: unknown_lint::check },
    Lint { rule: &unused_type::RULE, check: unused_type::check },
    Lint { rule: &whole_object::RULE, check: whole_object::check },
];

/// The rules of the table.
pub(crate) const fn rules() -> [&'static Rule; LINTS.len()] {
    let mut rules = [LINTS[0].rule; LINTS.len()];
    let mut index = 0;
    while index < LINTS.len() {
        rules[index] = LINTS[index].rule;
        index += 1;
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_ids_are_kebab_case() {
        assert!(LINTS.is_sorted_by(|left, right| left.rule.id < right.rule.id));
        for lint in LINTS {
            let id = lint.rule.id;
            assert!(id.chars().all(|character| character.is_ascii_lowercase() || character == '-'), "{id}");
        }
    }
}
