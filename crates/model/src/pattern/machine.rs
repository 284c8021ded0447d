//! A pattern's automaton made deterministic, one state at a time, as far as a search gets.

use std::collections::BTreeMap;

use super::class::Class;
use super::program::{Program, Step};

/// Where a reading stands. Whatever was read, the same stand takes the same rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Stand {
    /// The steps that take the next character.
    takers: Vec<usize>,
    /// Found already, whatever follows.
    found: bool,
    /// Found if the text ends here.
    found_at_end: bool,
}

/// The stands met so far, by number; the first is the start of the text.
pub(super) struct Machine<'p> {
    program: &'p Program,
    stands: Vec<Stand>,
    numbers: BTreeMap<Stand, usize>,
    next: BTreeMap<(usize, char), usize>,
}

impl<'p> Machine<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        let mut machine = Self { program, stands: Vec::new(), numbers: BTreeMap::new(), next: BTreeMap::new() };
        machine.number(&[], true);
        machine
    }

    /// The classes that tell characters apart.
    pub(super) fn classes(&self) -> impl Iterator<Item = Class> {
        self.program.steps.iter().filter_map(|step| match step {
            Step::Take(class, _) => Some(*class),
            Step::Fork(..) | Step::AtStart(_) | Step::AtEnd(_) | Step::Found => None,
        })
    }

    /// Whether a text that ends at this stand matches.
    pub(super) fn accepts(&self, stand: usize) -> bool {
        self.stands.get(stand).is_some_and(|stand| stand.found_at_end)
    }

    /// The stand after one more character, and what it cost to find.
    pub(super) fn after(&mut self, stand: usize, character: char) -> (usize, usize) {
        if let Some(&known) = self.next.get(&(stand, character)) {
            return (known, 1);
        }
        let Some(before) = self.stands.get(stand) else {
            return (stand, 1);
        };
        let cost = self.program.steps.len() / 8 + 1;
        let next = if before.found {
            stand
        } else {
            let on: Vec<usize> = before
                .takers
                .iter()
                .filter_map(|&step| match self.program.steps[step] {
                    Step::Take(class, on) if class.contains(character) => Some(on),
                    _ => None, // Another character, or no step that takes one.
                })
                .collect();
            self.number(&on, false)
        };
        self.next.insert((stand, character), next);
        (next, cost)
    }

    /// The number of the stand that is reached at these steps; a match may start at any place of the text.
    fn number(&mut self, steps: &[usize], at_start: bool) -> usize {
        let (takers, found) = self.closure(steps, at_start, false);
        let stand = if found {
            Stand { takers: Vec::new(), found: true, found_at_end: true }
        } else {
            let (_, found_at_end) = self.closure(steps, at_start, true);
            Stand { takers, found: false, found_at_end }
        };
        if let Some(&known) = self.numbers.get(&stand) {
            return known;
        }
        let number = self.stands.len();
        self.numbers.insert(stand.clone(), number);
        self.stands.push(stand);
        number
    }

    /// All that takes a character and is reached without one, and whether the end of the pattern is.
    fn closure(&self, steps: &[usize], at_start: bool, at_end: bool) -> (Vec<usize>, bool) {
        let mut seen = vec![false; self.program.steps.len()];
        let mut waiting: Vec<usize> = steps.iter().copied().chain([self.program.start]).collect();
        let mut found = false;
        let mut takers = Vec::new();
        while let Some(step) = waiting.pop() {
            if std::mem::replace(&mut seen[step], true) {
                continue;
            }
            match self.program.steps[step] {
                Step::Take(..) => takers.push(step),
                Step::Fork(first, second) => waiting.extend([second, first]),
                Step::AtStart(on) if at_start => waiting.push(on),
                Step::AtEnd(on) if at_end => waiting.push(on),
                Step::AtStart(_) | Step::AtEnd(_) => {}
                Step::Found => found = true,
            }
        }
        takers.sort_unstable();
        (takers, found)
    }
}
