//! `growset.yaml`: what holds for the whole catalog.

use std::collections::BTreeMap;

use growset_model::{Diagnostic, EventName, LintLevel, LintPolicy, NamePolicy, Place, RustPackage, Settings, Severity};

use crate::lower::Lowering;
use crate::lower::mapping::Keys;
use crate::rules;
use crate::suggest::{nearest, shown};
use crate::tree::{Entry, Node, NodeKind};

/// The version of the contract language that this crate reads.
const LANGUAGE_VERSION: u64 = 1;

/// Every key of `growset.yaml`.
pub(crate) const SETTINGS_KEYS: &[&str] = &["growset", "title", "schema_base", "npm", "rust", "names", "policy"];
pub(crate) const NPM_KEYS: &[&str] = &["name"];
pub(crate) const RUST_KEYS: &[&str] = &["name", "event_crate"];
/// What Cargo takes in a dependency line and makes sense for one crate of traits.
pub(crate) const EVENT_CRATE_KEYS: &[&str] = &["path", "version", "git", "branch", "tag", "rev", "registry", "package"];
pub(crate) const NAMES_KEYS: &[&str] = &["any"];

/// Reads `growset.yaml`. What is missing or wrong is reported and keeps a value that later stages can work with.
pub(crate) fn lower_settings(lowering: &mut Lowering<'_>, root: &Node, shown: &str) -> Settings {
    let mut settings = fallback();
    let Some(keys) = lowering.keys(shown, root.place, root, SETTINGS_KEYS) else { return settings };
    if !lowering.version(&keys, shown) {
        return settings; // Written for a newer tool: every further report would be noise.
    }
    if let Some(title) = lowering.required(&keys, shown, "title", "it heads the documentation") {
        settings.title = title;
    }
    if let Some(base) = lowering.schema_base(&keys, shown) {
        settings.schema_base = base;
    }
    if let Some(name) = lowering.npm_name(&keys, shown) {
        settings.npm_name = name;
    }
    if let Some(rust) = lowering.rust(&keys, shown) {
        settings.rust = rust;
    }
    settings.names = keys.find("names").map(|entry| lowering.names_policy(entry)).unwrap_or_default();
    settings.policy = keys.find("policy").map(|entry| lowering.policy(entry)).unwrap_or_default();
    settings
}

/// Settings that stand in for those that could not be read.
pub(crate) fn fallback() -> Settings {
    Settings {
        title: "Events".to_owned(),
        schema_base: "https://example.com/schemas".to_owned(),
        npm_name: "events".to_owned(),
        rust: RustPackage { name: "events".to_owned(), event_crate: BTreeMap::new() },
        ..Settings::default()
    }
}

