//! Waits until replicas have what was written. Those who wait at once share one question.

use std::time::{Duration, Instant};

use redis::cmd;
use tokio::sync::Mutex;

use super::link::Link;
use super::trouble::Trouble;

/// Replicas that take longer do not have it.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) struct Replicas {
    wanted: u32,
    /// When it was asked last, and what was answered.
    last: Mutex<Option<(Instant, Result<u32, Trouble>)>>,
}

impl Replicas {
    pub(super) fn new(wanted: u32) -> Self {
        Self { wanted, last: Mutex::new(None) }
    }

    /// Until as many replicas as are wanted have what went over this link so far.
    pub(super) async fn wait(&self, link: &Link) -> Result<(), Trouble> {
        if self.wanted == 0 {
            return Ok(());
        }
        let written = Instant::now();
        let mut last = self.last.lock().await;
        // Whoever was asked after that was asked for this as well.
        let known = last.as_ref().filter(|(asked, _)| *asked >= written).map(|(_, answer)| answer.clone());
        let answer = match known {
            Some(answer) => answer,
            None => {
                let asked = Instant::now();
                let question = cmd("WAIT").arg(self.wanted).arg(PATIENCE.as_millis() as u64).take();
                let answer = link.query(&question).await;
                last.insert((asked, answer)).1.clone()
            }
        };
        match answer? {
            have if have < self.wanted => Err(Trouble::not_replicated(have, self.wanted)),
            _ => Ok(()), // As many as are wanted, or more.
        }
    }
}
