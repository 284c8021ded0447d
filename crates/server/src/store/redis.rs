//! The store of several nodes: Redis or Valkey. A script numbers, keeps and hands on; every node hears what it has
//! listeners for.

mod address;

mod keys;

mod trouble;

mod link;

mod wire;

mod replicas;

mod terms;

mod publisher;

mod library;

mod outlet;

mod intake;

mod look;

mod feed;

mod catalog;

mod erase;

mod commons;

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use self::address::Address;
pub use self::address::AddressError;
use self::commons::RedisCommons;
use self::link::Link;
use self::outlet::Outlet;
pub use self::publisher::{ConnectError, RedisPublisher};
use self::terms::Terms;
use super::{Closed, Command, Keeping, KeptCatalog, Store, StoreError};
use crate::admission::Admission;
use crate::admitted::{Admitted, CatalogError};
use crate::hub::{Hub, Shared};
use crate::recipient::Scope;
use crate::ring::Since;
use crate::settings::Settings;

/// A Redis that several nodes share.
#[derive(Debug, Clone)]
pub struct RedisStore {
    address: Address,
    replicas: u32,
}

impl RedisStore {
    /// The Redis at an address: `redis://host:port`, `rediss://` with TLS, `redis-sentinel://`, `redis-cluster://`.
    pub fn at(address: &str) -> Result<Self, AddressError> {
        Ok(Self { address: Address::parse(address)?, replicas: 0 })
    }

    /// Answers a publish only when so many replicas have it. A cluster cannot be asked.
    pub fn replicated(self, replicas: u32) -> Result<Self, AddressError> {
        match self.address {
            Address::Cluster(_) if replicas > 0 => Err(AddressError::no_replicas()),
            Address::One(_) | Address::Sentinel { .. } | Address::Cluster(_) => Ok(Self { replicas, ..self }),
        }
    }

    /// Waiting for replicas holds back whatever else goes over a connection.
    async fn writing(&self, link: &Link) -> Result<Link, StoreError> {
        match self.replicas {
            0 => Ok(link.clone()),
            _ => Ok(Link::open(self.address.clone(), link.troubles().clone()).await?),
        }
    }
}

/// How the hub tells the tasks of its store what to do.
struct Desk {
    intake: UnboundedSender<intake::Asked>,
    feed: UnboundedSender<feed::Asked>,
    rest: UnboundedSender<Command>,
}

impl Store for Desk {
    fn tell(&self, command: Command) -> Result<(), Closed> {
        match command {
            Command::Publish(drafts, answer) => {
                self.intake.send(intake::Asked::Publish(drafts, answer)).map_err(|_| Closed)
            }
            Command::Close(answer) => self.intake.send(intake::Asked::Close(answer)).map_err(|_| Closed),
            Command::Attend(scope, since, answer) => {
                self.feed.send(feed::Asked::Attend(scope, since, answer)).map_err(|_| Closed)
            }
            other @ (Command::KeepCatalog { .. } | Command::Erase(..)) => self.rest.send(other).map_err(|_| Closed),
        }
    }
}

impl Hub {
    /// Starts a node of several, with this catalog when it grows from the one that the store keeps. The remarks are for
    /// the operator. Wants a tokio runtime for as long as the hub lives.
    pub async fn join(
        admission: Admission,
        store: RedisStore,
        settings: Settings,
    ) -> Result<(Self, Vec<String>), CatalogError> {
        let troubles = Arc::default();
        let link = Link::open(store.address.clone(), Arc::clone(&troubles)).await.map_err(StoreError::from)?;
        let writing = store.writing(&link).await?;
        let own_catalog = admission.digest().to_owned();
        let mut remarks = Vec::new();
        let admitted = admit(admission, &link, &mut remarks).await?;
        let (intake, drafts) = unbounded_channel();
        let (feed, listeners) = unbounded_channel();
        let (rest, commands) = unbounded_channel();
        let desk = Desk { intake, feed, rest };
        let terms = Terms::of(&settings, admitted.admission.served());
        if let Some(before) = terms.begin(&link).await.map_err(StoreError::from)? {
            remarks.push(format!("every node keeps {terms} from now on, as this one says; it was {before}"));
        }
        let (decided, terms_followed) = watch::channel(terms);
        let outlet = Outlet::new(writing, terms_followed.clone(), store.replicas);
        let commons = RedisCommons::start(link.clone()).await.map_err(StoreError::from)?;
        let shared = Shared::new(admitted, own_catalog, settings, None, Box::new(desk), Box::new(commons), troubles);
        let weak = Arc::downgrade(&shared);
        tokio::spawn(intake::run(outlet, shared.metrics.clone(), drafts));
        tokio::spawn(feed::run(link.clone(), weak.clone(), terms_followed.clone(), listeners));
        tokio::spawn(terms::follow(link.clone(), decided, weak.clone()));
        tokio::spawn(catalog::follow(link.clone(), terms_followed, weak.clone()));
        tokio::spawn(commons::compare(link.clone(), weak));
        tokio::spawn(carry_out(link, commands));
        // Every node hears public events, and always: a catalog that grows may make anyone hear them.
        let public = shared.attend(Scope::Public, Since::Now).await;
        let public = public.map_err(|error| StoreError::Remote(error.to_string()))?;
        shared.keep_public(public);
        Ok((Self { shared }, remarks))
    }
}

/// What a node serves at first: its own catalog where that grows from the kept one, else the kept one.
async fn admit(own: Admission, link: &Link, remarks: &mut Vec<String>) -> Result<Admitted, CatalogError> {
    let own = Arc::new(own);
    let mut kept: Option<KeptCatalog> = catalog::read(link).await.map_err(StoreError::from)?;
    loop {
        if let Some(admitted) = Admitted::judge(&own, kept.as_ref(), remarks)? {
            return Ok(admitted);
        }
        let known = kept.as_ref().map_or(0, |kept| kept.revision);
        match catalog::keep(link, kept.as_ref(), known, own.json()).await.map_err(StoreError::from)? {
            Keeping::Kept(revision) => return Ok(Admitted::at(revision, own)),
            Keeping::Overtaken(other) => kept = Some(other),
        }
    }
}

/// What is seldom asked, one after the other.
async fn carry_out(link: Link, mut commands: UnboundedReceiver<Command>) {
    while let Some(command) = commands.recv().await {
        match command {
            Command::KeepCatalog { over, json, answer } => {
                let kept = catalog::keep(&link, Some(&over), over.revision, &json).await;
                // Whoever asked may be gone.
                let _ = answer.send(kept.map_err(StoreError::from));
            }
            Command::Erase(erasure, answer) => {
                let _ = answer.send(erase::erase(&link, &erasure).await.map_err(StoreError::from));
            }
            Command::Publish(..) | Command::Attend(..) | Command::Close(_) => {} // Others carry these out.
        }
    }
}
