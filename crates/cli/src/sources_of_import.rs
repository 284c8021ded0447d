//! Reads the files that an import is handed. Folders hold other things as well; a file that is named is meant.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use growset_import::{Document, Refusal};
use serde_json::Value;

use crate::console::Console;
use crate::project::shown_from;
use crate::walk::{self, plain};

/// Schemas that people write are far smaller.
const MOST_BYTES: u64 = 16 << 20;
const MOST_FILES: usize = 20_000;

/// What was read, and what could not be.
#[derive(Default)]
pub struct Found {
    /// In order of path.
    pub documents: Vec<Document>,
    /// Why a file is no document.
    pub refusals: Vec<Refusal>,
    /// Files in a folder that hold something else.
    pub passed_over: Vec<String>,
}

/// Reads every file that is named, and every one below the folders that are, where they are what is wanted.
pub fn read(paths: &[PathBuf], is_wanted: fn(&Value) -> bool, console: &Console) -> Found {
    let mut found = Found::default();
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    for path in paths {
        let path = console.directory.join(path);
        if path.is_dir() {
            found.enter(&path, &mut Vec::new(), &mut files, console);
        } else {
            files.push((path, true));
        }
    }
    files.sort();
    files.dedup_by(|right, left| right.0 == left.0);
    if files.len() > MOST_FILES {
        let message = format!("{} files are more than {MOST_FILES}; import a folder at a time", files.len());
        found.refuse(".".to_owned(), message);
        return found;
    }
    for (path, is_named) in files {
        found.add(&path, is_named, is_wanted, shown_from(&console.directory, &path));
    }
    found
}

impl Found {
    fn refuse(&mut self, file: String, message: String) {
        self.refusals.push(Refusal { file, pointer: String::new(), message });
    }

    /// Notes every file below a folder that is named like a schema.
    fn enter(&mut self, folder: &Path, above: &mut Vec<PathBuf>, files: &mut Vec<(PathBuf, bool)>, console: &Console) {
        let entries = match walk::enter(folder, above) {
            Ok(entries) => entries,
            Err(cause) => {
                let shown = shown_from(&console.directory, folder);
                return self.refuse(shown, format!("cannot be read: {}", plain(&cause)));
            }
        };
        for path in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let is_schema = is_named_like_a_schema(&name);
            match path.metadata() {
                Ok(metadata) if metadata.is_dir() => self.enter(&path, above, files, console),
                Ok(metadata) if metadata.is_file() && is_schema => files.push((path, false)),
                Ok(_) => {} // Nothing that holds a schema.
                Err(cause) if is_schema => {
                    let shown = shown_from(&console.directory, &path);
                    self.refuse(shown, format!("cannot be read: {}", plain(&cause)));
                }
                Err(_) => {} // A link that leads nowhere, and is not named like a schema.
            }
        }
        above.pop();
    }

    fn add(&mut self, path: &Path, is_named: bool, is_wanted: fn(&Value) -> bool, shown: String) {
        let text = match text(path) {
            Ok(text) => text,
            Err(cause) => return self.refuse(shown, format!("cannot be read: {}", plain(&cause))),
        };
        let parsed = if is_yaml(&shown) {
            growset_syntax::json_of_yaml(&text).map_err(|message| format!("is no YAML: {message}"))
        } else {
            serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
                .map_err(|error| format!("is no JSON: {error}"))
        };
        match parsed {
            Ok(value) if is_wanted(&value) => self.documents.push(Document { path: shown, value }),
            Ok(_) if is_named => self.refuse(shown, "can be read, but is no schema".to_owned()),
            Ok(_) => self.passed_over.push(shown),
            Err(message) => self.refuse(shown, message),
        }
    }
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// `order.json`, `order.jsonschema`, and `1-0-2`, as registries of schemas name their files.
fn is_named_like_a_schema(name: &str) -> bool {
    let is_version = name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character.is_ascii_digit() || character == '-');
    name.ends_with(".json") || name.ends_with(".jsonschema") || is_yaml(name) || is_version
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let length = File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if length as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it is larger than {} MiB", MOST_BYTES >> 20)));
    }
    Ok(text)
}
