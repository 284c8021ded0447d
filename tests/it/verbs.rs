//! The verbs a person starts with: `init`, `new`, `fix`, `explain`.

use crate::workplace::{Workplace, assert_same};

const NOTHING_RELEASED: &str =
    "note: nothing is released yet, so everything may change; `growset release` starts contracts/growset.lock\n";

#[test]
fn a_fresh_repository_passes_check_and_generate_as_it_stands() {
    let workplace = Workplace::with_example();
    let answer = workplace.growset(&["check"]);
    assert_eq!(
        (answer.code, answer.out.as_str(), answer.err.as_str()),
        (0, "1 event, 2 types: no problems\n", NOTHING_RELEASED)
    );
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert_eq!(workplace.growset(&["generate", "--check"]).code, 0);
    for path in [".github/workflows/growset.yml", ".vscode/settings.json", "generated/editor/contract.schema.json"] {
        assert!(workplace.exists(path), "{path}");
    }
    assert!(workplace.read(".gitattributes").contains("generated/** text eol=lf linguist-generated=true\n"));
}

#[test]
fn init_overwrites_nothing() {
    let workplace = Workplace::with_example();
    let before = workplace.tree("");
    let answer = workplace.growset(&["init"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("contracts/growset.yaml exists already"), "{}", answer.err);
    assert_same(&workplace.tree(""), &before);

    let workplace = Workplace::new();
    workplace.write(".github/workflows/growset.yml", "mine");
    assert_eq!(workplace.growset(&["init"]).code, 1);
    assert_eq!(workplace.tree("").len(), 1);
}

#[test]
fn init_keeps_the_settings_and_attributes_that_are_there() {
    let workplace = Workplace::new();
    workplace.write(".vscode/settings.json", "{\n  // mine\n  \"editor.rulers\": [120]\n}\n");
    workplace.write(".gitattributes", "*.png binary");
    assert_eq!(workplace.growset(&["init"]).code, 0);
    let settings = workplace.read(".vscode/settings.json");
    assert!(
        settings.contains("// mine\n  \"editor.rulers\": [120]") && settings.contains("yaml.schemas"),
        "{settings}"
    );
    assert!(workplace.read(".gitattributes").starts_with("*.png binary\ngenerated/** "));
}

#[test]
fn below_the_top_of_a_clone_the_workflow_and_the_settings_go_to_the_top() {
    let workplace = Workplace::new();
    workplace.write(".git/HEAD", "ref: refs/heads/main\n");
    let answer = workplace.growset(&["init", "apps/./shop"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.contains("next: `cd apps/shop`, then `growset generate`"), "{}", answer.out);
    for path in [".github/workflows/growset-apps-shop.yml", ".vscode/settings.json", "apps/shop/contracts/growset.yaml"]
    {
        assert!(workplace.exists(path) && answer.out.contains(&format!("wrote {path}\n")), "{path}: {}", answer.out);
    }
    assert!(!workplace.exists("apps/shop/.github") && !workplace.exists("apps/shop/.vscode"));
    let workflow = workplace.read(".github/workflows/growset-apps-shop.yml");
    assert!(workflow.contains("\ndefaults:\n  run: { working-directory: \"apps/shop\" }\njobs:\n"), "{workflow}");
    assert!(workflow.contains("path: \"apps/shop/*.tgz\""), "{workflow}");
    let settings = workplace.read(".vscode/settings.json");
    assert!(settings.contains("\"./apps/shop/generated/editor/growset.schema.json\""), "{settings}");
    assert!(settings.contains("\"!apps/shop/contracts/growset.yaml\""), "{settings}");
}

#[test]
fn what_has_to_be_set_before_the_first_run_is_said_where_it_is_missed() {
    let workplace = Workplace::with_example();
    assert!(workplace.read("contracts/growset.yaml").contains("event_crate: { git: "));
    let workflow = workplace.read(".github/workflows/growset.yml");
    let installs: Vec<&str> =
        workflow.lines().filter_map(|line| line.split_once("- run: cargo install")).map(|(_, rest)| rest).collect();
    assert_eq!(installs.len(), 2);
    for install in installs {
        // The step as GitHub runs it, with the variable as empty as it is until somebody sets it.
        let output = std::process::Command::new("bash")
            .args(["-e", "-c", &format!("echo {install}")])
            .env("GROWSET_GIT", "")
            .output();
        let output = output.expect("bash starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(said.contains("GROWSET_GIT: set this repository variable to the address"), "{said}");
    }
}

#[test]
fn a_new_contract_stands_beside_its_siblings_and_passes_check() {
    let workplace = Workplace::with_example();
    let answer = workplace.growset(&["new", "order.shipped"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.starts_with("wrote contracts/orders/order.shipped.yaml\n"), "{}", answer.out);
    let contract = workplace.read("contracts/orders/order.shipped.yaml");
    assert!(contract.contains("orderId: OrderId") && contract.contains("doc: Order shipped."), "{contract}");
    for name in ["order.created.v2", "payment.fully_failed", "no.false"] {
        assert_eq!(workplace.growset(&["new", name]).code, 0, "{name}");
    }
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert!(workplace.read("contracts/orders/order.created.v2.yaml").contains("replaces: order.created\n"));
}

#[test]
fn new_refuses_names_that_are_taken_or_invalid() {
    let workplace = Workplace::with_example();
    let before = workplace.tree("");
    for (name, reason) in [
        ("order.created", "event `order.created` exists already, in orders/order.created.yaml"),
        ("Order.Shipped", "segment `Order`"),
        ("order_update", "`names: { any: [order_update] }` in growset.yaml lets in"),
        ("../../evil.name", "may hold only"),
        ("growset.ping", "is reserved"),
        ("order.types", "would be a file of types"),
        ("event.map", "`EventMap` in generated code"),
    ] {
        let answer = workplace.growset(&["new", name]);
        assert_eq!(answer.code, 1, "{name}");
        assert!(answer.err.contains(reason), "{}", answer.err);
    }
    assert_same(&workplace.tree(""), &before);
}

#[test]
fn fix_applies_what_is_certain_and_keeps_comments() {
    let workplace = Workplace::with_example();
    let contract = "contracts/orders/order.created.yaml";
    workplace.edit(contract, "note: { type", "note: { default: no, type");
    let before = workplace.tree("");
    let answer = workplace.growset(&["fix", "--dry-run"]);
    assert!(answer.out.contains("+  note: { default: \"no\", type"), "{}", answer.out);
    assert_same(&workplace.tree(""), &before);

    let answer = workplace.growset(&["fix"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains(&format!("fixed {contract}\n")), "{}", answer.out);
    let text = workplace.read(contract);
    assert!(text.contains("default: \"no\"") && text.contains("# always present; frozen once released"), "{text}");
    assert_eq!(workplace.growset(&["check"]).code, 0);
    assert!(workplace.growset(&["fix"]).out.starts_with("no fix is certain\n"));
}

#[test]
fn explain_prints_the_page_of_a_rule_and_knows_what_was_meant() {
    let workplace = Workplace::new();
    let answer = workplace.growset(&["explain", "unknown-type"]);
    assert_eq!(answer.code, 0);
    assert!(answer.out.starts_with("# unknown-type\n"), "{}", answer.out);
    let answer = workplace.growset(&["explain", "unkown-type"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("did you mean `unknown-type`?"), "{}", answer.err);
    let answer = workplace.growset(&["explain"]);
    assert!(answer.out.lines().any(|line| line.starts_with("missing-doc ")), "{}", answer.out);
}

#[test]
fn a_contract_that_nobody_would_read_is_mentioned() {
    let workplace = Workplace::with_example();
    workplace.write("contracts/orders/order.lost.yml", "event: order.lost\n");
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 0);
    assert!(answer.err.contains("contracts/orders/order.lost.yml is not read"), "{}", answer.err);
}

#[test]
fn watch_generates_again_when_a_contract_is_saved_also_after_a_mistake() {
    let workplace = Workplace::with_example();
    let contract = "contracts/orders/order.created.yaml";
    let mut watch = workplace.start(&["watch"]);
    watch.read_until("watching contracts");
    workplace.edit(contract, "orderId: OrderId", "orderId: OrderIdd");
    // A round may see the file while it is being written, and say something else first.
    watch.read_until("error[unknown-type]");
    watch.read_until("watching contracts");
    workplace.edit(contract, "orderId: OrderIdd", "buyerOrder: OrderId");
    // The example has to follow, so this round still ends with a problem.
    watch.read_until("watching contracts");
    workplace.edit(contract, "{ orderId: ord_7f3k", "{ buyerOrder: ord_7f3k");
    watch.read_until("1 event, 2 types");
    assert!(workplace.read("generated/typescript/index.d.ts").contains("buyerOrder"));
}
