//! Where a Redis is: one server, a primary that sentinels name, or a cluster.

use std::time::Duration;

use redis::aio::{AsyncPushSender, ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, Pipeline, ProtocolVersion,
    RedisFuture, RedisResult, Value, cmd,
};

/// No connection takes longer to come about.
const CONNECT: Duration = Duration::from_secs(2);

/// No answer is awaited longer.
pub(super) const RESPONSE: Duration = Duration::from_secs(2);

/// Where a Redis is.
#[derive(Debug, Clone)]
pub(super) enum Address {
    One(ConnectionInfo),
    Sentinel { sentinels: Vec<ConnectionInfo>, service: String, primary: ConnectionInfo },
    Cluster(Vec<ConnectionInfo>),
}

/// A text that is no address.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0}; write redis://[user:password@]host:port[/database], rediss:// for TLS, redis-sentinel://host:port,host:port/name or redis-cluster://host:port,host:port"
)]
pub struct AddressError(String);

impl AddressError {
    pub(super) fn no_replicas() -> Self {
        Self("a cluster cannot be asked to wait for replicas".to_owned())
    }
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or_else(|| AddressError("no address of a Redis".to_owned()))?;
        let plain = if scheme.starts_with("rediss") { "rediss" } else { "redis" };
        // What comes after the password, which may hold anything.
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        if let Some(at) = place.find(['?', '#']) {
            return Err(AddressError(format!("{} means nothing in the address of a Redis", &place[at..])));
        }
        let path = place.split_once('/').map_or("", |(_, path)| path);
        match scheme.strip_prefix(plain) {
            Some("") => {
                check_database(path)?;
                Ok(Self::One(info(text)?))
            }
            Some("-cluster") if !path.is_empty() => {
                Err(AddressError(format!("a cluster has one database, and none is called {path}")))
            }
            Some("-cluster") => {
                let nodes: Result<Vec<ConnectionInfo>, AddressError> =
                    each(plain, rest).map(|node| info(&node)).collect();
                Ok(Self::Cluster(nodes?))
            }
            Some("-sentinel") => {
                let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
                let (service, database) = path.split_once('/').unwrap_or((path, "0"));
                if service.is_empty() {
                    return Err(AddressError("the name of the primary is missing after the sentinels".to_owned()));
                }
                check_database(database)?;
                let sentinels: Result<Vec<ConnectionInfo>, AddressError> =
                    each(plain, hosts).map(|node| info(&without_user(&node))).collect();
                // Its host and port are the sentinels' to tell; who comes and how is told here.
                let primary = each(plain, hosts).next().unwrap_or_default();
                let primary = info(&format!("{primary}/{database}"))?;
                Ok(Self::Sentinel { sentinels: sentinels?, service: service.to_owned(), primary })
            }
            Some(_) | None => Err(AddressError(format!("{scheme}:// is no scheme of a Redis"))),
        }
    }

    pub(super) fn uses_tls(&self) -> bool {
        let first = match self {
            Self::One(info) | Self::Sentinel { primary: info, .. } => Some(info),
            Self::Cluster(nodes) => nodes.first(),
        };
        first.is_some_and(|info| matches!(info.addr(), ConnectionAddr::TcpTls { .. }))
    }

    pub(super) fn database(&self) -> i64 {
        match self {
            Self::One(info) | Self::Sentinel { primary: info, .. } => info.redis_settings().db(),
            Self::Cluster(_) => 0,
        }
    }

    /// How the script hands events on: in a cluster within the shard alone.
    pub(super) fn publishing_command(&self) -> &'static str {
        match self {
            Self::One(_) | Self::Sentinel { .. } => "PUBLISH",
            Self::Cluster(_) => "SPUBLISH",
        }
    }

    /// A connection to the primary. `hear` is told what is published, when something is subscribed to.
    pub(super) async fn connect(&self, hear: impl AsyncPushSender) -> RedisResult<Wire> {
        match self {
            Self::One(info) => connect_to(info.clone(), hear).await,
            Self::Sentinel { sentinels, service, primary } => {
                let (host, port) = ask_sentinels(sentinels, service).await?;
                connect_to(primary.clone().set_addr(at(primary.addr(), host, port)), hear).await
            }
            Self::Cluster(nodes) => {
                let client = ClusterClientBuilder::new(nodes.clone())
                    .use_protocol(ProtocolVersion::RESP3)
                    .connection_timeout(CONNECT)
                    .response_timeout(RESPONSE)
                    .overall_response_timeout(Some(RESPONSE * 2))
                    .retries(3)
                    .push_sender(hear)
                    .build()?;
                Ok(Wire::Cluster(client.get_async_connection().await?))
            }
        }
    }
}

