//! The guides and the pages of the rules, embedded by the build script.

/// Every page: its path below `pages/`, and its text. In order of path.
const ALL: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The guides, by file name.
pub(crate) fn guides() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().copied().filter(|(page, _)| !page.starts_with("rules/"))
}

/// The page of a rule.
pub(crate) fn of_rule(id: &str) -> Option<&'static str> {
    let name = format!("rules/{id}.md");
    ALL.binary_search_by(|(page, _)| (*page).cmp(&name)).ok().map(|index| ALL[index].1)
}

/// The ids that have a page, in order.
pub fn rule_ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().filter_map(|(page, _)| page.strip_prefix("rules/")?.strip_suffix(".md"))
}
