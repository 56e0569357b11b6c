//! The schema obeys the rules under which one machine, PostgreSQL and a distributed PostgreSQL are the same program
//! (DESIGN §5).

use base::migrate::statements;

/// Small tables without a tenant: the history of the schema, and the list of districts.
const REFERENCE: [&str; 2] = ["district", "migration"];

#[test]
fn every_tenant_table_has_the_district_first() {
    let mut seen = 0;
    for step in guandu::areas::migrations() {
        let list = statements(step.sql, true);
        for (i, statement) in list.iter().enumerate() {
            let Some(rest) = statement.strip_prefix("create table ") else { continue };
            let table = rest.split_whitespace().next().unwrap();
            seen += 1;
            let next = list.get(i + 1).map(String::as_str).unwrap_or_default();
            assert!(
                next.starts_with(&format!("select app_distribute('{table}'")),
                "{table}: app_distribute must follow"
            );
            if REFERENCE.contains(&table) {
                continue;
            }
            let flat = statement.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                flat.contains("( district integer not null,"),
                "{table}: the district is not its first column"
            );
            assert!(flat.contains("primary key (district,"), "{table}: the district is not first in its key");
            for unique in flat.split("unique (").skip(1) {
                assert!(unique.starts_with("district"), "{table}: a unique key without the district");
            }
        }
        for statement in list.iter().filter(|s| s.starts_with("create unique index")) {
            assert!(statement.contains("(district,"), "a unique index without the district: {statement}");
        }
    }
    assert!(seen > 15, "only {seen} tables were found");
}

#[test]
fn nothing_that_a_distributed_database_refuses() {
    let refused = [
        "trigger",
        "create rule",
        "deferrable",
        "on delete set null",
        "on update cascade",
        " serial",
        "identity",
        "merge into",
        "listen ",
        "notify ",
        "with recursive",
        "inherits",
    ];
    for step in guandu::areas::migrations() {
        let text = step.sql.to_lowercase();
        for word in refused {
            assert!(!text.contains(word), "{}: {word}", step.name);
        }
    }
}

#[test]
fn numbers_of_steps_are_one_line() {
    let mut numbers: Vec<i64> = guandu::areas::migrations().iter().map(|m| m.number).collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all);
}
