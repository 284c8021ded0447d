//! The streams of one organisation on this node: what is open, what wants in, and what the store was told.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::WeakUnboundedSender;

use super::statement::{Answered, Statement};
use super::{Answer, Asked, Granted};
use crate::commons::{Crowded, Places, Whose};

/// Streams and users in one call.
const LARGEST_GROUP: usize = 500;

/// A stream that wants in.
pub(super) struct Wanted {
    pub(super) user: Option<Arc<str>>,
    pub(super) most: Places,
    pub(super) answer: Answer,
}

/// The streams of one organisation on this node.
pub(super) struct Lane {
    pub(super) total: u32,
    pub(super) users: HashMap<Arc<str>, u32>,
    /// What the store was told last, and when.
    pub(super) stated: (u32, Instant),
    /// Users whose number changed since it was stated.
    pub(super) changed: BTreeSet<Arc<str>>,
    pub(super) wanted: VecDeque<Wanted>,
    pub(super) is_busy: bool,
}

impl Lane {
    pub(super) fn new() -> Self {
        Self {
            total: 0,
            users: HashMap::new(),
            stated: (0, Instant::now()),
            changed: BTreeSet::new(),
            wanted: VecDeque::new(),
            is_busy: false,
        }
    }

    pub(super) fn has_news(&self) -> bool {
        self.total != self.stated.0 || !self.changed.is_empty() || !self.wanted.is_empty()
    }

    /// Whether there is room by what is open here.
    pub(super) fn room(&self, user: Option<&Arc<str>>, most: Places) -> Result<(), Crowded> {
        let of_user = user.and_then(|user| self.users.get(user)).copied().unwrap_or_default();
        match () {
            () if self.total >= most.org => Err(Crowded::Org),
            () if user.is_some() && of_user >= most.user => Err(Crowded::User),
            () => Ok(()),
        }
    }

    fn enter(&mut self, user: Option<&Arc<str>>) {
        self.total += 1;
        if let Some(user) = user {
            *self.users.entry(user.clone()).or_default() += 1;
        }
    }

    pub(super) fn leave(&mut self, user: Option<&Arc<str>>) {
        self.total = self.total.saturating_sub(1);
        let Some(user) = user else {
            return;
        };
        self.changed.insert(user.clone());
        if let Some(count) = self.users.get_mut(user) {
            *count -= 1;
            if *count == 0 {
                self.users.remove(user);
            }
        }
    }

    fn of_user(&self, user: &Arc<str>) -> u32 {
        self.users.get(user).copied().unwrap_or_default()
    }

    pub(super) fn statement(&mut self, org: &Arc<str>) -> Statement {
        self.is_busy = true;
        let changed = std::iter::from_fn(|| self.changed.pop_first()).take(LARGEST_GROUP);
        let changed: Vec<Arc<str>> = changed.collect();
        let most = self.wanted.front().map(|wanted| wanted.most);
        let mut wanted = Vec::new();
        // The limits of one node are the same for all its streams, unless it serves them at several doors.
        while wanted.len() < LARGEST_GROUP
            && let Some(next) = self.wanted.pop_front_if(|next| Some(next.most) == most)
        {
            wanted.push(next);
        }
        let here = wanted.iter().map(|wanted| wanted.user.as_ref().map_or(0, |user| self.of_user(user))).collect();
        let changed = changed.into_iter().map(|user| (user.clone(), self.of_user(&user))).collect();
        Statement { org: org.clone(), stated: self.stated.0, total: self.total, changed, wanted, here }
    }

    /// Lets in whom the store lets in, or, when it could not be asked, whoever finds room here.
    pub(super) fn settle(
        &mut self,
        statement: Statement,
        answered: Option<Answered>,
        back: &WeakUnboundedSender<Asked>,
    ) {
        let mut verdicts = answered.as_ref().map(|answered| answered.verdicts.clone().into_iter());
        match &answered {
            Some(answered) => {
                let entered = answered.verdicts.iter().filter(|verdict| verdict.is_ok()).count();
                self.stated = (statement.total + u32::try_from(entered).unwrap_or(0), Instant::now());
                if answered.is_lost {
                    self.changed.extend(self.users.keys().cloned());
                }
            }
            None => self.changed.extend(statement.changed.into_iter().map(|(user, _)| user)),
        }
        for Wanted { user, most, answer } in statement.wanted {
            let verdict = match &mut verdicts {
                Some(verdicts) => verdicts.next().unwrap_or(Err(Crowded::Org)),
                None => self.room(user.as_ref(), most),
            };
            if verdict.is_ok() {
                self.enter(user.as_ref());
                if verdicts.is_none() {
                    self.changed.extend(user.clone());
                }
            }
            let whose = || Whose { org: statement.org.clone(), user };
            // Whoever went meanwhile leaves by that.
            let _ = answer.send(verdict.map(|()| Granted { whose: Some(whose()), back: back.clone() }));
        }
    }
}
