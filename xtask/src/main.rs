//! Repository chores: `cargo xtask <verb>` runs every verb of `growset`, and the few below that only this repository
//! needs.

mod test;

mod new_rule;

mod step;

mod cargo;

mod npm;

mod debian;

mod listener;

mod bench;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
#[cfg(not(target_env = "msvc"))]
use tikv_jemallocator::Jemalloc;

/// The one of `growset`, whose verbs and benchmarks run in here.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

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
    /// Run every check that CI runs: formatting, clippy, tests, generated files, TypeScript, the listener in a browser.
    #[command(after_help = "Example: cargo xtask test")]
    Test {
        /// Also those that take long: the growth checker held against jsoncompat, and the server at full size.
        #[arg(long)]
        long: bool,
    },
    /// Write the files and lines of a new growth rule, or of a lint, so far that they compile.
    #[command(after_help = "Example: cargo xtask new-rule field-moved")]
    NewRule {
        /// What it is called: lower-case words with hyphens that name the bad pattern.
        id: String,
        /// A rule of what a catalog alone says, not of what may change.
        #[arg(long)]
        lint: bool,
    },
    /// Compile the TypeScript client of the npm package, `crates/codegen/listener`; `generate` ships what it makes.
    #[command(after_help = "Example: cargo xtask listener && cargo xtask generate")]
    Listener,
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
        Chore::Test { long } => test::run(long),
        Chore::NewRule { id, lint } => {
            let kind = if lint { new_rule::Kind::Lint } else { new_rule::Kind::Growth };
            new_rule::run(&root(), &id, kind)
        }
        Chore::Listener => listener::build(),
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

/// The repository's own folder.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}
