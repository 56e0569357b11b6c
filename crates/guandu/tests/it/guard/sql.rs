//! Every statement in the source prepares on every backend, names its tenant and uses nothing volatile.

use super::source::{files, literals};
use crate::world::{World, both};

/// Statements over all districts, each with its reason.
const ACROSS: [(&str, &str); 7] = [
    ("from setting where name", "whether any district here is simulated"),
    ("select count(*) from checkpoint", "whether anything was ever sealed with the key"),
    ("from migration", "the schema's own history"),
    ("insert into migration", "the schema's own history"),
    ("from playbook order by district", "which playbooks this process serves"),
    ("select distinct district", "which districts a check must visit"),
    ("select 1 as one", "whether the database answers"),
];

/// Whole statements among the string literals of the program (not of its tests).
fn statements() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (name, text) in files(".rs") {
        let test = name.contains("/tests")
            || name.ends_with("tests.rs")
            || name.contains("testdb")
            || name.contains("/bench/");
        if test || name.contains("/db/") {
            continue;
        }
        let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (line, literal) in literals(program) {
            let low = literal.trim_start().to_lowercase();
            let verb =
                ["select ", "insert into ", "update ", "delete from "].iter().any(|v| low.starts_with(v));
            let whole = low.starts_with("insert")
                || low.contains(" from ")
                || low.contains(" set ")
                || low.starts_with("select 1");
            // Heads of statements that are put together by hand; what they become is run by the tests of their area.
            let head = literal.trim_end().ends_with(['(', '$'])
                || (low.starts_with("select ")
                    && !low.contains(" where ")
                    && !ACROSS.iter().any(|(a, _)| low.contains(a)));
            if verb
                && !head
                && whole
                && !literal.contains('{')
                && !low.starts_with("select app_distribute")
                && !low.starts_with("select pg_")
            {
                out.push((format!("{name}:{line}"), literal));
            }
        }
    }
    out
}

#[test]
fn statements_prepare_on_every_backend() {
    both("sql_guard", async |w: World| {
        let list = statements();
        assert!(list.len() > 60, "only {} statements were found", list.len());
        let faults = w
            .app
            .db
            .write(move |tx| {
                let bad = |(place, sql): &(String, String)| {
                    tx.prepare_only(sql).err().map(|e| format!("{place}: {e}"))
                };
                Ok(list.iter().filter_map(bad).collect::<Vec<_>>())
            })
            .await
            .unwrap();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

#[test]
fn statements_name_their_tenant() {
    let lost: Vec<String> = statements()
        .into_iter()
        .filter(|(_, sql)| {
            let low = sql.to_lowercase();
            let tenant = low.contains("district = $")
                || low.contains("(district,")
                || low.contains(", district,")
                || low.contains("district)");
            !tenant && !ACROSS.iter().any(|(head, _)| low.contains(head))
        })
        .map(|(place, sql)| format!("{place}: {sql}"))
        .collect();
    assert!(lost.is_empty(), "without a tenant:\n{}", lost.join("\n"));
}

#[test]
fn statements_use_nothing_volatile() {
    let words =
        ["now()", "current_timestamp", "random()", "gen_random_uuid", "clock_timestamp", "datetime('now"];
    for (place, sql) in statements() {
        let low = sql.to_lowercase();
        assert!(!words.iter().any(|w| low.contains(w)), "{place}: {sql}");
        assert!(!low.contains("select *"), "{place}: select * breaks cached plans: {sql}");
    }
}

#[test]
fn parameters_count_up_in_the_order_of_use() {
    for (place, sql) in statements() {
        let mut highest = 0_u32;
        for part in sql.split('$').skip(1) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            let Ok(n) = digits.parse::<u32>() else { continue };
            assert!(n <= highest + 1, "{place}: ${n} before ${}: {sql}", highest + 1);
            highest = highest.max(n);
        }
    }
}
