//! A network that falls apart: one Redis in a namespace of its own, and two cables to it, of which one is pulled out.
//!
//! Only where namespaces may be made, which is root's on Linux; elsewhere the proxy of the outages has to do.

use std::hash::{BuildHasher, RandomState};
use std::process::Command;

use crate::outages::catches_up;
use crate::redis::Redis;

/// A namespace with a Redis that is reached by two ways.
struct Apart {
    name: String,
    /// Addresses of the host's and of the namespace's end begin so, each for a cable.
    nets: [String; 2],
    redis: Option<Redis>,
}

impl Apart {
    /// Nothing where that is not permitted, or there is no Redis.
    fn start() -> Option<Self> {
        let random = RandomState::new().hash_one(std::process::id());
        let name = format!("growset-{:06x}", random & 0xff_ffff);
        if !ip(&["netns", "add", &name]) {
            return None;
        }
        // Of the range for tests of networks (RFC 2544), so that no real one is in the way.
        let net = |cable: u64| format!("198.{}.{}", 18 + ((random >> 8) & 1), ((random & 0x7f) << 1) + cable);
        let mut apart = Self { nets: [net(0), net(1)], redis: None, name };
        for cable in 0..2 {
            apart.lay(cable).then_some(())?;
        }
        let options = ["--bind", "0.0.0.0", "--protected-mode", "no"];
        apart.redis = Redis::start_by(&["ip", "netns", "exec", &apart.name], &options);
        apart.redis.is_some().then_some(apart)
    }

    /// The host's and the namespace's end of a cable.
    fn ends(&self, cable: usize) -> [String; 2] {
        let (_, number) = self.name.split_at("growset-".len());
        ["h", "n"].map(|end| format!("gs{number}{end}{cable}"))
    }

    fn lay(&self, cable: usize) -> bool {
        let ([host, inner], net) = (self.ends(cable), &self.nets[cable]);
        ip(&["link", "add", &host, "type", "veth", "peer", "name", &inner, "netns", &self.name])
            && ip(&["address", "add", &format!("{net}.1/30"), "dev", &host])
            && ip(&["link", "set", &host, "up"])
            && ip(&["-n", &self.name, "address", "add", &format!("{net}.2/30"), "dev", &inner])
            && ip(&["-n", &self.name, "link", "set", &inner, "up"])
    }

    fn url(&self, cable: usize) -> String {
        let port = self.redis.as_ref().map_or(0, |redis| redis.port);
        format!("redis://{}.2:{port}", self.nets[cable])
    }

    /// What goes in at one end does not come out at the other, and nobody is told.
    fn pull(&self, cable: usize, state: &str) {
        let [_, inner] = self.ends(cable);
        assert!(ip(&["-n", &self.name, "link", "set", &inner, state]));
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.redis = None;
        // The cables go with it.
        ip(&["netns", "delete", &self.name]);
    }
}

/// Whether it was done.
fn ip(arguments: &[&str]) -> bool {
    Command::new("ip").args(arguments).output().is_ok_and(|output| output.status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_cable_is_pulled_out_catches_up_when_it_is_back() {
    let Some(apart) = Apart::start() else { return };
    catches_up([&apart.url(0), &apart.url(1)], || apart.pull(0, "down"), || apart.pull(0, "up")).await;
}
