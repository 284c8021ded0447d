//! `waivers.yaml`: the breaks that a team decided to make.

use growset_model::{Diagnostic, Waiver};

use crate::lower::Lowering;
use crate::rules;
use crate::tree::{Entry, Node, NodeKind};

/// Every key of `waivers.yaml`.
pub(crate) const WAIVERS_FILE_KEYS: &[&str] = &["waivers"];
/// Every key of one waiver.
pub(crate) const WAIVER_KEYS: &[&str] = &["fingerprint", "reason", "owner", "expires"];

/// What each key is for, for whoever left it out.
const WAYS_OUT: [(&str, &str); 4] = [
    ("fingerprint", "copy it from the report of the finding"),
    ("reason", "say why the break is right"),
    ("owner", "name the team that answers for it"),
    ("expires", "say until when it holds, as in `expires: \"2027-06-30\"`"),
];

impl Lowering<'_> {
    /// The waivers of the file. One that lacks a key waives nothing.
    pub(crate) fn lower_waivers(&mut self, root: &Node, shown: &str) -> Vec<Waiver> {
        let Some(keys) = self.keys(shown, root.place, root, WAIVERS_FILE_KEYS) else { return Vec::new() };
        let Some(entry) = keys.find("waivers") else {
            self.missing_key(&keys, shown, "waivers", "list the waivers under it");
            return Vec::new();
        };
        if entry.value.is_left_out() {
            return Vec::new(); // The last waiver was taken into the lock.
        }
        let NodeKind::List(list) = &entry.value.kind else {
            self.wrong_shape(entry, "a list of waivers, each after a `- `");
            return Vec::new();
        };
        let mut waivers: Vec<Waiver> = Vec::new();
        for item in &list.items {
            let Some(waiver) = self.waiver(item) else { continue };
            if let Some(first) = waivers.iter().find(|other| other.fingerprint == waiver.fingerprint) {
                let message = format!("finding {} is waived twice; keep one of them", waiver.fingerprint);
                let place = self.first_line(waiver.place);
                let first = self.first_line(first.place);
                let diagnostic = Diagnostic::new(&rules::DUPLICATE_NAME, place, message).label("again here");
                self.report(diagnostic.related(first, "first here"));
                continue;
            }
            waivers.push(waiver);
        }
        waivers
    }

    fn waiver(&mut self, item: &Node) -> Option<Waiver> {
        let keys = self.keys("a waiver", self.first_line(item.place), item, WAIVER_KEYS)?;
        for (key, way_out) in WAYS_OUT {
            if keys.find(key).is_none() {
                self.missing_key(&keys, "a waiver", key, way_out);
            }
        }
        let fingerprint = self.string(keys.find("fingerprint")?);
        let reason = self.said(keys.find("reason")?, "why the break is right");
        let owner = self.said(keys.find("owner")?, "the name of the team that answers for it");
        let expires = self.date(keys.find("expires")?);
        Some(Waiver { fingerprint: fingerprint?, reason: reason?, owner: owner?, expires: expires?, place: item.place })
    }

    /// A string that says something: it is all that tells later why a break was taken.
    fn said(&mut self, entry: &Entry, expected: &str) -> Option<String> {
        let text = self.string(entry)?;
        if text.trim().is_empty() {
            self.wrong_shape(entry, expected);
            return None;
        }
        Some(text)
    }
}
