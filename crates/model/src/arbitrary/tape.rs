//! The choices that a random value is made of.

/// Numbers to choose by. Past its end it reads as zeros, and 0 is always the simplest choice.
pub(super) struct Tape {
    words: std::vec::IntoIter<u16>,
}

impl Tape {
    pub(super) fn new(words: Vec<u16>) -> Self {
        Self { words: words.into_iter() }
    }

    /// A number below `count`; 0 when there is nothing to choose from.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let word = usize::from(self.words.next().unwrap_or(0));
        word.checked_rem(count).unwrap_or(0)
    }

    /// Seldom true: once in `rarity` times.
    pub(super) fn once_in(&mut self, rarity: usize) -> bool {
        self.below(rarity) + 1 == rarity
    }

    /// One of these, the first being the simplest.
    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let index = self.below(choices.len());
        choices.get(index).copied()
    }

    /// Takes one of these out.
    pub(super) fn take<T>(&mut self, choices: &mut Vec<T>) -> Option<T> {
        let index = self.below(choices.len());
        (index < choices.len()).then(|| choices.remove(index))
    }
}
