//! From a contracts folder to a catalog and everything that is wrong with it.

use std::collections::BTreeMap;

use growset_model::lock::Lock;
use growset_model::{Catalog, Diagnostic, Place, Rule, Severity, Sources, Waiver};
use growset_syntax::{CATALOG_FILE_MISSING, Input, UNREADABLE_FILE};

use crate::comparison::Growth;
use crate::error::CliError;
use crate::lock_file::{self, LockText};
use crate::project::Project;
use crate::reading::{self, Folder};
use crate::rules;

/// Every rule that a command can report, by id: of the reader, of the catalog, of its growth.
pub fn all_rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> =
        [growset_syntax::RULES, growset_compat::RULES, growset_compat::growth::GROWTH_RULES, rules::RULES].concat();
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The catalog as far as it could be understood, and what is wrong with it.
pub(crate) struct Checked {
    /// Whole only when nothing is an error.
    pub catalog: Catalog,
    /// What the places refer to.
    pub sources: Sources,
    /// What was released.
    pub lock: Lock,
    /// The breaks that a team decided to make.
    pub waivers: Vec<Waiver>,
    /// The comparison with what was released, once it was made.
    pub growth: Option<Growth>,
    /// Every contract could be read, whatever is to be said of it.
    pub is_readable: bool,
    /// In order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Files that were not read because of their name.
    pub misnamed: Vec<String>,
    /// The path below the contracts folder of every file, by the path that is shown.
    below: BTreeMap<String, String>,
}

impl Checked {
    /// The sources under names that do not depend on where the command was started: what is generated has to be the
    /// same everywhere.
    pub(crate) fn sources_by_contract(&self) -> Sources {
        let mut sources = Sources::default();
        for (_, source) in self.sources.files() {
            let below = self.below.get(&source.path).unwrap_or(&source.path);
            sources.add(format!("contracts/{below}"), source.text.clone());
        }
        sources
    }

    /// Nothing is an error.
    pub(crate) fn is_valid(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// Brings the diagnostics into the order of file and place.
    pub(crate) fn sort(&mut self) {
        let sources = &self.sources;
        self.diagnostics.sort_by_cached_key(|diagnostic| {
            let path = diagnostic.place.file().and_then(|file| sources.file(file)).map(|file| file.path.clone());
            let range = diagnostic.place.range();
            (path, range.start, range.end, diagnostic.severity, diagnostic.rule.id, diagnostic.message.clone())
        });
    }

    /// How many diagnostics weigh that much.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// Reads and judges the contracts of a project.
pub(crate) fn check(project: &Project) -> Result<Checked, CliError> {
    let mut checked = judge_contracts(reading::contracts(project)?);
    // Read last, so that a large lock does not lie beside the trees of every contract.
    take_lock(&mut checked, lock_file::read(project)?);
    Ok(checked)
}

/// Judges what was read.
pub(crate) fn judge(mut folder: Folder) -> Checked {
    let lock = std::mem::take(&mut folder.lock);
    let mut checked = judge_contracts(folder);
    take_lock(&mut checked, lock);
    checked
}

fn take_lock(checked: &mut Checked, lock: LockText) {
    checked.lock = lock_file::parse(lock, &mut checked.sources, &mut checked.diagnostics);
    checked.sort();
}

/// Judges all but the lock.
fn judge_contracts(folder: Folder) -> Checked {
    let Folder { inputs, unreadable, misnamed, lock: _ } = folder;
    let mut checked = judge_texts(inputs);
    // A file that is there and cannot be read is not missing.
    if unreadable.iter().any(|file| file.is_settings) {
        checked.diagnostics.retain(|diagnostic| diagnostic.rule.id != CATALOG_FILE_MISSING.id);
    }
    if !unreadable.is_empty() {
        // Advice would speak of what only an unreadable file says.
        checked.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    }
    for file in unreadable {
        let place = Place::new(checked.sources.add(file.shown.clone(), ""), 0..0);
        let message = format!("cannot read {}: {}", file.shown, file.cause);
        checked.diagnostics.push(Diagnostic::new(&UNREADABLE_FILE, place, message));
        checked.is_readable = false;
    }
    checked.misnamed = misnamed;
    checked
}

/// Advice waits until the contracts can be read: beside an error it may be a mere consequence of what is missing.
fn judge_texts(inputs: Vec<Input>) -> Checked {
    let below = inputs.iter().map(|input| (input.shown.clone(), input.path.clone())).collect();
    let reading = growset_syntax::read(inputs);
    let readable = reading.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    let mut diagnostics = reading.diagnostics;
    let mut lints = growset_compat::lint(&reading.catalog, growset_derive::BUILT_IN, &all_rules());
    growset_syntax::move_carets(&reading.sources, &mut lints);
    diagnostics.extend(lints.into_iter().filter(|lint| readable || lint.severity == Severity::Error));
    Checked {
        catalog: reading.catalog,
        sources: reading.sources,
        lock: Lock::default(),
        waivers: reading.waivers,
        growth: None,
        is_readable: readable,
        diagnostics,
        misnamed: Vec::new(),
        below,
    }
}
