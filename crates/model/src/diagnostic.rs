//! What is wrong with a contract: a value, not an error, so that one pass reports every problem.

use crate::place::Place;

/// How much a diagnostic weighs. Errors make a catalog invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Makes the catalog invalid: exit code 2.
    Error,
    /// Worth mending, but nothing is refused.
    Warning,
    /// Said once, for orientation.
    Note,
}

impl Severity {
    /// The word that every format prints.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A rule: a stable kebab-case id that names the bad pattern and reads well after "allow". Ids are never reused.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Such as `missing-doc`.
    pub id: &'static str,
    /// How much a violation weighs unless `policy` in `growset.yaml` says otherwise.
    pub severity: Severity,
    /// One sentence, lower case, without a full stop.
    pub summary: &'static str,
    /// A lint is advice that `policy` may turn up or off; anything else cannot be allowed away.
    pub lint: bool,
}

/// A further place that explains the first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there, such as `first defined here`.
    pub text: String,
}

/// One replacement of text. An empty place inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// By what.
    pub text: String,
}

/// A way out that a tool can apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Imperative, such as `quote the value`.
    pub title: String,
    /// All of them together, none overlapping.
    pub edits: Vec<Edit>,
    /// `growset fix` applies certain fixes; the others are shown only.
    pub certain: bool,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub rule: &'static Rule,
    /// As the rule says, or as `policy` says.
    pub severity: Severity,
    /// What, where and the way out; lower case, without a full stop.
    pub message: String,
    /// Where the caret goes.
    pub place: Place,
    /// The key of the contract language whose value is at fault, where that value has no place of its own in the model:
    /// the reader of the language moves the caret to it.
    pub key: Option<&'static str>,
    /// Said beside the caret; may be empty.
    pub label: String,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// What shows it or explains it, one line each.
    pub notes: Vec<String>,
    /// The way out in words, one sentence each.
    pub help: Vec<String>,
    /// The way out as text edits.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic of `rule` at `place`, with the rule's own severity.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            place,
            key: None,
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Blames the value of one key of what stands at the place.
    pub fn at_key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// Says something beside the caret.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Shows a further place.
    pub fn related(mut self, place: Place, text: impl Into<String>) -> Self {
        self.related.push(Label { place, text: text.into() });
        self
    }

    /// Weighs it otherwise than the rule does.
    pub fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds a line that shows or explains it.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a way out in words.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a way out that `growset fix` applies.
    pub fn certain_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(Fix { title: title.into(), edits, certain: true })
    }

    /// Adds a way out that is likely, but a person should decide.
    pub fn likely_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(Fix { title: title.into(), edits, certain: false })
    }

    fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}
