//! What a file loses by what it refers to in another one: it is told there, and counted here as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Document;
use crate::library::{Library, Spot};
use crate::loss::{Done, Loss};
use crate::place::written;
use crate::refused::references;

/// Losses by file, and what was found of them so far.
struct Abroad<'a> {
    documents: &'a [Document],
    library: &'a Library,
    losses: BTreeMap<&'a str, Vec<&'a Loss>>,
    known: BTreeMap<Spot, Option<Done>>,
}

/// A word at each reference of one of those files to another one that loses something there.
pub(crate) fn told_at_references(
    documents: &[Document],
    library: &Library,
    losses: &[Loss],
    is_read: impl Fn(&Document) -> bool,
) -> Vec<Loss> {
    let mut by_file: BTreeMap<&str, Vec<&Loss>> = BTreeMap::new();
    losses.iter().for_each(|loss| by_file.entry(&loss.file).or_default().push(loss));
    let mut abroad = Abroad { documents, library, losses: by_file, known: BTreeMap::new() };
    let mut told = Vec::new();
    for (at, document) in documents.iter().enumerate().filter(|(_, document)| is_read(document)) {
        let Some(schema) = library.schemas.get(at) else { continue };
        for (target, pointer) in references(schema).into_iter().filter(|(target, _)| target.document != at) {
            let Some(done) = abroad.heaviest(&target) else { continue };
            told.push(Loss {
                file: document.path.clone(),
                pointer: written(&document.value, &pointer),
                construct: "$ref".to_owned(),
                done,
                note: format!("leads to {}, where it is told what is lost", documents[target.document].path),
                count: 1,
                leaves_nothing: false,
            });
        }
    }
    told
}

impl Abroad<'_> {
    /// What was done about the heaviest loss of a schema and of all that it refers to.
    fn heaviest(&mut self, target: &Spot) -> Option<Done> {
        if let Some(known) = self.known.get(target) {
            return *known;
        }
        let (mut seen, mut waiting) = (BTreeSet::from([target.clone()]), vec![target.clone()]);
        let mut all: BTreeSet<Done> = BTreeSet::new();
        while let Some(spot) = waiting.pop() {
            let Document { path, value } = &self.documents[spot.document];
            let place = written(value, &spot.pointer);
            let is_inside = |loss: &&&Loss| {
                loss.pointer.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            all.extend(self.losses.get(path.as_str()).into_iter().flatten().filter(is_inside).map(|loss| loss.done));
            let further = self.library.at(&spot).map(references).unwrap_or_default();
            waiting.extend(further.into_iter().map(|(next, _)| next).filter(|next| seen.insert(next.clone())));
        }
        let heaviest = Done::ALL.into_iter().find(|done| all.contains(done));
        self.known.insert(target.clone(), heaviest);
        heaviest
    }
}
