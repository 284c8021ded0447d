//! The one thread that numbers events: dedupes by key, stores a whole group at once, then fills the rings.
//!
//! Invariant: nobody hears of an event, its publisher included, before the store has it.

mod known_keys;

use std::collections::HashMap;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Weak, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use self::known_keys::{KeyId, KnownKeys};
use crate::admitted::{CatalogError, Followed};
use crate::cursor::{Epoch, Position};
use crate::erasure::Erasure;
use crate::flushing::{Flushing, Round};
use crate::frame::{Frame, Rendering};
use crate::hub::{PublishError, Published, Shared, now_ms};
use crate::recipient::Scope;
use crate::ring::{RetainKey, Ring, Start};
use crate::store::{Answer, Command, Draft, History, Journal, Record, ScopeHistory, SpentKey, StoreError};

/// As many events as are stored at once, at most.
const LARGEST_GROUP: usize = 4096;

/// How often the store is asked for a catalog that another node had admitted.
const FOLLOW_EVERY: Duration = Duration::from_millis(400);
const _: () = assert!(FOLLOW_EVERY.as_millis() < 1000, "nodes follow within a second");

struct Writer {
    shared: Weak<Shared>,
    journal: Box<dyn Journal>,
    epoch: u64,
    born: u64,
    tails: HashMap<Scope, Tail>,
    keys: KnownKeys,
    flushing: Flushing,
}

struct Tail {
    ring: Arc<Ring>,
    /// Of this run, in this ring.
    epoch: Epoch,
    last: u64,
    round: Round,
}

/// Starts the thread, with rings and keys as history left them.
pub(crate) fn spawn(
    shared: &Arc<Shared>,
    history: History,
    journal: Box<dyn Journal>,
    commands: mpsc::Receiver<Command>,
) -> std::io::Result<()> {
    let mut writer = Writer {
        shared: Arc::downgrade(shared),
        journal,
        epoch: history.epoch,
        born: history.born,
        tails: HashMap::new(),
        keys: KnownKeys::new(shared.settings.key_ms),
        flushing: Flushing::default(),
    };
    writer.restore(shared, history);
    std::thread::Builder::new().name("growset-writer".to_owned()).spawn(move || writer.run(&commands))?;
    Ok(())
}

impl Writer {
    fn restore(&mut self, shared: &Shared, history: History) {
        let now = now_ms();
        let mut keys = history.keys;
        for (scope, past) in history.scopes {
            let start =
                Start { born: self.born, epoch: self.epoch, last: past.before, erased: past.erased, eras: past.eras };
            let ring = shared.ring_from(&scope, || start);
            let last = past.records.last().map_or(past.before, |record| record.frame.position.seq);
            for record in &past.records {
                keys.extend(spent_key(&scope, record));
            }
            ring.push(past.records.iter().map(|record| (record.frame.clone(), retain_key(record))), now);
            let epoch = Epoch::new(&scope, self.epoch);
            self.tails.insert(scope, Tail { ring, epoch, last, round: Round::default() });
        }
        for record in history.retained {
            if let Some(key) = retain_key(&record) {
                let ring = shared.ring_from(&record.frame.recipient.scope(), || self.start());
                ring.retain(key, record.frame);
            }
        }
        keys.sort_by_key(|key| key.at);
        keys.into_iter().for_each(|spent| self.keys.remember(spent));
    }

    /// Of a ring that nothing was published to.
    fn start(&self) -> Start {
        Start { born: self.born, epoch: self.epoch, ..Start::default() }
    }

