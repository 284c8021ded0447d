//! A pattern as a small automaton (Thompson's construction), and its simulation in linear time.

use super::PatternError;
use super::class::Class;
use super::node::{Kind, Node};

/// The largest automaton, in steps. Counted repeats are written out, so this bounds what they expand to.
const LARGEST_PROGRAM: usize = 8000;

/// Invariant: no cycle of steps goes without a `Take`, because no repeat repeats what may be empty.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) start: usize,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// One character of the class, then on.
    Take(Class, usize),
    /// Either, as a backtracking engine would try them.
    Fork(usize, usize),
    /// On at the start of the text.
    AtStart(usize),
    /// On at the end of the text.
    AtEnd(usize),
    /// Found.
    Found,
}

impl Program {
    pub(super) fn compile(node: &Node) -> Result<Self, PatternError> {
        let mut compiler = Compiler { steps: vec![Step::Found] };
        let start = compiler.node(node, 0).ok_or_else(|| {
            let reason = "this pattern is too large once its repeats are written out; count to less, or bound the text by `max_length`";
            PatternError::new(node.range.clone(), reason)
        })?;
        Ok(Self { steps: compiler.steps, start })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        let mut now = Threads::new(self.steps.len());
        let mut next = Threads::new(self.steps.len());
        let mut rest = text.chars();
        let mut at_start = true;
        loop {
            let character = rest.next();
            now.add(self, self.start, at_start, character.is_none());
            if now.found {
                return true;
            }
            let Some(character) = character else {
                return false;
            };
            next.clear();
            let at_end = rest.as_str().is_empty();
            for &step in &now.takers {
                if let Step::Take(class, on) = self.steps[step]
                    && class.contains(character)
                {
                    next.add(self, on, false, at_end);
                }
            }
            std::mem::swap(&mut now, &mut next);
            at_start = false;
        }
    }
}

/// The steps that a simulation stands on, each once.
struct Threads {
    seen: Vec<bool>,
    marked: Vec<usize>,
    takers: Vec<usize>,
    found: bool,
}

impl Threads {
    fn new(size: usize) -> Self {
        Self { seen: vec![false; size], marked: Vec::new(), takers: Vec::new(), found: false }
    }

    fn clear(&mut self) {
        for step in self.marked.drain(..) {
            self.seen[step] = false;
        }
        self.takers.clear();
        self.found = false;
    }

    fn add(&mut self, program: &Program, step: usize, at_start: bool, at_end: bool) {
        let mut waiting = vec![step];
        while let Some(step) = waiting.pop() {
            if std::mem::replace(&mut self.seen[step], true) {
                continue;
            }
            self.marked.push(step);
            match program.steps[step] {
                Step::Take(..) => self.takers.push(step),
                Step::Fork(first, second) => waiting.extend([second, first]),
                Step::AtStart(on) if at_start => waiting.push(on),
                Step::AtEnd(on) if at_end => waiting.push(on),
                Step::AtStart(_) | Step::AtEnd(_) => {}
                Step::Found => self.found = true,
            }
        }
    }
}

struct Compiler {
    steps: Vec<Step>,
}

impl Compiler {
    fn push(&mut self, step: Step) -> Option<usize> {
        self.steps.push(step);
        (self.steps.len() <= LARGEST_PROGRAM).then_some(self.steps.len() - 1)
    }

    /// Writes the steps of `node` that go on to `on`, back to front; answers the first. Nothing when it gets too large.
    fn node(&mut self, node: &Node, on: usize) -> Option<usize> {
        match &node.kind {
            Kind::Class(class) => self.push(Step::Take(*class, on)),
            Kind::Start => self.push(Step::AtStart(on)),
            Kind::End => self.push(Step::AtEnd(on)),
            Kind::Sequence(nodes) => nodes.iter().rev().try_fold(on, |on, node| self.node(node, on)),
            Kind::Choice(nodes) => {
                let mut starts = Vec::with_capacity(nodes.len());
                for node in nodes {
                    starts.push(self.node(node, on)?);
                }
                let last = starts.pop()?;
                starts.into_iter().rev().try_fold(last, |rest, start| self.push(Step::Fork(start, rest)))
            }
            Kind::Repeat { node, least, most } => self.repeat(node, *least, *most, on),
        }
    }

    fn repeat(&mut self, node: &Node, least: u32, most: Option<u32>, on: usize) -> Option<usize> {
        let mut first = on;
        match most {
            Some(most) => {
                for _ in least..most {
                    let once_more = self.node(node, first)?;
                    first = self.push(Step::Fork(once_more, on))?;
                }
            }
            None => {
                let fork = self.push(Step::Fork(on, on))?;
                let once_more = self.node(node, fork)?;
                self.steps[fork] = Step::Fork(once_more, on);
                first = fork;
            }
        }
        (0..least).try_fold(first, |first, _| self.node(node, first))
    }
}
