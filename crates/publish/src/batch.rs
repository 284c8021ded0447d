//! The events of one request, and what is known of each.

use crate::answer::Verdict;
use crate::error::PublishError;
use crate::outgoing::Outgoing;
use crate::publisher::Published;

pub(crate) struct Batch<'a> {
    events: &'a [Outgoing],
    verdicts: Vec<Option<Result<Published, PublishError>>>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(events: &'a [Outgoing]) -> Self {
        Self { events, verdicts: vec![None; events.len()] }
    }

    /// Those without a verdict, in order.
    pub(crate) fn open(&self) -> Vec<&'a Outgoing> {
        self.events
            .iter()
            .zip(&self.verdicts)
            .filter(|(_, verdict)| verdict.is_none())
            .map(|(event, _)| event)
            .collect()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.verdicts.iter().any(Option::is_none)
    }

    /// Notes the verdicts on those that were open. Answers why some still are.
    pub(crate) fn note(&mut self, verdicts: Vec<Verdict>) -> Option<String> {
        let mut later = None;
        let open = self.verdicts.iter_mut().filter(|known| known.is_none());
        for (known, verdict) in open.zip(verdicts) {
            match verdict {
                Verdict::Done(result) => *known = Some(result),
                Verdict::Later(detail) => later = Some(detail),
            }
        }
        later
    }

    /// Nothing more is tried.
    pub(crate) fn close(&mut self, error: &PublishError) {
        for known in self.verdicts.iter_mut().filter(|known| known.is_none()) {
            *known = Some(Err(error.clone()));
        }
    }

    /// Complete once nothing is open.
    pub(crate) fn into_verdicts(self) -> Vec<Result<Published, PublishError>> {
        self.verdicts.into_iter().flatten().collect()
    }
}
