//! The publisher: one per service, shared by whoever publishes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use growset_event::{Event, Target};
use tokio::time::{Instant, sleep_until, timeout};

use crate::answer::Answer;
use crate::batch::Batch;
#[cfg(feature = "redis")]
use crate::direct::Direct;
use crate::error::{AddressError, PublishError};
use crate::outgoing::Outgoing;
use crate::patience::pause;
use crate::web::Web;

/// How long one publish is tried, unless it is set.
const PATIENCE: Duration = Duration::from_secs(30);

/// One try has this long to be answered, unless less is left.
const LONGEST_TRY: Duration = Duration::from_secs(10);

/// And this long even when nothing is left.
const SHORTEST_TRY: Duration = Duration::from_secs(1);

/// Events of one request; servers take twice as many, unless they are set otherwise.
const LARGEST_BATCH: usize = 500;

/// Publishes to one server. Clones share its connections, and wait together when the server is busy.
#[derive(Clone)]
pub struct Publisher {
    shared: Arc<Shared>,
}

struct Shared {
    way: Way,
    patience: Duration,
    /// Makes the keys of this publisher its own.
    name: u64,
    keys: AtomicU64,
    /// The server asked not to come before.
    not_before: Mutex<Option<Instant>>,
}

/// How events go out.
enum Way {
    Web(Box<Web>),
    #[cfg(feature = "redis")]
    Direct(Direct),
}

/// What was made of a publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The event's id.
    pub id: String,
    /// Whether an earlier publish under the same key had already made it.
    pub is_repeat: bool,
}

impl Publisher {
    /// To the server at an address such as `https://events.example.com`; with a path where it is mounted below one.
    pub fn new(address: &str) -> Result<Self, AddressError> {
        Self::by(Way::Web(Box::new(Web::new(address)?)))
    }

    /// The same, to a server whose certificate one of these authorities signed, in PEM. The system's are not asked.
    pub fn trusting(address: &str, authorities: &[u8]) -> Result<Self, AddressError> {
        Self::by(Way::Web(Box::new(Web::trusting(address, authorities)?)))
    }

    /// Straight to the Redis of several nodes.
    #[cfg(feature = "redis")]
    pub(crate) fn over(direct: Direct) -> Result<Self, AddressError> {
        Self::by(Way::Direct(direct))
    }

    fn by(way: Way) -> Result<Self, AddressError> {
        let shared = Shared {
            way,
            patience: PATIENCE,
            name: getrandom::u64().map_err(AddressError::NoRandomness)?,
            keys: AtomicU64::new(0),
            not_before: Mutex::new(None),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Shows a token with each request. It is asked for each time, since tokens end.
    pub fn with_token(self, token: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.with(|shared| match &mut shared.way {
            Way::Web(web) => web.token = Some(Box::new(token)),
            // Redis wants a user and a password, which are in its address.
            #[cfg(feature = "redis")]
            Way::Direct(_) => {}
        })
    }

    /// Tries for so long, instead of 30 seconds; zero is one try.
    pub fn with_patience(self, patience: Duration) -> Self {
        self.with(|shared| shared.patience = patience)
    }

    /// A publisher that is shared already keeps what it was made with.
    fn with(mut self, change: impl FnOnce(&mut Shared)) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            change(shared);
        }
        self
    }

    /// Publishes one event and waits until the server has stored it. A target of another audience does not compile.
    pub async fn publish<E: Event>(&self, target: Target<E::Audience>, event: &E) -> Result<Published, PublishError> {
        self.publish_one(Outgoing::new(target, event)?).await
    }

    /// Publishes one event under its own key.
    pub async fn publish_one(&self, event: Outgoing) -> Result<Published, PublishError> {
        let unanswered = || Err(PublishError::Foreign { cause: "no verdict".to_owned() });
        self.publish_all(vec![event]).await.pop().unwrap_or_else(unanswered)
    }