async fn connect_to(info: ConnectionInfo, hear: impl AsyncPushSender) -> RedisResult<Wire> {
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(RESPONSE))
        .set_push_sender(hear);
    let client = Client::open(info.set_redis_settings(settings))?;
    Ok(Wire::One(client.get_multiplexed_async_connection_with_config(&config).await?))
}

/// The first sentinel that answers says where the primary is.
async fn ask_sentinels(sentinels: &[ConnectionInfo], service: &str) -> RedisResult<(String, u16)> {
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(RESPONSE));
    let mut last = None;
    for sentinel in sentinels {
        let asked = async {
            let client = Client::open(sentinel.clone())?;
            let mut wire = client.get_multiplexed_async_connection_with_config(&config).await?;
            let told: Option<(String, u16)> =
                cmd("SENTINEL").arg("get-master-addr-by-name").arg(service).query_async(&mut wire).await?;
            RedisResult::Ok(told)
        };
        match asked.await {
            Ok(Some(told)) => return Ok(told),
            Ok(None) => last = Some(unknown_service()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(unknown_service))
}

fn unknown_service() -> redis::RedisError {
    (redis::ErrorKind::MasterNameNotFoundBySentinel, "no sentinel knows a primary of that name").into()
}

fn at(like: &ConnectionAddr, host: String, port: u16) -> ConnectionAddr {
    match like.clone() {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure, tls_params }
        }
        _ => ConnectionAddr::Tcp(host, port), // Sentinels tell hosts and ports alone.
    }
}

/// `user:password@one,two` as addresses of their own, each with the credentials.
fn each(scheme: &str, hosts: &str) -> impl Iterator<Item = String> {
    let (user, hosts) = match hosts.rsplit_once('@') {
        Some((user, hosts)) => (format!("{user}@"), hosts),
        None => (String::new(), hosts),
    };
    hosts.split(',').map(|host| format!("{scheme}://{user}{host}")).collect::<Vec<_>>().into_iter()
}

/// Sentinels have credentials of their own, or none.
fn without_user(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        (None, _) | (_, None) => address.to_owned(),
    }
}

fn check_database(path: &str) -> Result<(), AddressError> {
    match path.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(()),
        false => Err(AddressError(format!("a database has a number, which {path} is not"))),
    }
}

fn info(text: &str) -> Result<ConnectionInfo, AddressError> {
    text.into_connection_info().map_err(|error| AddressError(format!("no address of a Redis: {error}")))
}

/// A connection, to one server or to all of a cluster. Clones share it, and what is sent at once goes in one write.
#[derive(Clone)]
pub(super) enum Wire {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Wire {
    pub(super) async fn subscribe(&mut self, channel: &str) -> RedisResult<()> {
        match self {
            Self::One(one) => one.subscribe(channel).await,
            Self::Cluster(cluster) => cluster.ssubscribe(channel).await,
        }
    }

    pub(super) async fn unsubscribe(&mut self, channel: &str) -> RedisResult<()> {
        match self {
            Self::One(one) => one.unsubscribe(channel).await,
            Self::Cluster(cluster) => cluster.sunsubscribe(channel).await,
        }
    }
}

impl ConnectionLike for Wire {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::One(one) => one.req_packed_command(command),
            Self::Cluster(cluster) => cluster.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::One(one) => one.req_packed_commands(pipeline, offset, count),
            Self::Cluster(cluster) => cluster.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::One(one) => one.get_db(),
            Self::Cluster(cluster) => cluster.get_db(),
        }
    }
}
