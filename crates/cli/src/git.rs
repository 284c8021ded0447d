//! Git by its command. Objects are read from the object store; the work tree and the index are never touched.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use growset_syntax::Input;

use crate::error::CliError;

/// The repository that a contracts folder lies in.
pub(crate) struct Repository {
    folder: PathBuf,
    /// The contracts folder as git spells it, with `/` at its end; empty when it is the top.
    prefix: String,
}

/// Why there is no answer from git.
#[derive(Debug)]
pub(crate) enum Absence {
    /// No `git` command.
    NoGit,
    /// Not in a repository, or one that git refuses to read.
    NoRepository(String),
}

/// One file in a commit.
struct Entry {
    object: String,
    path: String,
}

impl Repository {
    /// The repository around a folder.
    pub(crate) fn around(folder: &Path) -> Result<Self, Absence> {
        let repository = Self { folder: folder.to_owned(), prefix: String::new() };
        match repository.run(&["rev-parse", "--show-prefix"]) {
            Ok(Ok(prefix)) => Ok(Self { prefix: prefix.trim_end_matches('\n').to_owned(), ..repository }),
            Ok(Err(refusal)) => Err(Absence::NoRepository(refusal)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(Absence::NoGit),
            Err(cause) => Err(Absence::NoRepository(cause.to_string())),
        }
    }

    /// The commit behind a ref, tag or digest.
    pub(crate) fn commit(&self, name: &str) -> Option<String> {
        if name.starts_with('-') {
            return None; // Git would take it for an option.
        }
        self.answer(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])
    }

    /// The commit where this branch left another.
    pub(crate) fn merge_base(&self, other: &str) -> Option<String> {
        self.answer(&["merge-base", "HEAD", other])
    }

    /// The default branch, by what is known of it here.
    pub(crate) fn default_branch(&self) -> Option<String> {
        let of_request = std::env::var("GITHUB_BASE_REF").ok().filter(|name| !name.is_empty());
        let of_request = of_request.map(|name| format!("origin/{name}"));
        let told = self.answer(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
        let usual = ["origin/main", "origin/master", "main", "master"].map(str::to_owned);
        let mut candidates = of_request.into_iter().chain(told).chain(usual);
        candidates.find(|name| self.commit(name).is_some())
    }

    /// Whether older commits were left out of the clone.
    pub(crate) fn is_shallow(&self) -> bool {
        self.answer(&["rev-parse", "--is-shallow-repository"]).is_some_and(|answer| answer == "true")
    }

    /// The contracts folder as git spells it, without `/` at its end.
    pub(crate) fn prefix(&self) -> &str {
        self.prefix.trim_end_matches('/')
    }

    /// The object that a commit has for a file beside its contracts; nothing when there is none.
    pub(crate) fn object_of_contracts(&self, commit: &str, name: &str) -> Result<Option<String>, CliError> {
        let tree = self.tree(commit)?;
        let Some(folder) = contracts_folder(&tree, &self.prefix) else { return Ok(None) };
        let path = format!("{folder}{name}");
        Ok(tree.into_iter().find(|entry| entry.path == path).map(|entry| entry.object))
    }

    /// The object that a file of the folder would be, byte for byte; nothing when it cannot be read.
    pub(crate) fn object_on_disk(&self, name: &str) -> Option<String> {
        self.answer(&["hash-object", "--no-filters", "--", name])
    }

    /// What an object holds, without a copy: it may be large.
    pub(crate) fn content(&self, object: &str) -> Result<Vec<u8>, CliError> {
        let failed = |cause: io::Error| CliError::Refused(format!("cannot run git: {cause}"));
        let output = self.command(&["cat-file", "blob", object]).stdin(Stdio::null()).output().map_err(failed)?;
        if output.status.success() { Ok(output.stdout) } else { Err(unread(&output.stderr)) }
    }

    /// Every contract and `growset.yaml` of a commit. `folder` is where the contracts lie there; without it, where they
    /// lie now, or the one place that has a `growset.yaml`.
    pub(crate) fn contracts(&self, name: &str, commit: &str, folder: Option<&str>) -> Result<Vec<Input>, CliError> {
        let tree = self.tree(commit)?;
        let folder = match folder {
            Some(folder) if folder.is_empty() || folder == "." => Some(String::new()),
            Some(folder) => Some(format!("{}/", folder.trim_matches('/'))),
            None => contracts_folder(&tree, &self.prefix),
        };
        let has_settings = |folder: &String| tree.iter().any(|entry| entry.path == format!("{folder}growset.yaml"));
        let Some(folder) = folder.filter(has_settings) else {
            return Err(CliError::Refused(no_contracts(name, &tree, self.prefix())));
        };
        let is_hidden = |path: &str| path.split('/').any(|part| part.starts_with('.'));
        let entries: Vec<(&str, &Entry)> = tree
            .iter()
            .filter_map(|entry| Some((entry.path.strip_prefix(&folder)?, entry)))
            .filter(|(below, _)| below.ends_with(".yaml") && !is_hidden(below))
            .collect();
        let objects: Vec<&str> = entries.iter().map(|(_, entry)| entry.object.as_str()).collect();
        let texts = self.objects(&objects)?;
        let input = |((below, entry), bytes): ((&str, &Entry), Vec<u8>)| Input {
            path: below.to_owned(),
            shown: format!("{name}:{}", entry.path),
            bytes,
        };
        Ok(entries.into_iter().zip(texts).map(input).collect())
    }

    /// Every regular file of a commit.
    fn tree(&self, commit: &str) -> Result<Vec<Entry>, CliError> {
        let listing = self.must(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        let entry = |line: &str| {
            let (header, path) = line.split_once('\t')?;
            let mut words = header.split(' ');
            let mode = words.next()?;
            let object = words.nth(1)?;
            // Links and submodules hold no contract.
            mode.starts_with("100").then(|| Entry { object: object.to_owned(), path: path.to_owned() })
        };
        Ok(listing.split('\0').filter_map(entry).collect())
    }

    /// The contents of objects, in their order, by one command.
    fn objects(&self, names: &[&str]) -> Result<Vec<Vec<u8>>, CliError> {
        let failed = |cause: io::Error| CliError::Refused(format!("cannot run git: {cause}"));
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let asked = names.join("\n") + "\n";
        let stdin = child.stdin.take();
        // Git answers while it is still being asked, so the two go on side by side.
        let asking = thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(asked.as_bytes())));
        let output = child.wait_with_output().map_err(failed)?;
        let _ = asking.join();
        split_batch(&output.stdout, names.len()).ok_or_else(|| unread(&output.stderr))
    }

