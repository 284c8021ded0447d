//! Events on their way straight to the Redis of several nodes, judged and derived here by the catalog that the nodes
//! have admitted. What cannot be derived here goes to a node.

use growset_server::store::{RedisPublisher, RedisStore};
use growset_server::{Function, Item, PublishError as NotPublished, Refusal};

use crate::answer::{self, Answer, Verdict};
use crate::error::{DirectError, PublishError};
use crate::outgoing::Outgoing;
use crate::publisher::{Published, Publisher};

/// The Redis of several nodes, for a publisher that goes past them:
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use growset_publish::{Publisher, Redis};
///
/// let nodes = Publisher::new("https://events.example.com")?.with_token(|| "…".to_owned());
/// let publisher = Redis::at("redis://redis:6379")?.or_by(nodes).connect().await?;
/// # Ok(())
/// # }
/// ```
pub struct Redis {
    store: RedisStore,
    functions: Vec<Function>,
    nodes: Option<Publisher>,
}

impl Redis {
    /// At an address as `growset serve --store` takes it.
    pub fn at(address: &str) -> Result<Self, DirectError> {
        Ok(Self { store: RedisStore::at(address)?, functions: Vec::new(), nodes: None })
    }

    /// With derived functions of one's own, the same as the nodes'.
    pub fn with_functions(mut self, functions: &[Function]) -> Self {
        self.functions.extend_from_slice(functions);
        self
    }

    /// An event is published once so many replicas have it. A cluster cannot be asked.
    pub fn replicated(self, replicas: u32) -> Result<Self, DirectError> {
        Ok(Self { store: self.store.replicated(replicas)?, ..self })
    }

    /// Sends what needs a function that is not known here by another publisher.
    pub fn or_by(self, nodes: Publisher) -> Self {
        Self { nodes: Some(nodes), ..self }
    }

    /// Connects. Fails where no node has run yet: the catalog is theirs. Wants a tokio runtime for as long as the
    /// publisher lives.
    pub async fn connect(self) -> Result<Publisher, DirectError> {
        let redis = RedisPublisher::connect(self.store, &self.functions).await?;
        Ok(Publisher::over(Direct { redis, nodes: self.nodes })?)
    }
}

pub(crate) struct Direct {
    redis: RedisPublisher,
    nodes: Option<Publisher>,
}

/// What is to be done with an event.
enum Way {
    Here(Box<Item>),
    ByNodes(Outgoing),
    Refused(PublishError),
}

impl Direct {
    /// Sends events once, in order.
    pub(crate) async fn send(&self, events: &[&Outgoing]) -> Answer {
        let mut verdicts = Vec::with_capacity(events.len());
        let mut ways = events.iter().map(|event| self.judge(event)).peekable();
        while let Some(way) = ways.next() {
            match way {
                Way::Here(first) => {
                    let mut items = vec![*first];
                    while let Some(Way::Here(next)) = ways.next_if(|way| matches!(way, Way::Here(_))) {
                        items.push(*next);
                    }
                    verdicts.extend(self.redis.publish(items).await.into_iter().map(verdict));
                }
                Way::ByNodes(first) => {
                    let mut sent = vec![first];
                    while let Some(Way::ByNodes(next)) = ways.next_if(|way| matches!(way, Way::ByNodes(_))) {
                        sent.push(next);
                    }
                    if let Some(nodes) = &self.nodes {
                        // It may go past other nodes in turn.
                        verdicts.extend(Box::pin(nodes.publish_all(sent)).await.into_iter().map(Verdict::Done));
                    }
                }
                Way::Refused(error) => verdicts.push(Verdict::Done(Err(error))),
            }
        }
        Answer::Verdicts(verdicts)
    }

    fn judge(&self, event: &Outgoing) -> Way {
        let (name, to, data, key) = event.parts();
        match self.redis.admit(name, to, data, key) {
            Ok(item) => Way::Here(Box::new(item)),
            Err(Refusal::MissingFunction { .. }) if self.nodes.is_some() => Way::ByNodes(event.clone()),
            Err(refusal) => Way::Refused(refused(refusal.into())),
        }
    }
}

fn verdict(result: Result<growset_server::Published, NotPublished>) -> Verdict {
    let error = match result {
        Ok(published) => {
            return Verdict::Done(Ok(Published { id: published.id, is_repeat: published.is_repeat }));
        }
        Err(error) => error,
    };
    match error {
        NotPublished::Store(_) | NotPublished::Closed => Verdict::Later(PublishError::busy(error.to_string())),
        NotPublished::Unclear(cause) => Verdict::Later(PublishError::Unclear { cause }),
        NotPublished::Refused(_) | NotPublished::KeyTaken { .. } | NotPublished::Serialise(_) => {
            Verdict::Done(Err(refused(error)))
        }
    }
}

/// As a node would have told it.
fn refused(error: NotPublished) -> PublishError {
    answer::refused_by(error.into_problem())
}
