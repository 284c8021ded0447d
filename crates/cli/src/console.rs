//! Where a command writes to: the terminal, or a buffer in tests.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};

/// A command's surroundings: the folder it was started in, and where its words go.
pub struct Console {
    /// The folder that relative paths start from, and that shown paths are relative to.
    pub directory: PathBuf,
    /// Results.
    out: Box<dyn Write>,
    /// Progress and failures.
    err: Box<dyn Write>,
    /// Results may carry colour.
    pub out_is_styled: bool,
    /// Results are read by a person as they come.
    pub out_is_terminal: bool,
    /// Progress is seen by a person.
    pub err_is_terminal: bool,
    /// A build server runs the command, which `CI` tells: nobody is there to look again.
    pub in_ci: bool,
    failure: Option<io::Error>,
}

impl Console {
    /// The process's own streams. Colour only on a terminal; `NO_COLOR` and `CLICOLOR_FORCE` are respected.
    pub fn of_process() -> io::Result<Self> {
        Ok(Self {
            directory: std::env::current_dir()?,
            out_is_styled: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            out_is_terminal: io::stdout().is_terminal(),
            err_is_terminal: io::stderr().is_terminal(),
            out: Box::new(anstream::stdout()),
            err: Box::new(anstream::stderr()),
            in_ci: std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0"),
            failure: None,
        })
    }

    /// Plain streams that are no terminal, at nobody's build server.
    pub fn plain(directory: PathBuf, out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        let (out_is_styled, out_is_terminal, err_is_terminal, in_ci) = (false, false, false, false);
        Self { directory, out, err, out_is_styled, out_is_terminal, err_is_terminal, in_ci, failure: None }
    }

    /// Writes a result, with a line break after it.
    pub fn say(&mut self, text: &str) {
        let written = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
        self.remember(written);
    }

    /// Writes a result as it is.
    pub fn write(&mut self, text: &str) {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        self.remember(written);
    }

    /// Writes to the side: a failure or a remark that is no part of the result.
    pub fn remark(&mut self, text: &str) {
        let written = writeln!(self.err, "{text}");
        self.remember(written);
    }

    /// Clears the screen for the next round of a watching command; nothing where nobody watches.
    pub fn clear(&mut self) {
        if self.out_is_terminal {
            self.write("\x1b[2J\x1b[H");
        }
    }

    /// The first failed write, if one matters. A reader that left (`growset explain | head`) does not.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    fn remember(&mut self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.failure.get_or_insert(error);
        }
    }
}
