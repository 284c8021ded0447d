//! A text that one set of texts has and another lacks, decided by walking both automata at once.
//!
//! Sets of texts are given by a pattern or a list, and by limits of length. The walk goes by length, shortest first, and
//! keeps each pair of stands once; past the last limit of either side the length no longer matters. So it ends, and
//! finds the shortest text or proves that there is none, unless that takes too long.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::Pattern;
use super::class::Class;
use super::machine::Machine;
use crate::shape::Text;

/// How much a walk may cost, in steps looked at.
const MOST_WORK: usize = 1_000_000;
/// How many pairs of stands a walk may note down, which bounds its memory.
const MOST_PAIRS: usize = 200_000;

/// A set of texts.
#[derive(Debug, Clone)]
pub struct Texts<'t> {
    /// What they look like.
    pub form: Form<'t>,
    /// How many code points they have.
    pub lengths: RangeInclusive<u64>,
}

/// What the texts of a set look like.
#[derive(Debug, Clone)]
pub enum Form<'t> {
    /// Anything.
    Any,
    /// One in which the pattern is found.
    Found(&'t Pattern),
    /// One of these.
    Listed(Vec<&'t str>),
}

/// Whether one set of texts has what another lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It has this text, and none shorter.
    Text(String),
    /// It has none: it is a part of the other.
    None,
    /// That would take too long to find out.
    Undecided,
}

impl Texts<'static> {
    /// No text at all.
    pub const NONE: Self = Self { form: Form::Listed(Vec::new()), lengths: 0..=0 };
}

impl<'t> Texts<'t> {
    /// The texts of a string type.
    pub fn of_text(text: &'t Text) -> Self {
        let lengths = text.min_length.unwrap_or(0)..=text.max_length.unwrap_or(u64::MAX);
        Self { form: text.pattern.as_ref().map_or(Form::Any, Form::Found), lengths }
    }

    /// The same texts, of other lengths.
    pub fn of_lengths(self, lengths: RangeInclusive<u64>) -> Self {
        Self { lengths, ..self }
    }

    /// The shortest text of this set that `other` lacks. Line breaks and the like only where nothing else will do.
    pub fn without(&self, other: &Texts) -> Difference {
        if let Form::Listed(listed) = &self.form {
            let mut own: Vec<&&str> = listed.iter().filter(|text| self.has(text) && !other.has(text)).collect();
            own.sort_by_key(|text| (text.chars().count(), **text));
            return own.first().map_or(Difference::None, |text| Difference::Text((**text).to_owned()));
        }
        Walk::new(self, other).run()
    }

    /// Whether a text belongs to the set.
    pub fn has(&self, text: &str) -> bool {
        let is_long_enough = self.lengths.contains(&(text.chars().count() as u64));
        is_long_enough
            && match &self.form {
                Form::Any => true,
                Form::Found(pattern) => pattern.is_match(text),
                Form::Listed(listed) => listed.contains(&text),
            }
    }

    /// The length from which on no limit matters.
    fn last_limit(&self) -> u64 {
        let end = *self.lengths.end();
        if end == u64::MAX { *self.lengths.start() } else { end.saturating_add(1).max(*self.lengths.start()) }
    }
}

