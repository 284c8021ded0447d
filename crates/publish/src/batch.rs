//! The events of one request, and what is known of each.

use crate::answer::Verdict;
use crate::error::PublishError;
use crate::outgoing::Outgoing;
use crate::publisher::Published;

pub(crate) struct Batch<'a> {
    events: &'a [Outgoing],
    verdicts: Vec<Option<Result<Published, PublishError>>>,
    /// Why it is not known whether the event was taken by an earlier try.
    doubts: Vec<Option<PublishError>>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(events: &'a [Outgoing]) -> Self {
        Self { events, verdicts: vec![None; events.len()], doubts: vec![None; events.len()] }
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
    pub(crate) fn note(&mut self, verdicts: Vec<Verdict>) -> Option<PublishError> {
        let mut later = None;
        let open = self.verdicts.iter_mut().zip(&mut self.doubts).filter(|(known, _)| known.is_none());
        for ((known, doubt), verdict) in open.zip(verdicts) {
            match verdict {
                Verdict::Done(result) => *known = Some(result),
                Verdict::Later(error) => {
                    if matches!(error, PublishError::Unclear { .. }) {
                        *doubt = Some(error.clone());
                    }
                    later = Some(error);
                }
            }
        }
        later
    }

    /// A try was not answered.
    pub(crate) fn note_silence(&mut self, error: &PublishError) {
        for doubt in &mut self.doubts {
            *doubt = Some(error.clone());
        }
    }

    /// Nothing more is tried. That the server is busy by now says nothing of an earlier try.
    pub(crate) fn close(&mut self, error: &PublishError) {
        let is_busy = matches!(error, PublishError::Busy { .. });
        for (known, doubt) in self.verdicts.iter_mut().zip(&self.doubts).filter(|(known, _)| known.is_none()) {
            let told = doubt.as_ref().filter(|_| is_busy).unwrap_or(error);
            *known = Some(Err(told.clone()));
        }
    }

    /// Complete once nothing is open.
    pub(crate) fn into_verdicts(self) -> Vec<Result<Published, PublishError>> {
        self.verdicts.into_iter().flatten().collect()
    }
}
