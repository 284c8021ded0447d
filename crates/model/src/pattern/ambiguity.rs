//! Refuses patterns on which a backtracking engine can hang: a repeat that contains or adjoins another one which
//! takes the same characters, also through optional parts and from one round to the next.
//!
//! Such an engine tries one path through the automaton after the other. So the paths that read one text are counted,
//! over every text there is: a pattern passes when no text has more than [`MOST_PATHS`] of them, which bounds the
//! work on a text of n characters by a constant times n (times n again where a search starts anywhere). Counts of
//! unbounded repeats that share characters grow without end and hit the bound; `([a-z]+-)*[a-z]+` stays at two.

use std::collections::{BTreeMap, BTreeSet};

use super::PatternError;
use super::class::Class;
use super::node::{Kind, Node};
use super::program::{Program, Step};

/// How many paths may read one text.
const MOST_PATHS: u64 = 256;
/// How much the proof may cost, in counts looked at. A pattern that needs more is refused as well.
const MOST_WORK: usize = 100_000;

/// Paths per step that takes a character.
type Counts = BTreeMap<usize, u64>;

pub(super) fn refuse_hanging(node: &Node, program: &Program) -> Result<(), PatternError> {
    if stays_bounded(program) {
        return Ok(());
    }
    let range = blame(node);
    let reason = "this part can read one text in too many ways, and an engine that backtracks may hang on it; \
                  let neighbouring and nested repeats take different characters, or merge them into one";
    Err(PatternError::new(range, reason))
}

/// The smallest part that cannot be bounded on its own.
fn blame(node: &Node) -> std::ops::Range<usize> {
    let parts: &[Node] = match &node.kind {
        Kind::Class(_) | Kind::Start | Kind::End => &[],
        Kind::Sequence(nodes) | Kind::Choice(nodes) => nodes,
        Kind::Repeat { node, .. } => std::slice::from_ref(node),
    };
    if let Some(part) = parts.iter().find(|part| hangs(part)) {
        return blame(part);
    }
    match &node.kind {
        Kind::Sequence(nodes) => blame_neighbours(nodes).unwrap_or(node.range.clone()),
        Kind::Class(_) | Kind::Start | Kind::End | Kind::Choice(_) | Kind::Repeat { .. } => node.range.clone(),
    }
}

/// More neighbours never make fewer paths, so both ends can be searched for by halving.
fn blame_neighbours(nodes: &[Node]) -> Option<std::ops::Range<usize>> {
    let lengths: Vec<usize> = (1..=nodes.len()).collect();
    let end = 1 + lengths.partition_point(|&length| !hangs_together(&nodes[..length]));
    let end = end.min(nodes.len());
    let starts: Vec<usize> = (1..end).collect();
    let start = starts.partition_point(|&start| hangs_together(&nodes[start..end]));
    Some(nodes.get(start)?.range.start..nodes.get(end - 1)?.range.end)
}

fn hangs_together(nodes: &[Node]) -> bool {
    hangs(&Node { kind: Kind::Sequence(nodes.to_vec()), range: 0..0 })
}

fn hangs(node: &Node) -> bool {
    Program::compile(node).is_ok_and(|program| !stays_bounded(&program))
}

/// Looks at every set of counts that some text leads to.
fn stays_bounded(program: &Program) -> bool {
    let alphabet = alphabet(program);
    let mut work = 0;
    let mut first = Counts::new();
    if spread(program, program.start, 1, &mut first).is_none() {
        return false;
    }
    let mut seen = BTreeSet::from([first.clone()]);
    let mut waiting = vec![first];
    while let Some(counts) = waiting.pop() {
        for &letters in &alphabet {
            work += counts.len() + 1;
            if work > MOST_WORK {
                return false;
            }
            let Some(next) = after(program, &counts, letters) else {
                return false;
            };
            if !next.is_empty() && seen.insert(next.clone()) {
                waiting.push(next);
            }
        }
    }
    true
}

/// The counts one character on; nothing when there are too many paths.
fn after(program: &Program, counts: &Counts, letters: Class) -> Option<Counts> {
    let mut next = Counts::new();
    for (&step, &count) in counts {
        if let Step::Take(class, on) = program.steps[step]
            && !class.and(letters).is_empty()
        {
            spread(program, on, count, &mut next)?;
        }
    }
    (next.values().sum::<u64>() <= MOST_PATHS).then_some(next)
}

/// Adds `count` paths at `step` and at all that is reached from there without a character. Anchors let everything
/// pass: that counts a few paths too many, and never one too few.
fn spread(program: &Program, step: usize, count: u64, counts: &mut Counts) -> Option<()> {
    let mut waiting = vec![step];
    let mut ways = 0u64;
    while let Some(step) = waiting.pop() {
        match program.steps[step] {
            Step::Fork(first, second) => waiting.extend([second, first]),
            Step::AtStart(on) | Step::AtEnd(on) => waiting.push(on),
            Step::Take(..) | Step::Found => {
                *counts.entry(step).or_insert(0) += count;
                ways += count;
                if ways > MOST_PATHS {
                    return None;
                }
            }
        }
    }
    Some(())
}

