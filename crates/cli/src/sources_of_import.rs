//! Reads the files that an import is handed. Folders hold other things as well; a file that is named is meant.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use growset_import::{Document, Done, Loss, Refusal};
use growset_model::strict::{self, Strict};
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
    /// What reading already left out.
    pub losses: Vec<Loss>,
    /// Files in a folder that hold something else.
    pub passed_over: Vec<String>,
    /// Files in a folder that are not named like schemas, and do not say that they are some.
    pub misnamed: Vec<String>,
    /// What is looked for, in words.
    pub wanted: &'static str,
}

/// Why a file is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// It was named: it is meant.
    Named,
    /// It stands in a folder, and is named like a schema.
    Likely,
    /// It stands in a folder, and may be a schema all the same.
    Perhaps,
}

/// Reads every file that is named, and every one below the folders that are, where they are what is wanted.
pub fn read(paths: &[PathBuf], is_wanted: fn(&Value) -> bool, console: &Console) -> Found {
    let mut found = Found { wanted: "JSON Schema", ..Found::default() };
    let mut files: Vec<(PathBuf, Why)> = Vec::new();
    for path in paths {
        let path = console.directory.join(path);
        if path.is_dir() {
            found.enter(&path, &mut Vec::new(), &mut files, console);
        } else {
            files.push((path, Why::Named));
        }
    }
    files.sort();
    files.dedup_by(|right, left| right.0 == left.0);
    if files.len() > MOST_FILES {
        let message = format!("{} files are more than {MOST_FILES}; import a folder at a time", files.len());
        found.refuse(".".to_owned(), message);
        return found;
    }
    for (path, why) in files {
        found.add(&path, why, is_wanted, shown_from(&console.directory, &path));
    }
    found
}

impl Found {
    fn refuse(&mut self, file: String, message: String) {
        self.refusals.push(Refusal { file, pointer: String::new(), message });
    }

    /// Notes every file below a folder that is named like a schema.
    fn enter(&mut self, folder: &Path, above: &mut Vec<PathBuf>, files: &mut Vec<(PathBuf, Why)>, console: &Console) {
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
                Ok(metadata) if metadata.is_file() && is_schema => files.push((path, Why::Likely)),
                Ok(metadata) if metadata.is_file() && starts_like_json(&path) => files.push((path, Why::Perhaps)),
                Ok(_) => self.misnamed.push(shown_from(&console.directory, &path)),
                Err(cause) if is_schema => {
                    let shown = shown_from(&console.directory, &path);
                    self.refuse(shown, format!("cannot be read: {}", plain(&cause)));
                }
                Err(_) => {} // A link that leads nowhere, and is not named like a schema.
            }
        }
        above.pop();
    }

    /// A key that stands twice is an error, unless it says the same each time.
    fn tell_duplicates(&mut self, shown: &str, Strict { duplicates, conflicts, .. }: &Strict) {
        for pointer in conflicts.iter().collect::<BTreeSet<_>>() {
            let message = "this key stands twice with two values; leave one of them out".to_owned();
            self.refusals.push(Refusal { file: shown.to_owned(), pointer: pointer.clone(), message });
        }
        for pointer in duplicates.iter().filter(|pointer| !conflicts.contains(pointer)).collect::<BTreeSet<_>>() {
            self.losses.push(Loss {
                file: shown.to_owned(),
                pointer: pointer.clone(),
                construct: pointer.rsplit('/').next().unwrap_or_default().to_owned(),
                done: Done::Dropped,
                note: "stands several times with one value, which counts once".to_owned(),
                count: 1,
                leaves_nothing: false,
            });
        }
    }

    fn add(&mut self, path: &Path, why: Why, is_wanted: fn(&Value) -> bool, shown: String) {
        let text = match text(path) {
            Ok(text) => text,
            Err(_) if why == Why::Perhaps => return self.misnamed.push(shown),
            Err(cause) => return self.refuse(shown, format!("cannot be read: {}", plain(&cause))),
        };
        let parsed = if is_yaml(&shown) {
            let value = growset_syntax::json_of_yaml(&text);
            let value = value.map_err(|message| (String::new(), format!("is no YAML: {message}")));
            value.map(|value| Strict { value, duplicates: Vec::new(), conflicts: Vec::new() })
        } else {
            let text = text.trim_start_matches('\u{feff}');
            strict::parse(text.as_bytes())
                .map_err(|fault| (fault.pointer.clone(), format!("cannot be read as JSON: {fault}")))
        };
        match parsed {
            Ok(strict) if why == Why::Perhaps && strict.value.get("$schema").is_none() => self.misnamed.push(shown),
            Err(_) if why == Why::Perhaps => self.misnamed.push(shown),
            Ok(strict) if is_wanted(&strict.value) => {
                self.tell_duplicates(&shown, &strict);
                if strict.conflicts.is_empty() {
                    self.documents.push(Document { path: shown, value: strict.value });
                }
            }
            Ok(_) if why == Why::Named => self.refuse(shown, "can be read, but is no schema".to_owned()),
            Ok(_) => self.passed_over.push(shown),
            Err((pointer, message)) => self.refusals.push(Refusal { file: shown, pointer, message }),
        }
    }
}

fn is_yaml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Whether a file begins with a brace, as every schema in JSON does.
fn starts_like_json(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    let start = String::from_utf8_lossy(&start);
    read.is_ok() && start.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// `order.json`, `order.jsonschema`, and `1-0-2`, as registries of schemas name their files.
fn is_named_like_a_schema(name: &str) -> bool {
    let name = &*name.to_ascii_lowercase();
    let is_version = name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character.is_ascii_digit() || character == '-');
    [".json", ".jsonschema", ".schema"].iter().any(|ending| name.ends_with(ending)) || is_yaml(name) || is_version
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let length = File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if length as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it is larger than {} MiB", MOST_BYTES >> 20)));
    }
    Ok(text)
}
