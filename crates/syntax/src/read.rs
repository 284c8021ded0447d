//! From source texts to the catalog: decode, parse, gather names, lower, merge. Every step goes on past every problem.

use growset_model::{Catalog, Diagnostic, FileId, NamePolicy, Place, Settings, Sources, Waiver};
use rayon::prelude::*;

use crate::lower::{Lowering, fallback_settings, lower_settings};
use crate::merge::{Part, merge};
use crate::names::KnownNames;
use crate::rules;
use crate::yaml::{self, Document};

/// Larger files are no contracts.
const LARGEST: usize = 1 << 20;

/// One file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Below the contracts folder, with `/` between segments.
    pub path: String,
    /// As diagnostics show it.
    pub shown: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What the files came to.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Everything that could be read, with `json` for types that could not.
    pub catalog: Catalog,
    /// The texts that every place refers to.
    pub sources: Sources,
    /// From `waivers.yaml`, in its order.
    pub waivers: Vec<Waiver>,
    /// By file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a file is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Settings,
    Types,
    Event,
    Waivers,
    /// A reserved name in a folder where it means nothing.
    Misplaced,
}

/// A file whose text is in the sources.
struct File {
    id: FileId,
    path: String,
    shown: String,
    kind: Kind,
    text: std::sync::Arc<str>,
    decoded: bool,
}

/// Reads every file, and reports every problem of every file in one pass.
pub fn read(mut inputs: Vec<Input>) -> Reading {
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let files: Vec<File> = inputs.into_iter().map(|input| decode(input, &mut sources, &mut diagnostics)).collect();
    let mut documents: Vec<Document> = files.par_iter().map(parse).collect();
    for document in &mut documents {
        diagnostics.append(&mut document.diagnostics);
    }
    let names = known_names(&files, &documents);
    let settings = settings(&files, &documents, &names, &mut diagnostics);
    let lowered: Vec<(Part, Vec<Diagnostic>)> = files
        .par_iter()
        .zip(documents)
        // Each tree goes away as soon as it is read: together they weigh more than the catalog.
        .map(|(file, document)| lower(file, &document, &names, &settings.names))
        .collect();
    let mut parts = Vec::with_capacity(lowered.len());
    for (part, mut found) in lowered {
        parts.push(part);
        diagnostics.append(&mut found);
    }
    let waivers = parts.iter_mut().flat_map(take_waivers).collect();
    let catalog = merge(settings, parts, &mut diagnostics);
    diagnostics.sort_by(|a, b| (a.place, a.rule.id).cmp(&(b.place, b.rule.id)));
    Reading { catalog, sources, waivers, diagnostics }
}

/// Turns bytes into a source text. What cannot be decoded keeps its beginning, so that the place can be shown.
fn decode(input: Input, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>) -> File {
    let kind = kind(&input.path);
    let problem = if input.bytes.len() > LARGEST {
        let cut = input.bytes.get(..120).unwrap_or_default();
        let text = String::from_utf8_lossy(cut).lines().next().unwrap_or("").to_owned();
        // Whoever read the file may have stopped past the limit, so that its whole size is not known here.
        let message = format!("the file is larger than a contract may be ({LARGEST} bytes); split it");
        Err((text, &rules::FILE_TOO_LARGE, 0, message, "starts here"))
    } else {
        String::from_utf8(input.bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let hint = if error.as_bytes().starts_with(&[0xff, 0xfe]) || error.as_bytes().starts_with(&[0xfe, 0xff]) {
                "the file is UTF-16; save it as UTF-8".to_owned()
            } else {
                format!("byte {} is not UTF-8; save the file as UTF-8", at + 1)
            };
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), &rules::NOT_UTF8, at, hint, "not UTF-8")
        })
    };
    let decoded = problem.is_ok();
    let (text, report) = match problem {
        Ok(text) => (text, None),
        Err((text, rule, at, message, label)) => (text, Some((rule, at, message, label))),
    };
    let id = sources.add(input.shown.clone(), text);
    let text = sources.file(id).map_or_else(|| "".into(), |source| source.text.clone());
    if let Some((rule, at, message, label)) = report {
        // What is not UTF-8 became U+FFFD; the caret covers it.
        let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        diagnostics.push(Diagnostic::new(rule, Place::new(id, at..at + width), message).label(label));
    }
    if kind == Kind::Misplaced {
        let message =
            "this file name is reserved for the top of the contracts folder; move the file there, or rename it";
        diagnostics.push(Diagnostic::new(&rules::INVALID_NAME, Place::new(id, 0..0), message));
    }
    File { id, path: input.path, shown: input.shown, kind, text, decoded }
}

