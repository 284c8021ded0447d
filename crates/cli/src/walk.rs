//! Going through folders without being led in circles. Does not know what is looked for.

use std::io;
use std::path::{Path, PathBuf};

/// Folders inside each other. Deeper ones are a mistake, and a guard against a file system that never ends.
const DEEPEST_FOLDER: usize = 32;

/// The entries of a folder in order. Notes it as one that is being walked: pop it from `above` when that is done.
pub(crate) fn enter(folder: &Path, above: &mut Vec<PathBuf>) -> io::Result<Vec<PathBuf>> {
    let real = folder.canonicalize()?;
    if above.contains(&real) {
        return Err(io::Error::other("this link leads back to a folder that holds it; remove the link"));
    }
    if above.len() > DEEPEST_FOLDER {
        return Err(io::Error::other(format!("folders are nested deeper than {DEEPEST_FOLDER}; flatten them")));
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    above.push(real);
    Ok(entries)
}

/// The cause without the number of the operating system, which differs between systems: `permission denied`.
pub(crate) fn plain(cause: &io::Error) -> String {
    let text = cause.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = words.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}
