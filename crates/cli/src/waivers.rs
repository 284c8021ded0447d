//! Takes waivers out of `contracts/waivers.yaml` once the lock holds what they waived. What is around them stays.

use crate::error::CliError;
use crate::lock_file;
use crate::project::Project;

/// Removes the waivers of these findings.
pub(crate) fn remove<'a>(project: &Project, fingerprints: impl Iterator<Item = &'a str>) -> Result<(), CliError> {
    let gone: Vec<&str> = fingerprints.collect();
    if gone.is_empty() {
        return Ok(());
    }
    let path = project.contracts.join("waivers.yaml");
    let bytes = std::fs::read(&path).map_err(CliError::disk("read", &path))?;
    let input = growset_syntax::Input { path: "waivers.yaml".to_owned(), shown: String::new(), bytes: bytes.clone() };
    let text = String::from_utf8_lossy(&bytes);
    let reading = growset_syntax::read(vec![input]);
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for waiver in reading.waivers.iter().filter(|waiver| gone.contains(&waiver.fingerprint.as_str())) {
        let range = waiver.place.range();
        let start = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let used = text.get(..range.end).map_or(range.end, |before| before.trim_end().len());
        let end = text.get(used..).and_then(|after| after.find('\n')).map_or(text.len(), |end| used + end + 1);
        kept.push_str(text.get(from..start).unwrap_or_default());
        from = end.max(from);
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    lock_file::replace(&path, &kept)
}