    /// Publishes events in order, with a verdict each. One that fails does not keep the others; one that the server
    /// takes only later comes after them.
    pub async fn publish_all(&self, events: Vec<Outgoing>) -> Vec<Result<Published, PublishError>> {
        let deadline = Instant::now() + self.shared.patience;
        let mut events: Vec<Outgoing> = events.into_iter().map(|event| event.with_key_or(|| self.next_key())).collect();
        let mut verdicts = Vec::with_capacity(events.len());
        let mut most = LARGEST_BATCH;
        while !events.is_empty() {
            let batch = &events[..most.min(events.len())];
            match self.shared.publish_batch(batch, deadline).await {
                Ok(told) => {
                    events.drain(..told.len());
                    verdicts.extend(told);
                }
                // This server takes less at once.
                Err(_) if batch.len() > 1 => most = batch.len() / 2,
                Err(error) => {
                    events.remove(0);
                    verdicts.push(Err(error));
                }
            }
        }
        verdicts
    }

    fn next_key(&self) -> String {
        format!("{:016x}-{}", self.shared.name, self.shared.keys.fetch_add(1, Ordering::Relaxed))
    }
}

impl Shared {
    /// A verdict on each event of a batch; the error is that it holds too much.
    async fn publish_batch(
        &self,
        events: &[Outgoing],
        deadline: Instant,
    ) -> Result<Vec<Result<Published, PublishError>>, PublishError> {
        let mut batch = Batch::new(events);
        let mut tries = 0;
        while batch.is_open() {
            if let Err(error) = self.wait_for_leave(deadline).await {
                batch.close(&error);
                break;
            }
            tries += 1;
            let postponed = match self.send(&batch.open(), deadline).await {
                Ok(Answer::Verdicts(verdicts)) => batch.note(verdicts).map(|error| (None, error)),
                Ok(Answer::Later { retry_after, detail }) => {
                    Some((retry_after, PublishError::Busy { retry_after, detail }))
                }
                Ok(Answer::TooMuch(error)) => return Err(error),
                Ok(Answer::Never(error)) => {
                    batch.close(&error);
                    None
                }
                Err(cause) => {
                    let silence = PublishError::Unreachable { cause };
                    batch.note_silence(&silence);
                    Some((None, silence))
                }
            };
            if let Some((asked, error)) = postponed {
                let next = self.next_try(tries, asked);
                if next < deadline {
                    sleep_until(next).await;
                } else {
                    batch.close(&error);
                }
            }
        }
        Ok(batch.into_verdicts())
    }

    /// Sends events once. The error is that there was no answer.
    async fn send(&self, events: &[&Outgoing], deadline: Instant) -> Result<Answer, String> {
        let left = deadline.saturating_duration_since(Instant::now());
        let within = left.clamp(SHORTEST_TRY, LONGEST_TRY);
        let answering = async {
            match &self.way {
                Way::Web(web) => web.send(events).await,
                #[cfg(feature = "redis")]
                Way::Direct(direct) => Ok(direct.send(events).await),
            }
        };
        timeout(within, answering).await.unwrap_or_else(|_| Err(format!("no answer within {within:?}")))
    }

    /// When to try again. What the server asks one for, everyone gives it.
    fn next_try(&self, tries: u32, asked: Option<Duration>) -> Instant {
        let next = Instant::now() + pause(tries, asked, getrandom::u32().unwrap_or(u32::MAX));
        if asked.is_some() {
            let mut not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
            *not_before = (*not_before).max(Some(next));
        }
        next
    }

    /// Fails at once when the time that the server asked for is longer than there is.
    async fn wait_for_leave(&self, deadline: Instant) -> Result<(), PublishError> {
        let now = Instant::now();
        let not_before = *self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(until) = not_before.filter(|until| *until > now) else {
            return Ok(());
        };
        if until > deadline {
            let retry_after = Some(until.duration_since(now));
            return Err(PublishError::Busy { retry_after, detail: "it asked for time a moment ago".to_owned() });
        }
        sleep_until(until).await;
        Ok(())
    }
}
