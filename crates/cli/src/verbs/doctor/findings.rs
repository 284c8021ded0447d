//! What was examined, what was found, and what to change.

use serde_json::{Value, json};

use crate::remote::Address;
use crate::verbs::tap::LineFormat;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fine,
    Note,
    Problem,
    Skipped,
}

#[derive(Debug)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    said: String,
    advice: Option<String>,
}

/// In the order in which things were examined.
#[derive(Debug, Default)]
pub(super) struct Findings {
    findings: Vec<Finding>,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
            Self::Skipped => "skipped",
        }
    }
}

impl Findings {
    /// As it should be.
    pub(super) fn fine(&mut self, check: &'static str, said: impl Into<String>) {
        self.push(check, Verdict::Fine, said.into(), None);
    }

    /// It works, and could be better.
    pub(super) fn note(&mut self, check: &'static str, said: impl Into<String>, advice: impl Into<String>) {
        self.push(check, Verdict::Note, said.into(), Some(advice.into()));
    }

    /// Pages suffer from it.
    pub(super) fn problem(&mut self, check: &'static str, said: impl Into<String>, advice: impl Into<String>) {
        self.push(check, Verdict::Problem, said.into(), Some(advice.into()));
    }

    /// Could not be examined, and why.
    pub(super) fn skipped(&mut self, check: &'static str, why: impl Into<String>) {
        self.push(check, Verdict::Skipped, why.into(), None);
    }

    fn push(&mut self, check: &'static str, verdict: Verdict, said: String, advice: Option<String>) {
        self.findings.push(Finding { check, verdict, said, advice });
    }

    pub(super) fn problems(&self) -> usize {
        self.count(Verdict::Problem)
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == verdict).count()
    }

    pub(super) fn told(&self, format: LineFormat, address: &Address) -> String {
        match format {
            LineFormat::Text => self.text(),
            LineFormat::Json => format!("{}\n", self.document(address)),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for Finding { check, verdict, said, advice } in &self.findings {
            text.push_str(&format!("{:<8} {check:<12} {said}\n", verdict.as_str()));
            for line in advice.iter().flat_map(|advice| advice.lines()) {
                text.push_str(&format!("{:<21} → {line}\n", ""));
            }
        }
        text.push_str(&format!("\n{} problems, {} notes\n", self.problems(), self.count(Verdict::Note)));
        text
    }

    fn document(&self, address: &Address) -> Value {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "check": finding.check, "verdict": finding.verdict.as_str(),
                "said": finding.said, "advice": finding.advice,
            })
        });
        json!({ "url": address.to_string(), "problems": self.problems(), "checks": findings.collect::<Vec<_>>() })
    }
}