fn kind(path: &str) -> Kind {
    let name = path.rsplit('/').next().unwrap_or(path);
    match (stem(path), name == path) {
        ("growset", true) => Kind::Settings,
        ("waivers", true) => Kind::Waivers,
        ("growset" | "waivers", false) => Kind::Misplaced,
        (stem, _) if stem.ends_with(".types") => Kind::Types,
        _ => Kind::Event, // Every other name is an event's.
    }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}

fn parse(file: &File) -> Document {
    match file.kind {
        Kind::Settings | Kind::Types | Kind::Event | Kind::Waivers if file.decoded => yaml::parse(file.id, &file.text),
        Kind::Settings | Kind::Types | Kind::Event | Kind::Waivers | Kind::Misplaced => Document::unread(),
    }
}

fn known_names(files: &[File], documents: &[Document]) -> KnownNames {
    let mut names = KnownNames::default();
    for (file, document) in files.iter().zip(documents) {
        match file.kind {
            Kind::Event => names.add_event(document.root.as_ref(), stem(&file.path)),
            Kind::Types => names.add_types(document.root.as_ref()),
            Kind::Settings | Kind::Waivers | Kind::Misplaced => {}
        }
    }
    names
}

fn settings(files: &[File], documents: &[Document], names: &KnownNames, diagnostics: &mut Vec<Diagnostic>) -> Settings {
    let found = files.iter().zip(documents).find(|(file, _)| file.kind == Kind::Settings);
    let Some((file, document)) = found else {
        let message = "the contracts folder has no `growset.yaml`; add one that starts with `growset: 1`";
        let diagnostic = Diagnostic::new(&rules::CATALOG_FILE_MISSING, Place::NOWHERE, message);
        diagnostics.push(diagnostic.help("`growset init` writes one"));
        return fallback_settings();
    };
    let Some(root) = &document.root else {
        refuse_empty(file, document, diagnostics);
        return fallback_settings();
    };
    let mut lowering = Lowering::new(file.id, &file.text, names, &NamePolicy::Dotted);
    let settings = lower_settings(&mut lowering, root, &file.shown);
    diagnostics.append(&mut lowering.diagnostics);
    settings
}

fn lower(file: &File, document: &Document, names: &KnownNames, policy: &NamePolicy) -> (Part, Vec<Diagnostic>) {
    let mut lowering = Lowering::new(file.id, &file.text, names, policy);
    let part = match (file.kind, &document.root) {
        (Kind::Types, Some(root)) => Part::Types(lowering.lower_types(root, &file.shown)),
        (Kind::Event, Some(root)) => {
            let event = lowering.lower_event(root, &file.path, stem(&file.path), &file.shown);
            Part::Event(event.map(Box::new))
        }
        (Kind::Waivers, Some(root)) => Part::Waivers(lowering.lower_waivers(root, &file.shown)),
        (Kind::Types | Kind::Event, None) => {
            refuse_empty(file, document, &mut lowering.diagnostics);
            Part::Nothing
        }
        (Kind::Settings | Kind::Misplaced, _) | (Kind::Waivers, None) => Part::Nothing,
    };
    (part, lowering.diagnostics)
}

fn take_waivers(part: &mut Part) -> Vec<Waiver> {
    if let Part::Waivers(waivers) = part { std::mem::take(waivers) } else { Vec::new() }
}

/// A file that was read to its end and holds nothing. A broken one has its report already.
fn refuse_empty(file: &File, document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    if document.whole {
        let message = "the file is empty; write the contract, or remove the file";
        diagnostics
            .push(Diagnostic::new(&rules::WRONG_SHAPE, Place::new(file.id, 0..0), message).label("nothing here"));
    }
}