    fn run(mut self, commands: &mpsc::Receiver<Command>) {
        let mut followed = Instant::now();
        loop {
            let follow = FOLLOW_EVERY.saturating_sub(followed.elapsed());
            let wait = self.flushing.flush(Instant::now()).map_or(follow, |flush| flush.min(follow));
            match commands.recv_timeout(wait) {
                Ok(command) => {
                    if let Err(answer) = self.group(command, commands) {
                        self.flushing.flush(Instant::now() + FOLLOW_EVERY);
                        drop(self.journal);
                        // Whoever waited for it may be gone.
                        let _ = answer.send(());
                        return;
                    }
                    self.compact_if_needed();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if followed.elapsed() >= FOLLOW_EVERY {
                self.follow();
                followed = Instant::now();
            }
        }
    }

    /// Takes a command and whatever waits behind it; publishes are stored together. The error is the wish to close.
    fn group(&mut self, first: Command, commands: &mpsc::Receiver<Command>) -> Result<(), oneshot::Sender<()>> {
        let mut group = Vec::new();
        let mut size = 0;
        let mut next = Some(first);
        while let Some(command) = next.take() {
            match command {
                Command::Publish(drafts, answer) => {
                    size += drafts.len();
                    group.push((drafts, answer));
                }
                Command::KeepCatalog { over, json, answer } => {
                    // Whoever asked may be gone.
                    let _ = answer.send(self.journal.keep_catalog(over.revision, &json));
                }
                Command::Erase(erasure, answer) => {
                    // What was published before it is erased with the rest.
                    self.publish(std::mem::take(&mut group));
                    let _ = answer.send(self.erase(&erasure));
                }
                Command::Attend(scope, since, answer) => {
                    let ring = self.shared.upgrade().and_then(|shared| shared.ring(&scope)?.enter(since));
                    // Rings of one node hold whatever there is.
                    ring.map(|ring| answer.send(Ok(ring)));
                }
                Command::Close(answer) => {
                    self.publish(group);
                    return Err(answer);
                }
            }
            if size < LARGEST_GROUP {
                next = commands.try_recv().ok();
            }
        }
        self.publish(group);
        Ok(())
    }

    /// Serves the catalog that another node had admitted.
    fn follow(&mut self) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        let kept = self.journal.catalog(shared.admitted().revision).map_err(CatalogError::from);
        // Revisions only grow here, so that nothing is outgrown.
        let followed = kept.and_then(|kept| kept.map_or(Ok(Followed::Served), |kept| shared.follow(&kept)));
        shared.note_followed(&followed);
    }

    /// Invariant: a frame that is gone from its ring is gone from the store, or whoever asked is told otherwise.
    fn erase(&mut self, erasure: &Erasure) -> Result<(), StoreError> {
        let Some(shared) = self.shared.upgrade() else {
            return Ok(());
        };
        for (scope, ring) in shared.every_ring().into_iter().filter(|(scope, _)| erasure.concerns(scope)) {
            let (gone, first) = ring.erase(erasure);
            let is_meant =
                |event: &str, seq: u64| gone.contains(&seq) || (seq < first && erasure.covers_old_key(event));
            self.keys.erase(&scope, is_meant);
        }
        let left = self.snapshot(&shared);
        self.journal.compact(&left)
    }

    fn publish(&mut self, group: Vec<(Vec<Draft>, Answer)>) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        let now = now_ms();
        self.keys.forget_expired(now);
        let mut staged = Staged::default();
        let mut answers = Vec::with_capacity(group.len());
        for (drafts, answer) in group {
            let verdicts = drafts.into_iter().map(|draft| self.stage(&shared, draft, now, &mut staged)).collect();
            answers.push((answer, verdicts));
        }
        let stored = if staged.records.is_empty() { Ok(()) } else { self.journal.append(&staged.records) };
        let failure = stored.err().map(|error| PublishError::Store(error.to_string()));
        if let Some(error) = &failure {
            tracing::error!(%error, events = staged.records.len(), "a group of events was not stored");
        }
        let new = staged.records.len() as u64;
        if failure.is_none() {
            self.commit(staged, now);
        }
        let mut repeated = 0;
        for (answer, verdicts) in answers {
            let verdicts: Vec<Verdict> = verdicts;
            repeated += verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Repeat(_))).count() as u64;
            let results = verdicts.into_iter().map(|verdict| verdict.after(failure.as_ref())).collect();
            // A publisher that hung up does not undo its event.
            let _ = answer.send(results);
        }
        let (new, failed) = if failure.is_some() { (0, new) } else { (new, 0) };
        shared.metrics.published(new, repeated, failed);
    }

    /// Numbers an event, unless its key is known.
    fn stage(&mut self, shared: &Shared, draft: Draft, at: u64, staged: &mut Staged) -> Verdict {
        let scope = draft.recipient.scope();
        let Some((name, _)) = draft.versions.first() else {
            return Verdict::Refused(PublishError::Closed);
        };
        let key_id = draft.key.as_ref().map(|key| (scope.clone(), name.to_string(), key.text.clone()));
        if let (Some(id), Some(key)) = (&key_id, &draft.key) {
            let known = self.keys.get(id).map(|(digest, position)| (digest, position, false));
            let known =
                known.or_else(|| staged.keys.get(id).map(|(digest, position)| (digest.as_str(), *position, true)));
            match known {
                Some((digest, first, _)) if digest != key.digest => {
                    return Verdict::Refused(PublishError::KeyTaken { first: first.to_string() });
                }
                Some((_, first, true)) => return Verdict::RepeatOfStaged(first),
                Some((_, first, false)) => return Verdict::Repeat(first),
                None => {}
            }
        }
        let start = self.start();
        let tail = self.tails.entry(scope.clone()).or_insert_with(|| Tail {
            ring: shared.ring_from(&scope, || start),
            epoch: Epoch::new(&scope, self.epoch),
            last: 0,
            round: Round::default(),
        });
        let last = staged.last.entry(scope).or_insert(tail.last);
        *last += 1;
        let position = tail.epoch.at(*last);
        if let (Some(id), Some(key)) = (key_id, &draft.key) {
            staged.keys.insert(id, (key.digest.clone(), position));
        }
        let renderings = draft.versions.into_iter().map(|(name, data)| Rendering::new(position, name, &data)).collect();
        let recipient = draft.recipient.sharing(&tail.ring.scope);
        let frame = Arc::new(Frame { position, at, recipient, renderings });
        staged.records.push(Record { frame, retain_key: draft.retain_key, key: draft.key });
        Verdict::New(position)
    }

    fn commit(&mut self, staged: Staged, now: u64) {
        let mut by_scope: HashMap<Scope, Vec<Record>> = HashMap::new();
        for record in staged.records {
            by_scope.entry(record.frame.recipient.scope()).or_default().push(record);
        }
        for (scope, records) in by_scope {
            records.iter().filter_map(|record| spent_key(&scope, record)).for_each(|spent| self.keys.remember(spent));
            if let (Some(tail), Some(last)) = (self.tails.get_mut(&scope), staged.last.get(&scope)) {
                tail.last = *last;
                let waiting =
                    tail.ring.push(records.iter().map(|record| (record.frame.clone(), retain_key(record))), now);
                self.flushing.pushed(&tail.ring, &mut tail.round, waiting, Instant::now());
            }
        }
    }

    fn compact_if_needed(&mut self) {
        if !self.journal.wants_compaction() {
            return;
        }
        if let Some(shared) = self.shared.upgrade() {
            let history = self.snapshot(&shared);
            // The log stays as it is when this fails, and it is tried again after the next group.
            if let Err(error) = self.journal.compact(&history) {
                tracing::warn!(%error, "the store could not be compacted");
            }
        }
    }

    fn snapshot(&self, shared: &Shared) -> History {
        let mut history = History { born: self.born, epoch: self.epoch, ..History::default() };
        for (scope, ring) in shared.every_ring() {
            let state = ring.lock();
            let first = state.first();
            let mut ring =
                ScopeHistory { before: first - 1, erased: state.erased(), eras: state.eras(), records: Vec::new() };
            for (key, frame) in state.retained_with_keys() {
                if frame.position.seq < first {
                    history.retained.push(Record { frame: frame.clone(), retain_key: Some(key.1.clone()), key: None });
                }
            }
            let retained: HashMap<u64, &String> =
                state.retained_with_keys().map(|(key, frame)| (frame.position.seq, &key.1)).collect();
            for frame in state.frames() {
                let retain_key = retained.get(&frame.position.seq).map(|key| (*key).clone());
                ring.records.push(Record { frame: frame.clone(), retain_key, key: None });
            }
            // An empty ring that never held anything is made anew when it is needed.
            if state.end().seq > 0 {
                drop(state);
                history.scopes.insert(scope, ring);
            }
        }
        history.keys = self.keys.by_age();
        history
    }
}

