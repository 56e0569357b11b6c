//! The built-in table is whole, and a broken one says where.

use super::*;
use std::collections::BTreeSet;

#[test]
fn builtin_is_whole() {
    let parsed = Policy::parse(include_str!("../../data/policy.toml"));
    let faults = parsed.as_ref().err().cloned().unwrap_or_default();
    assert!(faults.is_empty(), "{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    assert_eq!(Policy::builtin().version(), parsed.unwrap().version());
    assert!(Policy::builtin().rows().len() > 80);
}

#[test]
fn every_row_says_why_and_whence() {
    for row in Policy::builtin().rows() {
        assert!(row.source == "example" || row.source.starts_with("D§"), "{}: {}", row.id, row.source);
        assert!(!row.why.is_ascii(), "{}: why is for Chinese readers", row.id);
    }
}

/// Parses a row with the given lines in it, at line 4 and on.
fn faults(lines: &str) -> Vec<String> {
    let text = format!("version = 'x'\n\n[[row]]\n{lines}\nwhy = '试'\nsource = 'example'\n");
    Policy::parse(&text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn every_fault_is_told_at_once_with_its_line() {
    let told = faults(
        "id = 'r'\nroles = ['emperor', '@court']\nactions = ['duty.abolish', 'palace.*']\nresource = ['a b']\n\
         when = ['moonlight']\nany = ['sunlight']\ncompartment = ['vault']\neffect = 'perhaps'",
    );
    insta::assert_snapshot!(told.join("\n"), @r"
    policy.toml:11: unknown effect `perhaps` — write allow or deny
    policy.toml:5: unknown role or group `emperor` — use a role code, or @ and a name of [groups]
    policy.toml:5: unknown role or group `@court` — use a role code, or @ and a name of [groups]
    policy.toml:6: unknown act, or one that the row already has: `duty.abolish` — write one such as duty.read, or duty.* for an area
    policy.toml:6: unknown act, or one that the row already has: `palace.*` — write one such as duty.read, or duty.* for an area
    policy.toml:7: not a code `a b` — use letters, digits, dots, hyphens and underscores
    policy.toml:8: unknown condition `moonlight` — see kernel::access::Condition for the list
    policy.toml:9: unknown condition `sunlight` — see kernel::access::Condition for the list
    policy.toml:10: unknown compartment `vault` — write petitioner, cadre, rectification, or any or cleared alone
    ");
}

#[test]
fn rows_that_would_be_dangerous_or_empty_are_refused() {
    insta::assert_snapshot!(
        faults("id = 'r'\nroles = []\nactions = []").join("\n"), @r"
    policy.toml:4: no role in `r` — name at least one role
    policy.toml:4: no act in `r` — name at least one act
    ");
    insta::assert_snapshot!(
        faults("id = 'r'\nroles = ['*']\nactions = ['duty.read']\ncompartment = ['any']").join("\n"), @"policy.toml:4: a row that passes every wall is for a person's own things: `r` — put owner into when, or drop compartment");
    insta::assert_snapshot!(
        faults("id = 'r'\nroles = ['chief']\nactions = ['duty.read']\ncolour = 'red'").join("\n"), @"policy.toml:7: cannot read: unknown field `colour`, expected one of `id`, `effect`, `roles`, `actions`, `resource`, `when`, `any`, `compartment`, `why`, `source` — check how that line is written");
    let twice = "version = 'x'\n[[row]]\nid = 'r'\nroles = ['chief']\nactions = ['duty.read']\nwhy = '试'\n\
                 source = 'example'\n[[row]]\nid = 'r'\nroles = ['chief']\nactions = ['duty.list']\nwhy = ''\n\
                 source = 'example'\n";
    let told: Vec<String> = Policy::parse(twice).unwrap_err().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    policy.toml:9: second row named `r` — choose another id
    policy.toml:12: empty why or source `` — each row says both
    ");
}

#[test]
fn names_are_unique_and_complete() {
    let codes: BTreeSet<&str> = Action::ALL.iter().map(|a| a.code()).collect();
    assert_eq!(codes.len(), Action::ALL.len());
    for (n, action) in Action::ALL.iter().enumerate() {
        assert_eq!(action.index(), n);
        assert_eq!(Action::parse("action", action.code()).unwrap(), *action);
        assert_eq!(serde_json::to_value(action).unwrap(), action.code());
    }
    for role in Role::ALL {
        assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        assert_eq!(Role::parse("role", role.code()).unwrap(), *role);
    }
    let set = RoleSet::of(&[Role::Chief, Role::Handler]);
    assert_eq!(serde_json::to_string(&set).unwrap(), r#"["handler","chief"]"#);
    assert_eq!(serde_json::from_str::<RoleSet>(r#"["chief","handler"]"#).unwrap(), set);
    for condition in Condition::ALL {
        assert_eq!(Condition::from_code(condition.code()), Some(*condition));
    }
}
