//! Says what takes so long, once it has taken a second. Only a person at a terminal sees it.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What takes less is not worth a line, and a line is not renewed more often.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line on standard error that goes away when this is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<String>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows `stage` once a second has passed, where somebody watches.
    pub(crate) fn start(somebody_watches: bool, stage: &str) -> Self {
        let running = somebody_watches.then(|| {
            let (sender, stages) = mpsc::channel();
            let first = stage.to_owned();
            (sender, thread::spawn(move || show(first, &stages)))
        });
        Self { running }
    }

    /// What is being done now.
    pub(crate) fn stage(&self, stage: &str) {
        if let Some((sender, _)) = &self.running {
            // The line is a courtesy: a thread that died must not stop the work.
            let _ = sender.send(stage.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.running.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

fn show(mut stage: String, stages: &mpsc::Receiver<String>) {
    let start = Instant::now();
    let mut visible = false;
    loop {
        match stages.recv_timeout(PATIENCE) {
            Ok(next) => stage = next,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if start.elapsed() >= PATIENCE {
            visible = true;
            // `\x1b[K` clears what is left of a longer line before it.
            anstream::eprint!("\r{stage} … {} s\x1b[K", start.elapsed().as_secs());
        }
    }
    if visible {
        anstream::eprint!("\r\x1b[K");
    }
}