    fn must(&self, arguments: &[&str]) -> Result<String, CliError> {
        match self.run(arguments) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(refusal)) => Err(CliError::Refused(format!("git {}: {refusal}", arguments.join(" ")))),
            Err(cause) => Err(CliError::Refused(format!("cannot run git: {cause}"))),
        }
    }

    /// A one-line answer, or nothing where git has none.
    fn answer(&self, arguments: &[&str]) -> Option<String> {
        let answer = self.run(arguments).ok()?.ok()?;
        let answer = answer.trim();
        (!answer.is_empty()).then(|| answer.to_owned())
    }

    fn run(&self, arguments: &[&str]) -> io::Result<Result<String, String>> {
        let output = self.command(arguments).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(Ok(String::from_utf8_lossy(&output.stdout).into_owned()));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("fatal: ").lines().next().unwrap_or("no answer").to_owned();
        Ok(Err(said))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(arguments);
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        command
    }
}

/// A clone may lack objects of its own past.
fn unread(said: &[u8]) -> CliError {
    let said = String::from_utf8_lossy(said);
    let said = said.trim();
    CliError::Refused(format!("git cannot read every object of the baseline ({said}); `git fetch` may bring them"))
}

/// Where the contracts lay: where they lie now, or else the only folder with a `growset.yaml`.
fn contracts_folder(tree: &[Entry], prefix: &str) -> Option<String> {
    let folders: Vec<&str> = settings_folders(tree);
    if folders.contains(&prefix) {
        return Some(prefix.to_owned());
    }
    match folders.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None, // None at all, or nobody can tell which.
    }
}

/// Every folder that holds a `growset.yaml`, with `/` at its end.
fn settings_folders(tree: &[Entry]) -> Vec<&str> {
    let folders = tree.iter().filter_map(|entry| {
        let folder = entry.path.strip_suffix("growset.yaml")?;
        (folder.is_empty() || folder.ends_with('/')).then_some(folder)
    });
    folders.collect()
}

fn no_contracts(name: &str, tree: &[Entry], prefix: &str) -> String {
    let folders = settings_folders(tree);
    if folders.is_empty() {
        return format!("{name} has no contracts: no folder there holds a growset.yaml; name another ref");
    }
    let folders: Vec<&str> = folders.iter().map(|folder| folder.trim_end_matches('/')).collect();
    format!(
        "{name} has no contracts in `{prefix}`, but in {}; name the folder: `{name}:{}`",
        folders.join(", "),
        folders[0]
    )
}

/// `<object> <kind> <size>\n<content>\n`, once for each.
fn split_batch(mut bytes: &[u8], expected: usize) -> Option<Vec<Vec<u8>>> {
    let mut contents = Vec::with_capacity(expected);
    for _ in 0..expected {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let header = std::str::from_utf8(&bytes[..end]).ok()?;
        let size: usize = header.rsplit(' ').next()?.parse().ok()?;
        let start = end + 1;
        contents.push(bytes.get(start..start.checked_add(size)?)?.to_vec());
        bytes = bytes.get(start + size + 1..)?;
    }
    Some(contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_split_by_the_sizes_that_git_says() {
        let bytes = b"abc blob 3\na\nb\ndef blob 0\n\n";
        assert_eq!(split_batch(bytes, 2), Some(vec![b"a\nb".to_vec(), Vec::new()]));
        assert_eq!(split_batch(b"abc missing\n", 1), None);
        assert_eq!(split_batch(b"abc blob 9\nab", 1), None);
    }
}