/// The characters in groups that no class of the program tells apart.
fn alphabet(program: &Program) -> Vec<Class> {
    let classes: BTreeSet<Class> = program
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Take(class, _) => Some(*class),
            Step::Fork(..) | Step::AtStart(_) | Step::AtEnd(_) | Step::Found => None,
        })
        .collect();
    let mut groups = vec![Class::ANY];
    for class in classes {
        let parts = |group: &Class| [group.and(class), group.and(class.negated())];
        groups = groups.iter().flat_map(parts).filter(|group| !group.is_empty()).collect();
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Pattern, parse};
    use super::*;

    /// A backtracking engine at its plainest: tries every path, remembers nothing, counts its steps.
    struct Backtracker<'a> {
        program: &'a Program,
        text: Vec<char>,
        steps: u64,
        limit: u64,
    }

    impl Backtracker<'_> {
        fn search(program: &Program, text: &str, limit: u64) -> (bool, u64) {
            let mut engine = Backtracker { program, text: text.chars().collect(), steps: 0, limit };
            let found = (0..=engine.text.len()).any(|start| engine.matches(program.start, start));
            (found, engine.steps)
        }

        fn matches(&mut self, step: usize, at: usize) -> bool {
            self.steps += 1;
            if self.steps > self.limit {
                return false;
            }
            match self.program.steps[step] {
                Step::Found => true,
                Step::Fork(first, second) => self.matches(first, at) || self.matches(second, at),
                Step::AtStart(on) => at == 0 && self.matches(on, at),
                Step::AtEnd(on) => at == self.text.len() && self.matches(on, at),
                Step::Take(class, on) => {
                    self.text.get(at).is_some_and(|&letter| class.contains(letter)) && self.matches(on, at + 1)
                }
            }
        }
    }

    #[test]
    fn repeats_that_share_characters_are_refused() {
        let hanging = [
            "^(a+)+$",
            "^(a*b?)+$",
            "(a+)+",
            "^a*a*$",
            "^a*b?a*$",
            "\\w+\\d+",
            "^(a|a)*$",
            "^(a|ab?b?)*$",
            "^(ab?a?)*$",
            "^(a+|b)+$",
            "^(x+x+)+y",
            "^([a-z]+[0-9]*)*$",
            "^(a{1,30}){1,30}$",
            "^[a-z]{1,999}[a-z]{1,999}$",
            "^(a?b?c?)(a?b?c?)*$",
            "(a|b|ab)*c",
            "^a+(|b)a+$",
            "^(a+b?)(a+c?)$",
            "(a{2,})*",
            "^[^@]+[^.]+$",
            "(a?|)(b?|)(c?|)(d?|)(e?|)(f?|)(g?|)(h?|)(i?|)(j?|)",
        ];
        for source in hanging {
            assert!(Pattern::parse(source).is_err(), "{source}");
        }
    }

    #[test]
    fn patterns_that_people_write_pass() {
        let usual = [
            "^ord_[a-z0-9]+$",
            "^[A-Z]{3}$",
            "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
            "^[a-z0-9]+(-[a-z0-9]+)*$",
            "^([a-z0-9]+\\.)+[a-z]{2,}$",
            "^[^@\\s]+@[^@\\s]+\\.[a-z]+$",
            "^(created|paid|in_transit)$",
            "^#?[0-9a-f]{6}$",
            "^\\d{4}-\\d{2}-\\d{2}$",
            "^[a-z][a-z0-9_]{0,62}$",
            "^(\\d+\\.){2}\\d+(-[a-z0-9.]+)?$",
            "^(/[a-z0-9._-]+)+/?$",
            "",
            "^[a-z]{1,1000}$",
            "^\\+?[0-9 ]{6,20}$",
            "^[A-Za-z ]+, [A-Za-z ]+$",
        ];
        for source in usual {
            assert!(Pattern::parse(source).is_ok(), "{source}: {:?}", Pattern::parse(source));
        }
    }

    #[test]
    fn the_smallest_hanging_part_is_blamed() {
        let blamed = |source: &str| Pattern::parse(source).err().map(|error| source[error.range].to_owned());
        assert_eq!(blamed("^x(a+)+y$").as_deref(), Some("(a+)+"));
        assert_eq!(blamed("^id-[0-9]*x?\\w+-[a-z]$").as_deref(), Some("[0-9]*x?\\w+"));
        assert_eq!(blamed("^(b|ca*a*)$").as_deref(), Some("a*a*"));
    }

    /// Patterns over few letters, so that repeats often meet their like.
    fn pattern_source() -> impl Strategy<Value = String> {
        let leaf =
            prop::sample::select(vec!["a", "b", "[ab]", "[^a]", "\\w", "^", "$", "ab", "\\d"]).prop_map(str::to_owned);
        leaf.prop_recursive(4, 24, 4, |inner| {
            let marks = prop::sample::select(vec!["*", "+", "?", "{2}", "{1,3}", "{2,}"]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
                prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
                (inner, marks).prop_map(|(part, mark)| format!("(?:{part}){mark}")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn an_accepted_pattern_never_hangs_a_backtracking_engine(source in pattern_source(), turn in "[ab1]{1,3}", end in "[abc!]?") {
            if let Ok(pattern) = Pattern::parse(&source) {
                let text = turn.repeat(20) + &end;
                let length = text.len() as u64 + 1;
                let limit = length * length * MOST_PATHS * pattern.parsed.program.steps.len() as u64;
                let (found, steps) = Backtracker::search(&pattern.parsed.program, &text, limit);
                prop_assert!(steps < limit, "{source} on {text}: {steps}");
                prop_assert_eq!(found, pattern.is_match(&text));
            }
        }

        #[test]
        fn what_hangs_on_a_repeated_text_is_refused(source in pattern_source(), turn in "[ab]{1,2}") {
            if let Ok(node) = parse::parse(&source) && let Ok(program) = Program::compile(&node) {
                let text = turn.repeat(24) + "!";
                let limit = 25 * 25 * 25 * 256 * program.steps.len() as u64;
                let (_, steps) = Backtracker::search(&program, &text, limit.min(3_000_000));
                prop_assert!(steps < 3_000_000 || Pattern::parse(&source).is_err(), "{source} on {text}");
            }
        }
    }
}
