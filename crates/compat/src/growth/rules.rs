//! One rule a file: its id, what it says, and whom a breach of it breaks. The table is sorted; a test holds it equal
//! to the pages and the fixtures.

use growset_model::Rule;

use super::promise::Promise;

pub(crate) mod audience_changed;
pub(crate) mod audience_widened;
pub(crate) mod bound_changed;
pub(crate) mod case_removed;
pub(crate) mod case_renamed;
pub(crate) mod closed_enum_grew;
pub(crate) mod closed_union_grew;
pub(crate) mod default_changed;
pub(crate) mod derivation_changed;
pub(crate) mod derived_field_became_optional;
pub(crate) mod derived_field_removed;
pub(crate) mod enum_value_removed;
pub(crate) mod enum_value_renamed;
pub(crate) mod event_removed;
pub(crate) mod event_retired;
pub(crate) mod event_unretired;
pub(crate) mod field_became_derived;
pub(crate) mod field_became_optional;
pub(crate) mod field_became_required;
pub(crate) mod field_removed;
pub(crate) mod field_renamed;
pub(crate) mod format_changed;
pub(crate) mod item_count_changed;
pub(crate) mod length_changed;
pub(crate) mod mapping_changed;
pub(crate) mod max_bytes_lowered;
pub(crate) mod nullability_changed;
pub(crate) mod opaque_changed;
pub(crate) mod openness_changed;
pub(crate) mod package_renamed;
pub(crate) mod pattern_changed;
pub(crate) mod pii_removed;
pub(crate) mod required_field_added;
pub(crate) mod retain_changed;
pub(crate) mod schema_base_changed;
pub(crate) mod stable_became_draft;
pub(crate) mod tag_renamed;
pub(crate) mod terminal_changed;
pub(crate) mod tombstone_removed;
pub(crate) mod tombstone_reused;
pub(crate) mod type_changed;
pub(crate) mod type_extracted;
pub(crate) mod type_inlined;
pub(crate) mod type_renamed;
pub(crate) mod type_replaced;
pub(crate) mod uniqueness_changed;
pub(crate) mod witness_unconfirmed;

/// Every rule that a comparison with a baseline can report, by id.
pub static GROWTH_RULES: &[&Rule] = &[
    &audience_changed::RULE,
    &audience_widened::RULE,
    &bound_changed::RULE,
    &case_removed::RULE,
    &case_renamed::RULE,
    &closed_enum_grew::RULE,
    &closed_union_grew::RULE,
    &default_changed::RULE,
    &derivation_changed::RULE,
    &derived_field_became_optional::RULE,
    &derived_field_removed::RULE,
    &enum_value_removed::RULE,
    &enum_value_renamed::RULE,
    &event_removed::RULE,
    &event_retired::RULE,
    &event_unretired::RULE,
    &field_became_derived::RULE,
    &field_became_optional::RULE,
    &field_became_required::RULE,
    &field_removed::RULE,
    &field_renamed::RULE,
    &format_changed::RULE,
    &item_count_changed::RULE,
    &length_changed::RULE,
    &mapping_changed::RULE,
    &max_bytes_lowered::RULE,
    &nullability_changed::RULE,
    &opaque_changed::RULE,
    &openness_changed::RULE,
    &package_renamed::RULE,
    &pattern_changed::RULE,
    &pii_removed::RULE,
    &required_field_added::RULE,
    &retain_changed::RULE,
    &schema_base_changed::RULE,
    &stable_became_draft::RULE,
    &tag_renamed::RULE,
    &terminal_changed::RULE,
    &tombstone_removed::RULE,
    &tombstone_reused::RULE,
    &type_changed::RULE,
    &type_extracted::RULE,
    &type_inlined::RULE,
    &type_renamed::RULE,
    &type_replaced::RULE,
    &uniqueness_changed::RULE,
    &witness_unconfirmed::RULE,
];

/// Whom it breaks when one value of an enum, or one case of a union, gives way to another.
fn renamed(was_closed: bool, is_closed: bool) -> Vec<Promise> {
    let broken = |promise: &Promise| match promise {
        Promise::OpenPages => was_closed,
        Promise::Replay => is_closed,
        Promise::Publishers => true,
    };
    Promise::ALL.into_iter().filter(broken).collect()
}