impl Lowering<'_> {
    /// Whether this tool knows the language version.
    fn version(&mut self, keys: &Keys<'_>, file: &str) -> bool {
        let Some(entry) = keys.find("growset") else {
            let way_out = format!("write `growset: {LANGUAGE_VERSION}`, the version of the contract language");
            self.missing_key(keys, file, "growset", &way_out);
            return true;
        };
        let place = entry.value.place;
        // Digits of any number are a version, even those that no integer holds.
        let digits = entry.value.scalar_text().unwrap_or("");
        let is_huge = digits.len() > 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let version = if is_huge {
            shown(digits)
        } else {
            match self.count(entry) {
                None | Some(LANGUAGE_VERSION) => return true,
                Some(version) => version.to_string(),
            }
        };
        if version == "0" {
            let message = format!("there is no language version 0; write `growset: {LANGUAGE_VERSION}`");
            let edits = self.replace(place, LANGUAGE_VERSION.to_string());
            self.report(
                Diagnostic::new(&rules::UNSUPPORTED_VERSION, place, message)
                    .label("unknown version")
                    .certain_fix(format!("write `{LANGUAGE_VERSION}`"), edits),
            );
            return true;
        }
        let message = format!(
            "these contracts are written in language version {version}, and this tool reads up to version \
             {LANGUAGE_VERSION}; install growset 0.{version}.0 or later"
        );
        self.refuse(&rules::UNSUPPORTED_VERSION, place, message, &format!("newer than {LANGUAGE_VERSION}"));
        false
    }

    fn required(&mut self, keys: &Keys<'_>, shown: &str, key: &str, way_out: &str) -> Option<String> {
        match keys.find(key) {
            Some(entry) => {
                let text = self.string(entry)?;
                if text.trim().is_empty() {
                    let message = format!("`{key}` is empty; {way_out}");
                    self.refuse(&rules::WRONG_SHAPE, entry.value.place, message, "nothing in it");
                    return None;
                }
                Some(text)
            }
            None => {
                self.missing_key(keys, shown, key, way_out);
                None
            }
        }
    }

    fn schema_base(&mut self, keys: &Keys<'_>, shown: &str) -> Option<String> {
        let base = self.required(
            keys,
            shown,
            "schema_base",
            "every schema's `$id` starts with it, as in `https://events.example.com/schemas`",
        )?;
        let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://")).unwrap_or("");
        let well_formed = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}?#".contains(&byte));
        if well_formed {
            return Some(base.trim_end_matches('/').to_owned());
        }
        if let Some(entry) = keys.find("schema_base") {
            self.wrong_shape(entry, "an absolute URL without query, such as `https://events.example.com/schemas`");
        }
        None
    }

    fn npm_name(&mut self, keys: &Keys<'_>, shown: &str) -> Option<String> {
        let way_out = "name the npm package, as in `npm: { name: \"@example/events\" }`";
        let Some(entry) = keys.find("npm") else {
            self.missing_key(keys, shown, "npm", way_out);
            return None;
        };
        let inner = self.keys("npm", entry.key.place, &entry.value, NPM_KEYS)?;
        let name = self.required(&inner, "npm", "name", way_out)?;
        match refused_npm_name(&name) {
            None => Some(name),
            Some(message) => {
                self.invalid_package(&inner, message);
                None
            }
        }
    }

    fn rust(&mut self, keys: &Keys<'_>, shown: &str) -> Option<RustPackage> {
        let way_out = "name the Rust crate, as in `rust: { name: example-events }`";
        let Some(entry) = keys.find("rust") else {
            self.missing_key(keys, shown, "rust", way_out);
            return None;
        };
        let inner = self.keys("rust", entry.key.place, &entry.value, RUST_KEYS)?;
        let event_crate = inner.find("event_crate").map(|entry| self.event_crate(entry)).unwrap_or_default();
        let name = self.required(&inner, "rust", "name", way_out)?;
        if RESERVED_CRATES.contains(&name.replace('-', "_").as_str()) {
            let message = "a crate of this name is a part of Rust or one that the generated crate builds on; choose \
                           another, as in `example-events`";
            self.invalid_package(&inner, message);
            return None;
        }
        if is_crate_name(&name) {
            return Some(RustPackage { name, event_crate });
        }
        self.invalid_package(&inner, "a crate is named by letters, digits, `-` and `_`, as in `example-events`");
        None
    }

    fn invalid_package(&mut self, keys: &Keys<'_>, message: &str) {
        let place = keys.find("name").map_or(keys.place, |entry| entry.value.place);
        self.refuse(&rules::INVALID_NAME, place, message, "not a package name");
    }

    /// A dependency line as Cargo takes it: a version, or a mapping.
    fn event_crate(&mut self, entry: &Entry) -> BTreeMap<String, String> {
        if let NodeKind::Scalar(_) = entry.value.kind {
            return self.string(entry).map(|version| ("version".to_owned(), version)).into_iter().collect();
        }
        let Some(keys) = self.keys("event_crate", entry.key.place, &entry.value, EVENT_CRATE_KEYS) else {
            return BTreeMap::new();
        };
        let entries: Vec<_> = keys.iter().collect();
        entries.into_iter().filter_map(|(key, entry)| Some((key.to_owned(), self.string(entry)?))).collect()
    }

    /// `any`, or `{ any: [order_update] }`.
    fn names_policy(&mut self, entry: &Entry) -> NamePolicy {
        if !matches!(entry.value.kind, NodeKind::Mapping(_)) {
            return self.word(entry, &[("any", ())]).map_or(NamePolicy::Dotted, |()| NamePolicy::Any);
        }
        let keys = self.keys("names", entry.key.place, &entry.value, NAMES_KEYS);
        let Some(any) = keys.as_ref().and_then(|keys| keys.find("any")) else { return NamePolicy::Dotted };
        let mut names = Vec::new();
        for (text, place) in self.strings(any, "a list of event names, as in `[order_update]`") {
            match EventName::parse_any_style(text) {
                Ok(name) => {
                    self.check_exception(text, place);
                    names.push(name.to_string());
                }
                Err(error) => self.refuse(&rules::INVALID_NAME, place, error.to_string(), "not an event name"),
            }
        }
        NamePolicy::Except(names)
    }

    /// A misspelt exception lets nothing in. A warning, since `growset new` comes after the exception.
    fn check_exception(&mut self, name: &str, place: Place) {
        let known = self.names;
        if known.events_are_missing || known.events.contains(name) {
            return;
        }
        let message = format!("`names` lets `{name}` in, and no event is called so; correct or remove it");
        let near = nearest(name, known.events.iter().map(|event| &**event));
        let label = near.question().unwrap_or_else(|| "no event of this name".to_owned());
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_EVENT, place, message).label(label);
        self.report(diagnostic.weighing(Severity::Warning));
    }

    /// Rule ids are checked by whoever knows the lints.
    fn policy(&mut self, entry: &Entry) -> BTreeMap<String, LintPolicy> {
        let NodeKind::Mapping(mapping) = &entry.value.kind else {
            self.wrong_shape(entry, "a mapping of lints to `allow`, `warn` or `deny`");
            return BTreeMap::new();
        };
        let words = [LintLevel::Allow, LintLevel::Warn, LintLevel::Deny].map(|level| (level.as_str(), level));
        let lines = mapping.entries.iter().filter_map(|line| {
            let level = self.word(line, &words)?;
            Some((line.key.text.to_string(), LintPolicy { level, place: line.key.place }))
        });
        lines.collect()
    }
}

/// Why npm or the file system would refuse a name: `name` or `@scope/name`, each lower case and safe in a URL (npm's
/// rules for new packages).
fn refused_npm_name(name: &str) -> Option<&'static str> {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let part = |part: &str| !part.is_empty() && !part.starts_with(['.', '_']) && part.chars().all(is_safe);
    let parts_are_good = match name.strip_prefix('@') {
        Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| part(scope) && part(name)),
        None => part(name),
    };
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Some("an npm package is named in lower case, as in `@example/events`")
    } else if !parts_are_good {
        Some("an npm package is named by letters, digits, `-`, `.` and `_`, as in `@example/events`")
    } else if matches!(name, "node_modules" | "favicon.ico") {
        Some("npm keeps this name for itself; choose another, as in `@example/events`")
    } else if name.len() > 214 {
        Some("the name of an npm package has 214 characters at most; choose a shorter one")
    } else {
        None
    }
}

/// Names that a crate cannot bear, or that would stand in the way of what the generated crate imports.
const RESERVED_CRATES: &[&str] =
    &["alloc", "core", "crate", "growset_event", "proc_macro", "self", "serde", "serde_json", "std", "super", "test"];

/// What Cargo takes for a package.
fn is_crate_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
