//! What contracts are compared with: the lock, or what `--against` names.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use growset_compat::growth::{Baseline, Revision};
use growset_model::lock::Lock;
use growset_model::{Catalog, EventName, NamedType, RustPackage, Settings, Severity, Sources, TypeName, serial};

use crate::check;
use crate::error::CliError;
use crate::git::{Absence, Repository};
use crate::project::Project;
use crate::reading;

/// So long a server may take to connect or to answer.
#[cfg(feature = "server")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// A baseline, and how to speak of it.
pub(crate) struct Compared {
    /// Such as `contracts/growset.lock` or `origin/main`.
    pub name: String,
    /// It is what was released, and not what `--against` names.
    pub is_lock: bool,
    /// The revisions.
    pub baseline: Baseline,
    /// What their places refer to.
    pub sources: Sources,
    /// The line of each revision in the lock, by event and label.
    pub lines: BTreeMap<(String, String), usize>,
}

/// The named types of revisions that reach the same.
type SharedTypes = Arc<BTreeMap<TypeName, Arc<NamedType>>>;

/// Every standing revision of the lock, oldest first.
pub(crate) fn of_lock(lock: &Lock, shown: &str) -> Compared {
    let mut revisions: Vec<Revision> = Vec::new();
    // One shape may be released again with other documentation; once is enough to compare with it.
    let mut at: BTreeMap<(&EventName, &str), usize> = BTreeMap::new();
    let mut lines = BTreeMap::new();
    // One set of types for all revisions that reach the same.
    let mut types: BTreeMap<&BTreeMap<TypeName, String>, SharedTypes> = BTreeMap::new();
    for entry in lock.standing() {
        lines.insert((entry.name.to_string(), entry.label()), entry.line);
        let (label, name, contract) = (entry.label(), entry.name.clone(), entry.contract.clone());
        let types = Arc::clone(types.entry(&entry.uses).or_insert_with(|| Arc::new(lock.types_of(entry))));
        let revision = Revision { label, name, contract, types };
        match at.get(&(&entry.name, entry.digest.as_str())) {
            Some(known) => revisions[*known] = revision,
            None => {
                at.insert((&entry.name, &entry.digest), revisions.len());
                revisions.push(revision);
            }
        }
    }
    let settings = lock.last_release().map(|release| Settings {
        npm_name: release.packages.npm.clone(),
        rust: RustPackage { name: release.packages.rust.clone(), ..RustPackage::default() },
        schema_base: release.packages.schema_base.clone(),
        ..Settings::default()
    });
    Compared {
        name: shown.to_owned(),
        is_lock: true,
        baseline: Baseline { settings, revisions, promised: Some(BTreeMap::new()) },
        sources: Sources::default(),
        lines,
    }
}

/// What `--against` names: a folder, a `catalog.json`, a running server, or a git ref.
pub(crate) fn against(project: &Project, named: &str, checked: &check::Checked) -> Result<Compared, CliError> {
    let (catalog, sources) = catalog(project, named)?;
    let baseline = of_past(named, &catalog, &checked.lock, &checked.catalog);
    Ok(Compared { name: named.to_owned(), is_lock: false, baseline, sources, lines: BTreeMap::new() })
}

/// A catalog of the past, beside what the lock promised of events that are retired by now: it may have been released
/// after that catalog.
pub(crate) fn of_past(label: &str, old: &Catalog, lock: &Lock, new: &Catalog) -> Baseline {
    let retired = new.events.values().filter(|event| event.retired.is_some());
    let promised = retired.filter_map(|event| Some((event.name.clone(), lock.promised_until(&event.name)?))).collect();
    Baseline { promised: Some(promised), ..Baseline::of_catalog(label, old) }
}

/// The catalog that a folder, a `catalog.json` or a git ref holds.
pub(crate) fn catalog(project: &Project, named: &str) -> Result<(Catalog, Sources), CliError> {
    if named.starts_with("http://") || named.starts_with("https://") {
        return of_server(named);
    }
    let path = project.directory.join(named);
    if path.is_dir() {
        return of_folder(&path, named);
    }
    if path.is_file() {
        return of_catalog_file(&path, named);
    }
    of_git(project, named)
}

