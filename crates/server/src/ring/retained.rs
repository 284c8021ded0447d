//! The last payload of each kind, for whoever comes later.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::frame::Frame;
use crate::recipient::Recipient;

/// What the last payload is kept for.
pub(crate) type RetainKey = (Recipient, String);

#[derive(Default)]
pub(super) struct Retained {
    latest: BTreeMap<RetainKey, Arc<Frame>>,
    /// What the event of a number is the last payload of. Invariant: names everything in `latest`, and nothing else.
    order: BTreeMap<u64, RetainKey>,
}

impl Retained {
    /// Keeps a payload instead of an earlier one of its kind. Of more than `most` the oldest go.
    pub(super) fn insert(&mut self, key: RetainKey, frame: Arc<Frame>, most: usize) {
        let seq = frame.position.seq;
        if let Some(before) = self.latest.insert(key.clone(), frame) {
            self.order.remove(&before.position.seq);
        }
        if let Some(other) = self.order.insert(seq, key) {
            self.latest.remove(&other);
        }
        while self.order.len() > most
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.latest.remove(&oldest);
        }
    }

    /// Whether there is a payload of this kind.
    pub(super) fn holds(&self, key: &RetainKey) -> bool {
        self.latest.contains_key(key)
    }

    /// Lets go of the others.
    pub(super) fn keep(&mut self, is_kept: impl Fn(&Frame) -> bool) {
        self.latest.retain(|_, frame| is_kept(frame));
        self.order.retain(|_, key| self.latest.contains_key(key));
    }

    /// The oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&RetainKey, &Arc<Frame>)> {
        self.order.values().filter_map(|key| self.latest.get_key_value(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor::Epoch;
    use crate::recipient::Scope;

    fn insert(retained: &mut Retained, kind: &str, seq: u64) {
        let recipient = Recipient::of_parts(&Scope::Public, None, None);
        let position = Epoch::new(&Scope::Public, 1).at(seq);
        let frame = Frame { position, at: 0, recipient: recipient.clone(), renderings: Vec::new() };
        retained.insert((recipient, kind.to_owned()), Arc::new(frame), 3);
    }

    fn kept(retained: &Retained) -> Vec<(&str, u64)> {
        retained.iter().map(|((_, kind), frame)| (kind.as_str(), frame.position.seq)).collect()
    }

    #[test]
    fn of_each_kind_the_last_is_kept_and_of_too_many_kinds_the_newest() {
        let mut retained = Retained::default();
        for (kind, seq) in [("a", 1), ("b", 2), ("c", 3), ("a", 4)] {
            insert(&mut retained, kind, seq);
        }
        assert_eq!(kept(&retained), [("b", 2), ("c", 3), ("a", 4)]);
        insert(&mut retained, "d", 5);
        assert_eq!(kept(&retained), [("c", 3), ("a", 4), ("d", 5)]);
        // What is read from a log comes in any order, and twice.
        insert(&mut retained, "e", 2);
        insert(&mut retained, "d", 5);
        assert_eq!(kept(&retained), [("c", 3), ("a", 4), ("d", 5)]);
        retained.keep(|frame| frame.position.seq != 4);
        assert_eq!(kept(&retained), [("c", 3), ("d", 5)]);
        insert(&mut retained, "f", 6);
        assert_eq!(kept(&retained), [("c", 3), ("d", 5), ("f", 6)]);
    }
}
