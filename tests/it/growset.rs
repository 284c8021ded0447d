//! The `growset` command for the end-to-end tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    growset_cli::main_with(std::env::args_os())
}
