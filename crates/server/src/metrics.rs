//! What a node counts. Holds no payload, token or name of a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::histogram::Histogram;
use crate::refusal::Refusal;
use crate::ring::Reason;
use crate::subscription::Subscription;

const REASONS: [Reason; 5] = [Reason::Trimmed, Reason::Lagged, Reason::Rollback, Reason::Unknown, Reason::Erased];

/// Digests of pages that are told apart; what comes after them is counted as `other`.
const MOST_PAGES: usize = 100;

/// Counters of one node.
pub(crate) struct Metrics {
    listeners: AtomicI64,
    opened: AtomicU64,
    by_event: Mutex<BTreeMap<String, i64>>,
    published: AtomicU64,
    repeated: AtomicU64,
    failed: AtomicU64,
    batches: AtomicU64,
    refused: [AtomicU64; Refusal::RULES.len()],
    gaps: [AtomicU64; REASONS.len()],
    streamed_bytes: AtomicU64,
    deprecated: Mutex<BTreeMap<String, u64>>,
    /// By the beginning of the digest of the catalog that a page was built from.
    by_page: Mutex<BTreeMap<Arc<str>, i64>>,
    /// From the number that an event got to its way out, in milliseconds, of the oldest event of each write.
    latency: Histogram<12>,
    /// Events that were pending for one connection when it was written to.
    pending: Histogram<8>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            listeners: AtomicI64::default(),
            opened: AtomicU64::default(),
            by_event: Mutex::default(),
            published: AtomicU64::default(),
            repeated: AtomicU64::default(),
            failed: AtomicU64::default(),
            batches: AtomicU64::default(),
            refused: Default::default(),
            gaps: Default::default(),
            streamed_bytes: AtomicU64::default(),
            deprecated: Mutex::default(),
            by_page: Mutex::default(),
            latency: Histogram::new([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 30_000]),
            pending: Histogram::new([1, 2, 5, 10, 50, 200, 1000, 10_000]),
        }
    }
}

impl Metrics {
    pub(crate) fn opened(&self, subscription: &Subscription) {
        self.listeners.fetch_add(1, Ordering::Relaxed);
        self.opened.fetch_add(1, Ordering::Relaxed);
        self.count_names(subscription, 1);
        self.count_page(subscription, 1);
        let mut deprecated = self.deprecated.lock().unwrap_or_else(PoisonError::into_inner);
        for name in subscription.deprecated() {
            *deprecated.entry(name.clone()).or_default() += 1;
        }
    }

    pub(crate) fn closed(&self, subscription: &Subscription) {
        self.listeners.fetch_sub(1, Ordering::Relaxed);
        self.count_names(subscription, -1);
        self.count_page(subscription, -1);
    }

    fn count_page(&self, subscription: &Subscription, by: i64) {
        let Some(page) = &subscription.page else {
            return;
        };
        let mut by_page = self.by_page.lock().unwrap_or_else(PoisonError::into_inner);
        if by > 0 && by_page.len() >= MOST_PAGES {
            by_page.retain(|_, count| *count != 0);
        }
        let is_told_apart = by_page.contains_key(page) || by_page.len() < MOST_PAGES;
        let page = if is_told_apart { page.clone() } else { "other".into() };
        *by_page.entry(page).or_default() += by;
    }

    fn count_names(&self, subscription: &Subscription, by: i64) {
        let mut by_event = self.by_event.lock().unwrap_or_else(PoisonError::into_inner);
        for name in subscription.names() {
            match by_event.get_mut(name) {
                Some(count) => *count += by,
                None => {
                    by_event.insert(name.to_owned(), by);
                }
            }
        }
    }

    pub(crate) fn listeners(&self) -> i64 {
        self.listeners.load(Ordering::Relaxed)
    }

    pub(crate) fn published(&self, new: u64, repeated: u64, failed: u64) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.published.fetch_add(new, Ordering::Relaxed);
        self.repeated.fetch_add(repeated, Ordering::Relaxed);
        self.failed.fetch_add(failed, Ordering::Relaxed);
    }

    /// A stream hears other names from now on.
    pub(crate) fn renamed(&self, old: &Subscription, new: &Subscription) {
        self.count_names(old, -1);
        self.count_names(new, 1);
    }

    pub(crate) fn refused(&self, refusal: &Refusal) {
        if let Ok(at) = Refusal::RULES.binary_search(&refusal.rule()) {
            self.refused[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn gap(&self, reason: Reason) {
        if let Some(at) = REASONS.iter().position(|other| *other == reason) {
            self.gaps[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Of one write: how many events, and when the oldest of them got its number.
    pub(crate) fn delivered(&self, events: usize, oldest: u64, now: u64) {
        self.pending.observe(events as u64);
        self.latency.observe(now.saturating_sub(oldest));
    }

    pub(crate) fn streamed(&self, bytes: usize) {
        self.streamed_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// In the text format of Prometheus, 0.0.4.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed).to_string();
        let plain = |value: String| vec![(String::new(), value)];
        family(&mut text, "growset_listeners", "gauge", "Open streams.", plain(self.listeners().to_string()));
        let by_event = self.by_event.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = by_event.iter().map(|(event, count)| (label("event", event), count.to_string())).collect();
        family(&mut text, "growset_event_listeners", "gauge", "Open streams that hear an event.", rows);
        drop(by_event);
        let deprecated = self.deprecated.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = deprecated.iter().map(|(event, count)| (label("event", event), count.to_string())).collect();
        family(&mut text, "growset_deprecated_total", "counter", "Streams that asked for a deprecated event.", rows);
        drop(deprecated);
        let by_page = self.by_page.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = by_page.iter().map(|(page, count)| (label("catalog", page), count.to_string())).collect();
        family(&mut text, "growset_page_listeners", "gauge", "Open streams by the catalog of their page.", rows);
        drop(by_page);
        let help = "From an event's number to its way out.";
        self.latency.write("growset_delivery_seconds", help, 1000.0, &mut text);
        let help = "Events that were pending for one connection when it was written to.";
        self.pending.write("growset_pending_events", help, 1.0, &mut text);
        let counters = [
            ("growset_streams_total", "Streams opened.", &self.opened),
            ("growset_published_total", "Events taken.", &self.published),
            ("growset_repeated_total", "Publishes answered with an earlier id.", &self.repeated),
            ("growset_failed_total", "Publishes that the store failed.", &self.failed),
            ("growset_batches_total", "Group commits.", &self.batches),
            ("growset_streamed_bytes_total", "Bytes handed to connections.", &self.streamed_bytes),
        ];
        for (name, help, counter) in counters {
            family(&mut text, name, "counter", help, plain(count(counter)));
        }
        let rows =
            Refusal::RULES.iter().zip(&self.refused).map(|(rule, one)| (label("rule", rule), count(one))).collect();
        family(&mut text, "growset_refused_total", "counter", "Publishes refused, by rule.", rows);
        let rows =
            REASONS.iter().zip(&self.gaps).map(|(one, gaps)| (label("reason", one.as_str()), count(gaps))).collect();
        family(&mut text, "growset_gaps_total", "counter", "Gaps told to listeners, by reason.", rows);
        text
    }
}

/// Names of events and rules hold nothing that needs escaping here.
pub(crate) fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{value}\"}}")
}

pub(crate) fn family(text: &mut String, name: &str, kind: &str, help: &str, rows: Vec<(String, String)>) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    for (labels, value) in rows {
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}
