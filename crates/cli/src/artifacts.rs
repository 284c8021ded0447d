//! Everything that `generated/` should hold: the targets of codegen, and those that only this crate can make.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use growset_codegen::Artifact;

use crate::check::Checked;
use crate::error::CliError;
use crate::pages;

/// What one target makes.
pub(crate) struct Output {
    /// As it is printed.
    pub target: &'static str,
    /// In order of path.
    pub artifacts: Vec<Artifact>,
}

/// The artifact by which a folder is known to be growset's own, and that is therefore written first.
pub(crate) const MARKER: &str = "editor/contract.schema.json";

/// Runs every target on a valid catalog.
pub(crate) fn all(checked: &Checked) -> Result<Vec<Output>, CliError> {
    let generated = growset_codegen::generate(&checked.catalog, &checked.sources, growset_derive::BUILT_IN)?;
    let mut outputs =
        vec![Output { target: "editor", artifacts: editor(checked) }, Output { target: "guides", artifacts: guides() }];
    outputs.extend(generated.into_iter().map(|(target, artifacts)| Output { target, artifacts }));
    for output in &mut outputs {
        output.artifacts.sort_by(|left, right| left.path.cmp(&right.path));
    }
    claim(&outputs)?;
    Ok(outputs)
}

/// The schemas that an editor completes and checks contracts by.
fn editor(checked: &Checked) -> Vec<Artifact> {
    growset_syntax::editor_schemas(&checked.catalog)
        .into_iter()
        .map(|(name, schema)| Artifact { path: format!("editor/{name}"), text: format!("{schema:#}\n") })
        .collect()
}

/// The guides and the pages of the rules, so that they are read where the contracts are.
fn guides() -> Vec<Artifact> {
    pages::ALL
        .iter()
        .map(|(name, text)| {
            let folder = if name.starts_with("rules/") { "docs" } else { "docs/guides" };
            Artifact { path: format!("{folder}/{name}"), text: (*text).to_owned() }
        })
        .collect()
}

/// Every path is below `generated/` and claimed once, also on a disk that ignores case.
fn claim(outputs: &[Output]) -> Result<(), CliError> {
    let mut claimed: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for output in outputs {
        for artifact in &output.artifacts {
            let path = Path::new(&artifact.path);
            if artifact.path.is_empty() || !path.components().all(|part| matches!(part, Component::Normal(_))) {
                return Err(CliError::Refused(format!(
                    "target {} would write `{}`, outside of the generated folder; please report this",
                    output.target, artifact.path
                )));
            }
            let taken = claimed.insert(artifact.path.to_lowercase(), (output.target, &artifact.path));
            if let Some((target, path)) = taken {
                return Err(CliError::Refused(format!(
                    "targets {target} and {} would both write `{path}` and `{}`, one file on disks that ignore case; \
                     rename one of the two names it stands for",
                    output.target, artifact.path
                )));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(target: &'static str, path: &str) -> Output {
        Output { target, artifacts: vec![Artifact { path: path.to_owned(), text: String::new() }] }
    }

    #[test]
    fn no_target_writes_outside_of_the_generated_folder() {
        for path in ["../x", "/etc/passwd", "a/../../x", "", "."] {
            assert!(claim(&[output("a", path)]).is_err(), "{path}");
        }
        assert!(claim(&[output("a", "docs/order.created.md")]).is_ok());
    }

    #[test]
    fn a_path_is_claimed_once() {
        assert!(claim(&[output("a", "docs/Order.md"), output("b", "docs/order.md")]).is_err());
    }
}
