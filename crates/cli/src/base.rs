//! A lock only grows: nothing that it held when this branch began may be missing.

use std::sync::Arc;

use growset_model::lock::Lock;
use growset_model::{Diagnostic, Place, Severity};

use crate::error::CliError;
use crate::git::{Absence, Repository};
use crate::lock_file;
use crate::project::Project;
use crate::rules::{LOCK_SHRUNKEN, LOCK_UNVERIFIED};

/// Compares the lock with the one of the base. `named` is what `--base` says.
pub(crate) fn verify(project: &Project, lock: &Lock, named: Option<&str>) -> Result<Vec<Diagnostic>, CliError> {
    let (repository, commit, name) = match base(project, named) {
        Ok(found) => found,
        // Without a lock there is nothing to lose, unless it is lost already: where it counts, that has to be known.
        Err(_) if lock.is_empty() && !project.in_ci && named.is_none() => return Ok(Vec::new()),
        Err(unverified) => return Ok(vec![unverified.diagnostic(project.in_ci || named.is_some())]),
    };
    let Some(object) = repository.object_of_contracts(&commit, lock_file::NAME)? else {
        return Ok(Vec::new()); // Anything is more than no lock.
    };
    if repository.object_on_disk(lock_file::NAME).as_ref() == Some(&object) {
        return Ok(Vec::new()); // The very same text, which is not read once more: it may be large.
    }
    let bytes = repository.content(&object)?;
    let shown = project.shown(&lock_file::path(project));
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let older = match Lock::parse_shared(&Arc::new(text)) {
        Ok(older) => older,
        Err(errors) => {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            let message = format!("the lock of the base {name} cannot be read: {first}; name another by `--base`");
            return Ok(vec![Diagnostic::new(&LOCK_UNVERIFIED, Place::NOWHERE, message).weighing(Severity::Error)]);
        }
    };
    let missing = lock.missing_from(&older);
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let message = format!("{shown} lost what it held at {name}: {}", missing.join(", "));
    let path = format!("{}/{}", repository.prefix(), lock_file::NAME);
    let short: String = commit.chars().take(12).collect();
    let help = format!(
        "keep the lines of both: `git show {short}:{} >> {shown}`; the lock is a set of lines, and `growset release` sorts it",
        path.trim_start_matches('/')
    );
    let finding = Diagnostic::new(&LOCK_SHRUNKEN, Place::NOWHERE, message).help(help);
    Ok(vec![finding.help("a wrong release is followed by another, never removed")])
}

/// Why there is no base.
struct Unverified {
    cause: String,
    way_out: String,
}

impl Unverified {
    fn diagnostic(self, is_error: bool) -> Diagnostic {
        let message = format!("nothing shows that the lock only grew: {}", self.cause);
        let diagnostic = Diagnostic::new(&LOCK_UNVERIFIED, Place::NOWHERE, message).help(self.way_out);
        if is_error { diagnostic.weighing(Severity::Error) } else { diagnostic }
    }
}

fn base(project: &Project, named: Option<&str>) -> Result<(Repository, String, String), Unverified> {
    let unverified = |cause: &str, way_out: &str| Unverified { cause: cause.to_owned(), way_out: way_out.to_owned() };
    let repository = Repository::around(&project.contracts).map_err(|absence| match absence {
        Absence::NoGit => unverified("there is no `git` command", "install git"),
        Absence::NoRepository(cause) => {
            unverified(&format!("git sees no repository here ({cause})"), "check in a clone of the repository")
        }
    })?;
    if let Some(named) = named {
        let commit = repository.commit(named).ok_or_else(|| {
            let branch = named.strip_prefix("origin/").unwrap_or(named);
            // What is told by steps from elsewhere lies on no branch of its own.
            let is_relative = named.contains(['~', '^', '@']);
            let what = if is_relative && repository.is_shallow() { "--unshallow origin" } else { "origin" };
            let fetch = if is_relative { what.to_owned() } else { format!("{what} {branch}") };
            unverified(&format!("{named} is not known here"), &format!("fetch it: `git fetch {fetch}`"))
        })?;
        return Ok((repository, commit, named.to_owned()));
    }
    let fetch = if repository.is_shallow() { "`git fetch --unshallow origin`" } else { "`git fetch origin`" };
    let Some(branch) = repository.default_branch() else {
        return Err(unverified(
            "no default branch is known here",
            &format!("fetch it: {fetch}, then `git remote set-head origin --auto`; or name a ref by `--base <ref>`"),
        ));
    };
    let Some(commit) = repository.merge_base(&branch) else {
        return Err(unverified(
            &format!("this branch and {branch} have no common commit here"),
            &format!("fetch what is missing: {fetch}; or name a ref by `--base <ref>`"),
        ));
    };
    let name = format!("{branch} ({})", commit.chars().take(12).collect::<String>());
    Ok((repository, commit, name))
}