/// What a running server admitted last: `GET /catalog`, or what lies behind a whole URL.
#[cfg(feature = "server")]
fn of_server(named: &str) -> Result<(Catalog, Sources), CliError> {
    use crate::remote::{Address, Client, RemoteOptions, served_catalog};
    use crate::verbs::serve::runtime;

    let refused = |cause: String| {
        CliError::Refused(format!(
            "the baseline {named} cannot be read: {cause}; a token, where one is needed, goes into GROWSET_TOKEN"
        ))
    };
    let address: Address = named.parse().map_err(CliError::Refused)?;
    let address = if address.is_root() { address.at("/catalog") } else { address };
    let token = std::env::var("GROWSET_TOKEN").ok().filter(|token| !token.is_empty());
    let client = Client::new(&RemoteOptions { headers: Vec::new(), token, ca: None }, PATIENCE)?;
    let catalog = runtime()?.block_on(served_catalog(&client, &address)).map_err(|error| refused(error.to_string()))?;
    Ok((catalog, Sources::default()))
}

#[cfg(not(feature = "server"))]
fn of_server(named: &str) -> Result<(Catalog, Sources), CliError> {
    Err(CliError::Refused(format!(
        "this growset was built without HTTP; save the catalog.json of {named} and name the file"
    )))
}

fn of_folder(path: &Path, named: &str) -> Result<(Catalog, Sources), CliError> {
    let inside = path.join("contracts");
    let contracts = if path.join("growset.yaml").exists() || !inside.is_dir() { path.to_owned() } else { inside };
    let there = Project::find(path, Some(&contracts), None)?;
    let mut folder = reading::read(&there)?;
    for input in &mut folder.inputs {
        input.shown = format!("{named}/{}", input.path);
    }
    if let Some(file) = folder.unreadable.first() {
        return Err(CliError::Refused(format!("the baseline {named} cannot be read: {}: {}", file.shown, file.cause)));
    }
    valid(named, check::judge(folder))
}

fn of_catalog_file(path: &Path, named: &str) -> Result<(Catalog, Sources), CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::disk("read", path))?;
    let refused = |cause: String| CliError::Refused(format!("the baseline {named} is no catalog.json: {cause}"));
    let value = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
    let catalog = serial::from_json(&value).map_err(|error| refused(error.to_string()))?;
    Ok((catalog, Sources::default()))
}

fn of_git(project: &Project, named: &str) -> Result<(Catalog, Sources), CliError> {
    let repository = Repository::around(&project.contracts).map_err(|absence| {
        let cause = match absence {
            Absence::NoGit => "and there is no `git` command to look for a ref of that name; install git".to_owned(),
            Absence::NoRepository(cause) => format!("and there is no git repository to look for a ref ({cause})"),
        };
        CliError::Refused(format!("{named} is neither a folder nor a file, {cause}"))
    })?;
    let (name, folder) = named.split_once(':').map_or((named, None), |(name, folder)| (name, Some(folder)));
    let Some(commit) = repository.commit(name) else {
        let is_path = name.starts_with(['/', '.']) || name.ends_with(".json") || name.ends_with('/');
        let way_out = match name.split_once('/') {
            _ if is_path => "look at the path, which starts where the command does".to_owned(),
            Some((remote, branch)) => format!("`git fetch {remote} {branch}` may bring it"),
            None => format!("`git fetch origin {name}:{name}` may bring it"),
        };
        let message = format!("{named} is neither a folder, a file nor a git ref that is known here; {way_out}");
        return Err(CliError::Refused(message));
    };
    let inputs = repository.contracts(name, &commit, folder)?;
    valid(named, check::judge(reading::Folder { inputs, ..reading::Folder::default() }))
}

/// A baseline with errors is none: a part that was lost in reading would pass silently.
fn valid(named: &str, checked: check::Checked) -> Result<(Catalog, Sources), CliError> {
    if checked.is_readable {
        return Ok((checked.catalog, checked.sources));
    }
    let errors = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let shown: Vec<String> = errors
        .map(|found| match checked.sources.locate(found.place) {
            Some(at) => format!("\n  {}:{}:{}: {}", at.path, at.line, at.column, found.message),
            None => format!("\n  {}", found.message),
        })
        .collect();
    Err(CliError::Refused(format!("the baseline {named} has errors of its own:{}", shown.concat())))
}