/// One side of a walk: reads texts one character after the other.
enum Reader<'t> {
    Any,
    Machine(Machine<'t>),
    /// The texts of a list that begin so; the last stand is that none does.
    Prefixes(Vec<&'t str>),
}

impl<'t> Reader<'t> {
    fn new(form: &Form<'t>) -> Self {
        match form {
            Form::Any => Self::Any,
            Form::Found(pattern) => Self::Machine(Machine::new(&pattern.parsed.program)),
            Form::Listed(listed) => {
                let ends = |text: &'t str| text.char_indices().map(|(at, _)| at).chain([text.len()]);
                let prefixes: BTreeSet<&str> =
                    listed.iter().flat_map(|text| ends(text).filter_map(|end| text.get(..end))).chain([""]).collect();
                Self::Prefixes(prefixes.into_iter().collect())
            }
        }
    }

    fn after(&mut self, stand: usize, character: char) -> (usize, usize) {
        match self {
            Self::Any => (0, 1),
            Self::Machine(machine) => machine.after(stand, character),
            Self::Prefixes(prefixes) => {
                let read = prefixes.get(stand).map(|prefix| format!("{prefix}{character}"));
                let next = read.and_then(|read| prefixes.binary_search(&read.as_str()).ok());
                (next.unwrap_or(prefixes.len()), 1)
            }
        }
    }

    fn accepts(&self, stand: usize, form: &Form) -> bool {
        match (self, form) {
            (Self::Machine(machine), _) => machine.accepts(stand),
            (Self::Prefixes(prefixes), Form::Listed(listed)) => {
                prefixes.get(stand).is_some_and(|prefix| listed.contains(prefix))
            }
            (Self::Any | Self::Prefixes(_), _) => true,
        }
    }
}

/// Where both sides stand, and how the walk got there: the pair before and the character since.
struct Pair {
    stands: (usize, usize),
    before: Option<(usize, char)>,
}

struct Walk<'w, 't> {
    sets: (&'w Texts<'t>, &'w Texts<'t>),
    readers: (Reader<'t>, Reader<'t>),
    alphabet: Vec<char>,
    pairs: Vec<Pair>,
    work: usize,
}

impl<'w, 't> Walk<'w, 't> {
    fn new(own: &'w Texts<'t>, other: &'w Texts<'t>) -> Self {
        let readers = (Reader::new(&own.form), Reader::new(&other.form));
        let alphabet = alphabet(&readers);
        let start = Pair { stands: (0, 0), before: None };
        Self { sets: (own, other), readers, alphabet, pairs: vec![start], work: 0 }
    }

    fn run(mut self) -> Difference {
        let (own, other) = self.sets;
        let last_limit = own.last_limit().max(other.last_limit());
        let mut layer = vec![0];
        let mut seen = BTreeSet::new();
        for length in 0..=*own.lengths.end() {
            if let Some(&found) = layer.iter().find(|&&at| self.tells(at, length)) {
                return Difference::Text(self.spelled(found));
            }
            if length >= last_limit {
                layer.retain(|&at| seen.insert(self.pairs[at].stands));
            }
            if layer.is_empty() {
                return Difference::None;
            }
            layer = self.next(&layer);
            if self.work > MOST_WORK || self.pairs.len() > MOST_PAIRS {
                return Difference::Undecided;
            }
        }
        Difference::None
    }

    fn tells(&self, at: usize, length: u64) -> bool {
        let ((own, other), (one, two)) = (self.sets, self.pairs[at].stands);
        let has = own.lengths.contains(&length) && self.readers.0.accepts(one, &own.form);
        has && !(other.lengths.contains(&length) && self.readers.1.accepts(two, &other.form))
    }

    /// Every pair of stands one character on, each once.
    fn next(&mut self, layer: &[usize]) -> Vec<usize> {
        let mut met = BTreeSet::new();
        let mut next = Vec::new();
        for &at in layer {
            let (one, two) = self.pairs[at].stands;
            for index in 0..self.alphabet.len() {
                let character = self.alphabet[index];
                let ((own, cost), (other, more)) =
                    (self.readers.0.after(one, character), self.readers.1.after(two, character));
                self.work += cost + more;
                if met.insert((own, other)) {
                    next.push(self.pairs.len());
                    self.pairs.push(Pair { stands: (own, other), before: Some((at, character)) });
                }
            }
            if self.work > MOST_WORK {
                return next;
            }
        }
        next
    }

    fn spelled(&self, at: usize) -> String {
        let mut characters = Vec::new();
        let mut pair = &self.pairs[at];
        while let Some((before, character)) = pair.before {
            characters.push(character);
            pair = &self.pairs[before];
        }
        characters.iter().rev().collect()
    }
}

/// One character for every group that neither side tells apart, the plainest of it, plain groups first.
fn alphabet(readers: &(Reader, Reader)) -> Vec<char> {
    let mut classes: BTreeSet<Class> = BTreeSet::new();
    let mut alone: BTreeSet<char> = BTreeSet::new();
    for reader in [&readers.0, &readers.1] {
        match reader {
            Reader::Any => (),
            Reader::Machine(machine) => classes.extend(machine.classes()),
            Reader::Prefixes(prefixes) => alone.extend(prefixes.iter().flat_map(|prefix| prefix.chars())),
        }
    }
    let fresh = ['\u{1F600}', '\u{1F601}', '\u{e9}'].into_iter().chain('\u{4e00}'..);
    let beyond = fresh.into_iter().find(|character| !alone.contains(character));
    let mut everyone: Vec<char> = ('\0'..='\x7f').chain(beyond).collect();
    everyone.sort_by_key(|character| plainness(*character));
    let mut groups: BTreeSet<Vec<bool>> = BTreeSet::new();
    let mut is_new = |character: &char| {
        !alone.contains(character) && groups.insert(classes.iter().map(|class| class.contains(*character)).collect())
    };
    let mut alphabet: Vec<char> = everyone.into_iter().filter(|character| is_new(character)).collect();
    alphabet.extend(&alone);
    alphabet.sort_by_key(|character| plainness(*character));
    alphabet
}

fn plainness(character: char) -> (u8, char) {
    let rank = match character {
        'a'..='z' => 0,
        '0'..='9' => 1,
        'A'..='Z' => 2,
        '!'..='~' => 3,
        ' ' => 4,
        '\u{80}'.. => 5,
        _ => 6, // Control characters.
    };
    (rank, character)
}