#[derive(Default)]
struct Staged {
    records: Vec<Record>,
    last: HashMap<Scope, u64>,
    keys: HashMap<KeyId, (String, Position)>,
}

enum Verdict {
    New(Position),
    Repeat(Position),
    /// Of an event of this very group, whose fate it shares.
    RepeatOfStaged(Position),
    Refused(PublishError),
}

impl Verdict {
    fn after(self, failure: Option<&PublishError>) -> Result<Published, PublishError> {
        match (self, failure) {
            (Self::Refused(error), _) => Err(error),
            (Self::Repeat(position), _) => Ok(Published { id: position.to_string(), is_repeat: true }),
            (Self::New(_) | Self::RepeatOfStaged(_), Some(failure)) => Err(failure.clone()),
            (Self::New(position), None) => Ok(Published { id: position.to_string(), is_repeat: false }),
            (Self::RepeatOfStaged(position), None) => Ok(Published { id: position.to_string(), is_repeat: true }),
        }
    }
}

fn retain_key(record: &Record) -> Option<RetainKey> {
    let key = record.retain_key.clone()?;
    Some((record.frame.recipient.clone(), key))
}

fn spent_key(scope: &Scope, record: &Record) -> Option<SpentKey> {
    Some(SpentKey {
        scope: scope.clone(),
        event: record.frame.published()?.name.to_string(),
        key: record.key.clone()?,
        position: record.frame.position,
        at: record.frame.at,
    })
}
