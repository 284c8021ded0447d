//! A temporary folder to run `growset` in, and what it answered.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// A folder that goes away with the test.
pub(crate) struct Workplace {
    folder: TempDir,
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command that is still running; it ends with the test.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    /// Reads up to the line that holds `text`, and answers everything up to it.
    pub(crate) fn read_until(&mut self, text: &str) -> String {
        let mut read = String::new();
        while !read.contains(text) {
            let length = self.out.read_line(&mut read).expect("reports are UTF-8");
            assert!(length > 0, "ended without {text:?} after {read:?}");
        }
        read
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that ended by itself needs no ending.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Workplace {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// One in which `growset init` ran.
    pub(crate) fn with_example() -> Self {
        let workplace = Self::new();
        assert_eq!(workplace.growset(&["init"]).code, 0);
        workplace
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub(crate) fn write(&self, below: &str, text: impl AsRef<[u8]>) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().expect("has a parent")).expect("can be made");
        std::fs::write(path, text).expect("can be written");
    }

    pub(crate) fn read(&self, below: &str) -> String {
        std::fs::read_to_string(self.path(below)).expect(below)
    }

    pub(crate) fn exists(&self, below: &str) -> bool {
        self.path(below).symlink_metadata().is_ok()
    }

    /// Replaces a text that has to be there.
    pub(crate) fn edit(&self, below: &str, old: &str, new: &str) {
        let text = self.read(below);
        assert!(text.contains(old), "{below} has no {old:?}");
        self.write(below, text.replace(old, new));
    }

    pub(crate) fn growset(&self, arguments: &[&str]) -> Answer {
        growset_in(self.folder.path(), arguments)
    }

    /// Runs the command as somebody whom rights bind: as ourselves, unless we are root.
    #[cfg(unix)]
    pub(crate) fn growset_unprivileged(&self, arguments: &[&str]) -> Answer {
        use std::os::unix::fs::{MetadataExt, chown};
        use std::os::unix::process::CommandExt;

        const NOBODY: u32 = 65_534;
        let root = self.path("");
        // The one under test may lie where only root goes.
        let reachable = tempfile::tempdir().expect("a temporary folder can be made");
        if reachable.path().metadata().expect("is there").uid() != 0 {
            return self.growset(arguments);
        }
        let executable = reachable.path().join("growset");
        std::fs::copy(env!("CARGO_BIN_EXE_growset-under-test"), &executable).expect("can be copied");
        for path in std::iter::once(reachable.path().to_owned()).chain(entries(&root)) {
            chown(&path, Some(NOBODY), Some(NOBODY)).expect("root may give away");
        }
        answer(Command::new(&executable).args(arguments).current_dir(&root).uid(NOBODY).gid(NOBODY), &[])
    }

    /// Takes away or gives back the right to a file or folder.
    #[cfg(unix)]
    pub(crate) fn set_mode(&self, below: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(self.path(below), std::fs::Permissions::from_mode(mode)).expect("can be set");
    }

    /// Starts a command that goes on until it is ended, with its output to read.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_growset-under-test"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        let out = BufReader::new(child.stdout.take().expect("was piped"));
        Running { child, out }
    }

    /// Every file below a folder with its text; bytes that are no text are shown as such.
    pub(crate) fn tree(&self, below: &str) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(&self.path(below), "", &mut files);
        files
    }
}

/// Two folders hold the same; says which files differ, not all that is in them.
#[track_caller]
pub(crate) fn assert_same(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>) {
    let names = left.keys().chain(right.keys());
    let different: BTreeSet<&String> = names.filter(|name| left.get(*name) != right.get(*name)).collect();
    assert!(different.is_empty(), "different: {different:?}");
}

/// Runs the command in a folder.
pub(crate) fn growset_in(folder: &Path, arguments: &[&str]) -> Answer {
    growset_with(folder, arguments, &[])
}

/// Runs the command in a folder, with further variables of the environment.
pub(crate) fn growset_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_growset-under-test"));
    answer(command.args(arguments).current_dir(folder), variables)
}

fn answer(command: &mut Command, variables: &[(&str, &str)]) -> Answer {
    let output = command
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CI")
        .env_remove("GITHUB_BASE_REF")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    Answer {
        code: output.status.code().expect("the command ends by itself"),
        out: String::from_utf8(output.stdout).expect("reports are UTF-8"),
        err: String::from_utf8(output.stderr).expect("reports are UTF-8"),
    }
}

/// A folder and everything below it.
#[cfg(unix)]
fn entries(folder: &Path) -> Vec<PathBuf> {
    let below = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let below = below.flat_map(|entry| match entry.file_type() {
        Ok(found) if found.is_dir() => entries(&entry.path()),
        _ => vec![entry.path()],
    });
    std::iter::once(folder.to_owned()).chain(below).collect()
}

/// The folder of this repository.
pub(crate) fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("tests/ lies in the repository").to_owned()
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|found| found.is_dir()) {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}
