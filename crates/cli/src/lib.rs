//! The `growset` command: files, terminal, exit codes.
//!
//! Composes what the other rooms decide. Does not know how a rule decides or how a type is spelled.

mod arguments;

mod exit;

mod console;

mod error;

mod project;

mod walk;

mod reading;

mod check;

mod rules;

mod sunset;

mod lock_file;

mod git;

mod baseline;

mod comparison;

mod base;

mod clock;

mod version;

mod history;

mod waivers;

mod next_version;

mod report;

mod pages;

mod artifacts;

mod generated;

mod progress;

mod settings_file;

mod contract_files;

mod contract_text;
mod sources_of_import;

mod judged_history;

mod imported;

mod report_of_import;

#[cfg(feature = "server")]
mod remote;

mod verbs;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use growset_import::Api;

use crate::arguments::{Arguments, ImportSource, Verb};
use crate::project::Project;

pub use check::all_rules;
pub use console::Console;
pub use error::CliError;
pub use exit::Exit;
pub use pages::rule_ids as rule_ids_with_page;
pub use sources_of_import::{Found as FoundSchemas, read as read_schemas};

/// Runs the command on the process's own streams. The first argument is the program's name.
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Console::of_process() {
        Ok(mut console) => run(arguments, &mut console).into(),
        Err(cause) => {
            anstream::eprintln!("error: cannot tell the current folder: {cause}");
            Exit::Usage.into()
        }
    }
}

/// Runs the command in the surroundings that it is given.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console) -> Exit {
    let exit = parse_and_dispatch(arguments.into_iter().collect(), console).unwrap_or_else(|error| {
        console.remark(&format!("error: {error}"));
        Exit::Usage
    });
    match console.failure().map(|cause| format!("error: cannot write the report: {cause}")) {
        Some(message) => {
            console.remark(&message);
            exit.and(Exit::Usage)
        }
        None => exit,
    }
}

fn parse_and_dispatch(arguments: Vec<OsString>, console: &mut Console) -> Result<Exit, CliError> {
    #[cfg(feature = "server")]
    let (arguments, file) = verbs::serve::file::with_file(arguments)?;
    match Arguments::try_parse_from(arguments) {
        Ok(arguments) => dispatch(&arguments, console),
        Err(answer) => {
            #[cfg(feature = "server")]
            if let Some(source) = verbs::serve::file::source(&answer, file.as_deref()) {
                console.remark(&format!("error: in {source}:"));
            }
            Ok(answer_usage(&answer, console))
        }
    }
}

fn dispatch(arguments: &Arguments, console: &mut Console) -> Result<Exit, CliError> {
    let find = |console: &Console| {
        Project::find(&console.directory, arguments.contracts.as_deref(), arguments.generated.as_deref())
            .map(|project| Project { in_ci: console.in_ci, ..project })
    };
    match &arguments.verb {
        Verb::Check(options) => verbs::check::run(&find(console)?, options, console),
        Verb::Generate { check: false } => verbs::generate::run(&find(console)?, console),
        Verb::Generate { check: true } => verbs::generate::run_check(&find(console)?, console),
        Verb::Release { base, date } => verbs::release::run(&find(console)?, *date, base.as_deref(), console),
        Verb::Bump(options) => verbs::bump::run(&find(console)?, options, console),
        Verb::Retire { event, date } => verbs::retire::run(&find(console)?, event, *date, console),
        Verb::Changelog { range, format } => verbs::changelog::run(&find(console)?, range, *format, console),
        Verb::Watch => verbs::watch::run(&find(console)?, console),
        #[cfg(not(feature = "server"))]
        Verb::Dev {} => verbs::watch::run_dev(&find(console)?, console, || {}),
        #[cfg(feature = "server")]
        Verb::Dev { address } => {
            let project = find(console)?;
            let serve = verbs::demo::start(*address, project.generated.join("catalog.json"), console)?;
            verbs::watch::run_dev(&project, console, serve)
        }
        #[cfg(feature = "server")]
        Verb::Serve(options) => {
            let catalog = match &options.catalog {
                Some(catalog) => console.directory.join(catalog),
                None => find(console)?.generated.join("catalog.json"),
            };
            verbs::serve::run(options, &catalog, console)
        }
        #[cfg(feature = "server")]
        Verb::Tap(options) => verbs::tap::run(options, find(console), console),
        #[cfg(feature = "server")]
        Verb::Emit(options) => verbs::emit::run(options, console),
        #[cfg(feature = "server")]
        Verb::Doctor(options) => verbs::doctor::run(options, console),
        #[cfg(feature = "server")]
        Verb::Proxy(options) => Ok(verbs::proxy::run(options, console)),
        Verb::Fix { dry_run } => verbs::fix::run(&find(console)?, *dry_run, console),
        Verb::New { event } => verbs::new::run(&find(console)?, event, console),
        Verb::Import { source: ImportSource::JsonSchema(options) } => verbs::import::json_schema(options, console),
        Verb::Import { source: ImportSource::Asyncapi(options) } => verbs::import::api(Api::Async, options, console),
        Verb::Import { source: ImportSource::Openapi(options) } => verbs::import::api(Api::Open, options, console),
        Verb::Audit(options) => verbs::audit::run(options, console),
        Verb::Init { directory } => verbs::init::run(&console.directory.join(directory), console),
        Verb::Explain { rule } => Ok(verbs::explain::run(rule.as_deref(), console)),
    }
}

/// `--help` and `--version` are answers; anything else is a mistake in the usage, which clap would exit 2 for.
fn answer_usage(answer: &clap::Error, console: &mut Console) -> Exit {
    let text = if console.out_is_styled { answer.render().ansi().to_string() } else { answer.render().to_string() };
    if answer.use_stderr() {
        console.remark(text.trim_end());
        Exit::Usage
    } else {
        console.write(&text);
        Exit::Clean
    }
}
