//! cargo, as somebody would start it who types its name.

use std::path::Path;
use std::process::Command;

/// What `cargo xtask` tells this executable about its own package. Build scripts that look at the same variables, as that of
/// `ring` does, would run again for every cargo that inherits them, and again for the next `cargo xtask`: everything above
/// them was compiled twice each time.
const OF_THIS_PACKAGE: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];

pub(crate) fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| OF_THIS_PACKAGE.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command
}
