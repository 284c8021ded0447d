//! `growset serve --config FILE`: options that neither a flag nor the environment gives.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use toml::{Table, Value};

use crate::arguments::Arguments;
use crate::error::CliError;

/// The arguments, and behind them what the file adds; with the file, when there is one. Wrong arguments stay as they
/// are: whoever parses them says what is wrong.
pub(crate) fn with_file(mut arguments: Vec<OsString>) -> Result<(Vec<OsString>, Option<PathBuf>), CliError> {
    let command = Arguments::command();
    let Ok(matches) = command.clone().try_get_matches_from(&arguments) else {
        return Ok((arguments, None));
    };
    let Some(("serve", given)) = matches.subcommand() else {
        return Ok((arguments, None));
    };
    let Some(path) = given.get_one::<PathBuf>("config").cloned() else {
        return Ok((arguments, None));
    };
    let known: Vec<String> = command
        .find_subcommand("serve")
        .into_iter()
        .flat_map(|serve| serve.get_arguments().filter_map(clap::Arg::get_long))
        .filter(|name| !matches!(*name, "config" | "help" | "dev"))
        .map(str::to_owned)
        .collect();
    for (key, value) in read(&path)? {
        let name = key.replace('_', "-");
        if !known.contains(&name) {
            let message = format!("{}: `{key}` is none of {}", path.display(), known.join(", "));
            return Err(CliError::Refused(message));
        }
        let is_given = given
            .value_source(&name.replace('-', "_"))
            .is_some_and(|source| matches!(source, ValueSource::CommandLine | ValueSource::EnvVariable));
        if !is_given {
            arguments.push(format!("--{name}={}", text(&path, &key, &value)?).into());
        }
    }
    Ok((arguments, Some(path)))
}

/// Where a wrong value comes from, when that is not the command line. What a file adds is parsed only when everything
/// else is right, so that whatever is wrong then is the file's.
pub(crate) fn source(answer: &clap::Error, file: Option<&Path>) -> Option<String> {
    if let Some(file) = file {
        return Some(file.display().to_string());
    }
    let context = |kind| match answer.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None, // An error of another kind.
    };
    let (name, value) = (context(ContextKind::InvalidArg)?, context(ContextKind::InvalidValue)?);
    let name = name.split_whitespace().next()?.strip_prefix("--")?;
    let command = Arguments::command();
    let argument = command.find_subcommand("serve")?.get_arguments().find(|one| one.get_long() == Some(name))?;
    let variable = argument.get_env()?;
    let is_meant = std::env::var_os(variable).is_some_and(|text| text == value);
    is_meant.then(|| format!("the environment, {}", variable.to_string_lossy()))
}

fn read(path: &Path) -> Result<Table, CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::disk("read the configuration", path))?;
    text.parse().map_err(|error| CliError::Refused(format!("{}: {error}", path.display())))
}

fn text(path: &Path, key: &str, value: &Value) -> Result<String, CliError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Array(items) => {
            let items: Result<Vec<String>, CliError> = items.iter().map(|item| text_of_item(path, key, item)).collect();
            items.map(|items| items.join(","))
        }
        Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => Err(unfit(path, key)),
    }
}

fn text_of_item(path: &Path, key: &str, item: &Value) -> Result<String, CliError> {
    item.as_str().map(str::to_owned).ok_or_else(|| unfit(path, key))
}

fn unfit(path: &Path, key: &str) -> CliError {
    CliError::Refused(format!("{}: `{key}` is a text, a whole number or a list of texts", path.display()))
}
