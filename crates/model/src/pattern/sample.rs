//! Texts that a pattern matches, made from its automaton.

use std::ops::RangeInclusive;

use super::class::Class;
use super::program::{Program, Step};

/// The longest text that is searched for.
const LONGEST_TEXT: u64 = 4096;
/// How many stands a search may note down, which bounds its memory.
const MOST_STANDS: usize = 500_000;
/// How many lengths from the shortest on get a sample each.
const LENGTHS: u64 = 3;

pub(super) fn samples(program: &Program) -> Vec<String> {
    let Some(shortest) = path(program, 0..=LONGEST_TEXT) else {
        return Vec::new();
    };
    let length = shortest.len() as u64;
    let further = (1..LENGTHS).chain([12]).map(|more| length + more);
    let mut paths = vec![shortest];
    paths.extend(further.filter_map(|length| path(program, length..=length)));
    let mut samples: Vec<String> = Vec::new();
    for path in &paths {
        for variant in 0..3 {
            let sample = spell(path, variant);
            if !samples.contains(&sample) {
                samples.push(sample);
            }
        }
    }
    samples
}

pub(super) fn sample_of_length(program: &Program, lengths: RangeInclusive<u64>) -> Option<String> {
    path(program, lengths).map(|path| spell(&path, 0))
}

/// One character per class: the plainest for variant 0, stranger ones after it.
fn spell(path: &[Class], variant: usize) -> String {
    path.iter()
        .filter_map(|class| {
            let specimens = class.specimens();
            specimens.get(variant.min(specimens.len().saturating_sub(1))).copied()
        })
        .collect()
}

/// Where a search stands after some characters. Before its match starts and after it was found, any character goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Before,
    Step(usize),
    After,
}

/// One way to stand after some characters: where, and as which entry of the layer before it.
type Layer = Vec<(Stand, usize)>;

/// The classes along the shortest match whose length lies in `lengths`.
fn path(program: &Program, lengths: RangeInclusive<u64>) -> Option<Vec<Class>> {
    let last = (*lengths.end()).min(LONGEST_TEXT);
    if *lengths.start() > last {
        return None;
    }
    let mut layers: Vec<Layer> = Vec::new();
    let mut layer = spread(program, &[(Stand::Before, 0)], true, false);
    let mut stands = 0;
    for length in 0..=last {
        if length >= *lengths.start() {
            let ends = match layers.last() {
                Some(before) => spread(program, &advance(program, before), false, true),
                None => spread(program, &[(Stand::Before, 0)], true, true),
            };
            if let Some(&(_, origin)) = ends.iter().find(|(stand, _)| *stand == Stand::After) {
                return Some(walk_back(program, &layers, origin));
            }
        }
        // Where each character leads to the same stands, no further one leads to the end. Most patterns come to that
        // soon, since any text may stand before a match.
        let repeats = layers.last().is_some_and(|before| stands_of(before).eq(stands_of(&layer)));
        if length >= *lengths.start() && repeats {
            return None;
        }
        stands += layer.len();
        layers.push(layer);
        layer = spread(program, &advance(program, layers.last()?), false, false);
        if layer.is_empty() || stands > MOST_STANDS {
            return None;
        }
    }
    None
}

fn stands_of(layer: &Layer) -> impl Iterator<Item = Stand> {
    layer.iter().map(|(stand, _)| *stand)
}

/// Where each entry of a layer goes with its next character.
fn advance(program: &Program, layer: &Layer) -> Layer {
    layer
        .iter()
        .enumerate()
        .map(|(index, (stand, _))| match stand {
            Stand::Before => (Stand::Before, index),
            Stand::After => (Stand::After, index),
            Stand::Step(step) => match program.steps[*step] {
                Step::Take(_, on) => (Stand::Step(on), index),
                Step::Fork(..) | Step::AtStart(_) | Step::AtEnd(_) | Step::Found => (Stand::After, index),
            },
        })
        .collect()
}

/// All that is reached without a character, each stand once. The match comes before the free characters around it, so
/// that a longer sample rather repeats a part of the pattern.
fn spread(program: &Program, from: &[(Stand, usize)], at_start: bool, at_end: bool) -> Layer {
    let mut seen = vec![false; program.steps.len()];
    let mut layer = Layer::new();
    let mut is_before = None;
    let mut is_after = None;
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for &(stand, origin) in from {
        match stand {
            Stand::Step(step) => waiting.push((step, origin)),
            Stand::After => is_after = is_after.or(Some(origin)),
            Stand::Before => {
                is_before = is_before.or(Some(origin));
                waiting.push((program.start, origin));
            }
        }
    }
    waiting.reverse();
    while let Some((step, origin)) = waiting.pop() {
        if std::mem::replace(&mut seen[step], true) {
            continue;
        }
        match program.steps[step] {
            Step::Take(..) => layer.push((Stand::Step(step), origin)),
            Step::Fork(first, second) => waiting.extend([(second, origin), (first, origin)]),
            Step::AtStart(on) if at_start => waiting.push((on, origin)),
            Step::AtEnd(on) if at_end => waiting.push((on, origin)),
            Step::AtStart(_) | Step::AtEnd(_) => {}
            Step::Found => is_after = is_after.or(Some(origin)),
        }
    }
    layer.extend(is_after.map(|origin| (Stand::After, origin)));
    layer.extend(is_before.map(|origin| (Stand::Before, origin)));
    layer
}

/// Collects the classes from the last layer to the first.
fn walk_back(program: &Program, layers: &[Layer], origin: usize) -> Vec<Class> {
    let mut classes = Vec::with_capacity(layers.len());
    let mut index = origin;
    for layer in layers.iter().rev() {
        let Some(&(stand, origin)) = layer.get(index) else {
            break;
        };
        classes.push(match stand {
            Stand::Before | Stand::After => Class::ANY,
            Stand::Step(step) => match program.steps[step] {
                Step::Take(class, _) => class,
                Step::Fork(..) | Step::AtStart(_) | Step::AtEnd(_) | Step::Found => Class::ANY,
            },
        });
        index = origin;
    }
    classes.reverse();
    classes
}
