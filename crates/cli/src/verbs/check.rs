//! `growset check`

use crate::check;
use crate::console::Console;
use crate::error::CliError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::project::Project;
use crate::report::{self, Format};

/// Prints every problem of every contract.
pub(crate) fn run(project: &Project, format: Format, console: &mut Console) -> Result<Exit, CliError> {
    let checked = {
        let _progress = Progress::start(console.err_is_terminal, "checking contracts");
        check::check(project)?
    };
    remark_misnamed(&checked.misnamed, console);
    console.write(&report::render(format, &checked, console.out_is_styled));
    Ok(if checked.is_valid() { Exit::Clean } else { Exit::Invalid })
}

/// A contract that nobody reads is worse than a wrong one.
pub(super) fn remark_misnamed(misnamed: &[String], console: &mut Console) {
    for path in misnamed {
        console.remark(&format!("note: {path} is not read, contracts end in .yaml; rename it"));
    }
}
