//! The catalog of this repository, which is the largest real input at hand.

use std::path::Path;

use crate::show::report;

#[test]
fn the_contracts_of_this_repository_are_read_without_a_complaint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let reading = growset_syntax::read(crate::show::folder(&root));
    assert_eq!(report(&reading), "");
    assert!(reading.catalog.events.len() > 10);
}
