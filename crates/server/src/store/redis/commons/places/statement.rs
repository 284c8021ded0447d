//! What the store is told of one organisation's streams on this node, and what it answers.

use std::sync::Arc;
use std::time::Duration;

use redis::Script;

use super::lane::Wanted;
use crate::commons::{Crowded, Places};
use crate::store::redis::commons::nodes::{Known, Nodes};
use crate::store::redis::keys;
use crate::store::redis::link::Link;
use crate::store::redis::trouble::Trouble;

/// For how long the store believes a statement.
const BELIEF: Duration = Duration::from_secs(5 * 60);

/// A user, and how many streams it has here.
type Count = (Arc<str>, u32);

/// What is told of one organisation.
pub(super) struct Statement {
    pub(super) org: Arc<str>,
    pub(super) stated: u32,
    pub(super) total: u32,
    pub(super) changed: Vec<Count>,
    pub(super) wanted: Vec<Wanted>,
    /// How many streams the user of each of those has here.
    pub(super) here: Vec<u32>,
}

/// What the store said to it.
pub(super) struct Answered {
    /// It had lost what it was told before.
    pub(super) is_lost: bool,
    pub(super) verdicts: Vec<Result<(), Crowded>>,
}

impl Statement {
    pub(super) async fn tell(&self, link: &Link, nodes: &Nodes) -> Result<Answered, Trouble> {
        nodes.reappear(link).await?;
        let mut known = nodes.known();
        let mut strangers = Vec::new();
        loop {
            let answered: Vec<String> = self.call(link, nodes.me(), &known, &strangers).await?;
            match <[String; 1]>::try_from(answered) {
                Err(answered) => return read(&answered, self.wanted.len()),
                // It came after this node looked who there is, or is so long gone that nobody knows it.
                Ok([stranger]) => {
                    known = nodes.beat(link).await?;
                    if !known.alive.contains(&stranger) && !known.dead.contains(&stranger) {
                        strangers.push(stranger);
                    }
                }
            }
        }
    }

    async fn call(&self, link: &Link, me: &str, known: &Known, strangers: &[String]) -> Result<Vec<String>, Trouble> {
        let script = Script::new(include_str!("../places.lua"));
        let mut call = script.prepare_invoke();
        call.key(keys::streams(&self.org)).key(keys::streams_of(&self.org, me));
        for node in &known.alive {
            call.key(keys::streams_of(&self.org, node));
        }
        let most = self.wanted.first().map_or(Places { org: 0, user: 0 }, |wanted| wanted.most);
        call.arg(me).arg(BELIEF.as_millis() as u64).arg(self.stated).arg(self.total).arg(most.org).arg(most.user);
        call.arg(known.alive.len()).arg(&known.alive);
        call.arg(known.dead.len() + strangers.len()).arg(&known.dead).arg(strangers);
        call.arg(self.changed.len());
        for (user, count) in &self.changed {
            call.arg(&**user).arg(count);
        }
        call.arg(self.wanted.len());
        for (wanted, here) in self.wanted.iter().zip(&self.here) {
            call.arg(wanted.user.as_deref().unwrap_or_default()).arg(here);
        }
        link.invoke(&call).await
    }
}

fn read(answered: &[String], wanted: usize) -> Result<Answered, Trouble> {
    let verdicts = answered.iter().skip(2).map(|verdict| match verdict.as_str() {
        "in" => Ok(Ok(())),
        "org" => Ok(Err(Crowded::Org)),
        "user" => Ok(Err(Crowded::User)),
        other => Err(Trouble::nonsense(format!("the verdict {other:?}"))),
    });
    let verdicts = verdicts.collect::<Result<Vec<_>, Trouble>>()?;
    if verdicts.len() != wanted {
        return Err(Trouble::nonsense(format!("{} verdicts on {wanted} streams", verdicts.len())));
    }
    Ok(Answered { is_lost: answered.first().is_some_and(|first| first == "lost"), verdicts })
}
