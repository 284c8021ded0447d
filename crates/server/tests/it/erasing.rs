//! What is erased is gone, on disk as well, and told as a gap.

use growset_model::Audience;
use growset_server::http::{Access, Keys, Limits, Origins};
use growset_server::{Erasure, Resume, Settings};
use serde_json::{Value, json};

use crate::support::{
    Server, everything, folder, item, log_hub, memory_hub, open_stream, pending, publish_to_org, request,
    small_admission, texts, without_control,
};
use crate::trust::{SECRET, token};

#[tokio::test]
async fn a_user_is_erased_from_history_and_disk() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    let before = publish_to_org(&hub, "acme", "1").await;
    let mut private = item(&hub, Audience::User, [Some("acme"), Some("ada"), None], "a secret");
    private.key = Some("k".into());
    let erased = hub.publish_item(private).await.expect("is published");
    let after = publish_to_org(&hub, "acme", "2").await;
    let other = publish_to_org(&hub, "globex", "3").await;
    hub.erase(Erasure::User("acme".into(), "ada".into())).await.expect("is erased");
    for restart in [false, true] {
        let hub = if restart {
            hub.close().await;
            let texts: String = std::fs::read_dir(&path)
                .expect("it is there")
                .map(|file| std::fs::read(file.expect("it is there").path()).expect("it can be read"))
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .collect();
            assert!(!texts.contains("a secret") && !texts.contains("ada"), "{texts}");
            log_hub(&path, Settings::default())
        } else {
            hub.clone()
        };
        let ada = || everything(&hub, "acme", Some("ada"), &[]);
        for (from, expected, kept) in [
            (&before.id, Resume::Gap, vec!["2"]),
            (&erased.id, Resume::Exact, vec!["2"]),
            (&after.id, Resume::Exact, vec![]),
        ] {
            let mut back = open_stream(&hub, ada(), Some(from));
            let told = pending(&mut back);
            assert_eq!(back.resumed(), expected, "{from}");
            let gap = told.iter().find(|event| event.name == "growset.gap");
            assert_eq!(gap.is_some_and(|gap| gap.data.contains("erased")), expected == Resume::Gap);
            assert_eq!(texts(&without_control(told)), kept, "what was not erased is replayed");
        }
        let mut keyed = item(&hub, Audience::User, [Some("acme"), Some("ada"), None], "another");
        keyed.key = Some("k".into());
        if restart {
            assert!(!hub.publish_item(keyed).await.expect("the key is free").is_repeat);
        }
    }
    assert!(other.id.ends_with("-1"));
}

#[tokio::test]
async fn an_organisation_is_erased_by_an_admin_alone() {
    let hub = memory_hub(small_admission(), Settings::default());
    let access = Access::Tokens(Keys::secret(SECRET).expect("is long enough"));
    let server = Server::start(hub, access, Origins::default(), Limits::default()).await;
    let first = publish_to_org(&server.hub, "acme", "1").await;
    let last = publish_to_org(&server.hub, "acme", "2").await;
    let other = publish_to_org(&server.hub, "globex", "1").await;
    publish_to_org(&server.hub, "globex", "2").await;
    let delete = async |path: &str, admin: Value| {
        let bearer = format!("Bearer {}", token(|claims| claims["admin"] = admin));
        server.send(request("DELETE", path, &[("authorization", &bearer)], "")).await.status().as_u16()
    };
    for nobody in [json!(false), json!([]), json!(["globex"]), json!(["acm*"])] {
        assert_eq!(delete("/orgs/acme", nobody.clone()).await, 403, "{nobody}");
        assert_eq!(delete("/orgs/acme/users/ada", nobody.clone()).await, 403, "{nobody}");
    }
    assert_eq!(delete("/orgs/acme", json!(true)).await, 204);
    assert_eq!(delete("/orgs/acme/users/ada", json!(["acme"])).await, 204);
    assert_eq!(delete("/orgs/globex/users/ada", json!(true)).await, 403, "of another organisation");
    assert_eq!(delete("/orgs/globex/users/ada", json!(["*"])).await, 204);
    let back = |org: &str, from: &str| {
        let mut back = open_stream(&server.hub, everything(&server.hub, org, None, &[]), Some(from));
        let told = pending(&mut back);
        (back.resumed(), texts(&without_control(told)))
    };
    assert_eq!(back("acme", &first.id), (Resume::Gap, vec![]));
    assert_eq!(back("acme", &last.id), (Resume::Exact, vec![]));
    assert_eq!(back("globex", &other.id), (Resume::Exact, vec!["2".to_owned()]));
    let next = publish_to_org(&server.hub, "acme", "3").await;
    assert!(next.id.ends_with("-3"), "numbers go on: {}", next.id);
}

#[tokio::test]
async fn a_torn_tail_goes_with_what_is_erased() {
    let (_guard, path) = folder();
    let hub = log_hub(&path, Settings::default());
    publish_to_org(&hub, "acme", "a secret").await;
    hub.close().await;
    let log = path.join("events-0000000000.log");
    let whole = std::fs::read(&log).expect("it is there");
    std::fs::write(&log, &whole[..whole.len() - 1]).expect("there is room");
    let hub = log_hub(&path, Settings::default());
    let lies_there = || {
        let files = std::fs::read_dir(&path).expect("it is there");
        let mut texts = files.map(|file| std::fs::read(file.expect("it is there").path()).expect("it can be read"));
        texts.any(|text| String::from_utf8_lossy(&text).contains("a secret"))
    };
    assert!(lies_there(), "what was cut off is kept for the operator");
    hub.erase(Erasure::Org("acme".into())).await.expect("is erased");
    assert!(!lies_there());
    hub.close().await;
}
