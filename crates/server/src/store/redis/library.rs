//! The function that numbers events, and the library that Redis keeps it in. A function and no script: it remembers which
//! server it runs on, which costs a question otherwise, as long as the server loses nothing.

use growset_model::digest;
use redis::{Cmd, FromRedisValue, cmd};
use serde_json::Value;

use super::link::Link;
use super::trouble::{State, Trouble};

const BODY: &str = include_str!("publish.lua");

/// Named by what is in it, so that nodes of several versions have each their own.
pub(super) struct Library {
    name: String,
    text: String,
}

impl Library {
    pub(super) fn new() -> Self {
        let name = format!("growset_{}", &digest(&Value::from(BODY))[..16]);
        let text = format!("#!lua name={name}\n{BODY}\nredis.register_function('{name}', publish)\n");
        Self { name, text }
    }

    /// A call of the function, without its keys and arguments.
    pub(super) fn call(&self) -> Cmd {
        cmd("FCALL").arg(&self.name).take()
    }

    /// Carries a call out. A server that has not heard of the function is told, which is the rarer way.
    pub(super) async fn invoke<T: FromRedisValue>(&self, link: &Link, call: &Cmd) -> Result<T, Trouble> {
        match link.query(call).await {
            Err(trouble) if trouble.state == State::Unprepared => {
                // Another node may be at it as well. To load it anew makes it forget, which does no harm.
                let () = link.query(cmd("FUNCTION").arg("LOAD").arg("REPLACE").arg(&self.text)).await?;
                link.query(call).await
            }
            answered => answered,
        }
    }
}
