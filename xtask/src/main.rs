//! Repository chores: `cargo xtask <verb>` runs every verb of `growset`, and the few below that only this repository
//! needs.

mod test;

mod step;

mod bench;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// The chores of this repository. Every other verb is handed to `growset`.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", after_help = "Every verb of growset works too; `cargo xtask --help` lists them.")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

/// One variant, one module and one arm in `main` per chore; `bench` goes here.
#[derive(Debug, Subcommand)]
enum Chore {
    /// Run every check that CI runs: formatting, clippy, tests, generated files, TypeScript.
    #[command(after_help = "Example: cargo xtask test")]
    Test {
        /// Reserved for the checks that take long: fuzzing, large property tests.
        #[arg(long)]
        long: bool,
    },
    /// Measure beside peers or a lower bound, in the same run.
    #[command(after_help = "Example: cargo xtask bench codegen --events 1000")]
    Bench {
        #[command(subcommand)]
        bench: bench::Bench,
    },
    /// Run one peer of a benchmark in a process of its own.
    #[command(hide = true)]
    BenchPeer {
        #[command(subcommand)]
        peer: bench::peer::Peer,
    },
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let command = Arguments::command();
    let verb = arguments.get(1).and_then(|verb| verb.to_str()).unwrap_or("--help");
    if command.find_subcommand(verb).is_none() {
        if verb == "--help" || verb == "-h" {
            let shown = command.get_subcommands().filter(|chore| !chore.is_hide_set());
            let chores: Vec<&str> = shown.map(|chore| chore.get_name()).collect();
            println!("Chores of this repository: {}. Every verb of growset:\n", chores.join(", "));
        }
        return growset_cli::main_with(arguments);
    }
    let arguments = match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => arguments,
        Err(answer) => {
            // clap would exit 2 for a mistake in the usage, which means invalid contracts here.
            let code = u8::from(answer.use_stderr());
            return answer.print().map_or(ExitCode::FAILURE, |()| ExitCode::from(code));
        }
    };
    let result = match arguments.chore {
        Chore::Test { long: _ } => test::run(),
        Chore::Bench { bench } => bench::run(&bench),
        Chore::BenchPeer { peer } => bench::peer::run(&peer),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
