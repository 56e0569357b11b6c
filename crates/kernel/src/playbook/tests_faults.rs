//! Every fault once: a small sound playbook, one thing in it made wrong, and the line that a person reads.

use super::*;
use crate::text::Lang;

/// A playbook of the smallest size in which every section has a row.
pub(super) const MINI: &str = r#"[playbook]
code = "mini"
version = "1"
from = "2019-01-01"
year = 2019
district = 530111
name = { zh = "小区", en = "Mini" }
source = "example"
[[unit]]
code = "gd"
kind = "district"
name = { zh = "区", en = "District" }
source = "example"
[[unit]]
code = "fgj"
kind = "department"
name = { zh = "发改", en = "Planning" }
parent = "gd"
source = "example"
[[unit]]
code = "swj"
kind = "department"
name = { zh = "商务", en = "Commerce" }
parent = "gd"
source = "example"
[[unit]]
code = "firm"
kind = "enterprise"
name = { zh = "企业", en = "Firm" }
source = "example"
[[post]]
code = "gd.head"
unit = "gd"
title = { zh = "区长", en = "Head" }
roles = ["leader", "patron"]
source = "example"
[[area]]
code = "east"
name = { zh = "东片", en = "East" }
command = "swj"
source = "example"
[plan]
pressure_line = "1.05"
clock = "plan.item"
light = "progress"
detail_source = "example"
source = "example"
[[punch]]
code = "one"
mark = "壹"
title = { zh = "一", en = "One" }
slogan = { zh = "一", en = "One" }
weight = "100"
counts = { city = 2 }
source = "example"
[[list]]
code = "city"
title = { zh = "市级", en = "City" }
prefix = "M-"
count = 2
change_by = { zh = "市", en = "City" }
source = "example"
[[item]]
code = "M-001"
title = { zh = "投资", en = "Invest" }
punch = "one"
list = "city"
lead = "fgj"
support = ["swj"]
patron = "gd.head"
due = "2019-12-31"
weight = "60"
criterion = { zh = "完成", en = "Done" }
basis = { zh = "全会", en = "Plenary" }
source = "example"
[item.measure]
name = { zh = "投资", en = "Investment" }
unit = { zh = "亿元", en = "100 million yuan" }
direction = "higher"
target = "300"
additive = true
[[item.nodes]]
code = "M-001-N1"
title = { zh = "上半年", en = "First half" }
due = "2019-06-28"
weight = "40"
source = "example"
[[item.nodes]]
code = "M-001-N2"
title = { zh = "下半年", en = "Second half" }
due = "2019-12-31"
weight = "60"
source = "example"
[[item.parts]]
code = "M-001-1"
title = { zh = "东片", en = "East" }
lead = "swj"
patron = "gd.head"
due = "2019-12-31"
target = "309"
area = "east"
source = "example"
[[item]]
code = "M-002"
title = { zh = "机构", en = "Office" }
punch = "one"
list = "city"
lead = "swj"
patron = "gd.head"
due = "2019-07-15"
weight = "40"
criterion = { zh = "设立", en = "Set up" }
basis = { zh = "全会", en = "Plenary" }
after = ["M-001"]
source = "example"
[[ladder]]
code = "plan"
title = { zh = "升级", en = "Plan" }
source = "example"
rungs = [
    { rung = 1, after = "1wd", role = "unit_chief", reach = "holder" },
    { rung = 2, after = "5wd", role = "patron", reach = "patron" },
]
[[clock]]
code = "plan.item"
version = "1"
from = "2019-01-01"
title = { zh = "事项", en = "Item" }
limits = [{ name = "final", limit = "12mo", starts = "given", stops = "submit", main = true }]
warn = "5wd"
ladder = "plan"
source = "example"
[[light]]
code = "progress"
title = { zh = "进度", en = "Progress" }
quantity = "lag_points"
bands = [
    { light = "green", range = "(,10)" },
    { light = "yellow", range = "[10,30]" },
    { light = "red", range = "(30,)" },
]
source = "example"
[[kind]]
kind = "plan_item"
title = { zh = "事项", en = "Item" }
clock = "plan.item"
number = "事-{year}-{seq:4}"
evidence = { min = 1, max = 3 }
source = "example"
[notices]
quiet_from = "20:00"
quiet_until = "07:30"
digest = "08:30"
exempt = []
source = "example"
[[document]]
code = "slip"
title = { zh = "督办单", en = "Slip" }
number = "官督〔{year}〕{n}号"
organ = "fgj"
source = "example"
[[gate]]
code = "siting"
title = { zh = "选址", en = "Siting" }
authority = "fgj"
source = "example"
[[gate]]
code = "permit"
title = { zh = "许可", en = "Permit" }
authority = "fgj"
after = ["siting"]
source = "example"
[[veto]]
code = "fraud"
title = { zh = "统计造假", en = "Fraud in statistics" }
effect = "bar_excellent"
ground = { zh = "统计法", en = "Statistics Law" }
source = "example"
[[mandate]]
code = "T-001"
list = "taken_back"
domain = { zh = "城乡", en = "Works" }
title = { zh = "处罚", en = "Penalties" }
lead = "fgj"
from = "2019-01-01"
source = "example"
"#;

pub(super) fn mini(text: String) -> Vec<(String, String)> {
    vec![("mini.toml".to_owned(), text)]
}

/// The findings after `from` was replaced by `to` at its first place.
fn after(from: &str, to: &str) -> Vec<String> {
    assert!(MINI.contains(from), "{from}");
    match load(&mini(MINI.replacen(from, to, 1))) {
        Ok(book) => book.warnings.iter().map(ToString::to_string).collect(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

/// One change, the findings that follow from it, one a line.
#[track_caller]
pub(super) fn one(from: &str, to: &str, want: &str) {
    assert_eq!(after(from, to).join("\n"), want);
}

#[test]
fn the_small_playbook_is_sound() {
    assert_eq!(load(&mini(MINI.to_owned())).map(|b| b.warnings), Ok(Vec::new()));
}

#[test]
fn text_and_fields() {
    one(
        "year = 2019",
        "year = = 2019",
        "mini.toml:5:8: [file.syntax] this is not valid TOML: extra `=`, expected nothing — check quotes, brackets and equals signs\n\
         mini.toml:5:10: [file.syntax] this is not valid TOML: unexpected key or value, expected newline, `#` — check quotes, brackets and equals signs",
    );
    one(
        "[plan]",
        "[plans]\n[plan]",
        "mini.toml:42:2: [file.section] there is no section `plans` — did you mean `plan`?",
    );
    one(
        "[notices]",
        "[plan]\n[notices]",
        "mini.toml:150:2: [file.syntax] this is not valid TOML: duplicate key — check quotes, brackets and equals signs",
    );
    one(
        "parent = \"gd\"",
        "parnt = \"gd\"",
        "mini.toml:18:1: [row.field] there is no field `parnt` here — did you mean `parent`?",
    );
    one("mark = \"壹\"\n", "", "mini.toml:48:1: [row.missing] field `mark` is missing — add mark = …");
    one(
        "due = \"2019-06-28\"",
        "due = \"2019-06-31\"",
        "mini.toml:85:7: [row.value] field `due` cannot be \"2019-06-31\": not a date: 2019-06-31 — write the value in the form of the field",
    );
    one(
        "en = \"Head\"",
        "en = \"\"",
        "mini.toml:34:9: [words.english] “区长” has no English — add en = \"…\"",
    );
    one(
        "title = { zh = \"督办单\", en = \"Slip\" }",
        "title = { zh = \"督办单\" }",
        "mini.toml:158:9: [words.english] “督办单” has no English — add en = \"…\"",
    );
    one(
        "source = \"example\"\n[[area]]",
        "source = \"rumour\"\n[[area]]",
        "mini.toml:36:10: [row.value] field `source` cannot be \"rumour\": a source is article, example, gk, D§…, S… or an address — write the value in the form of the field",
    );
}

#[test]
fn codes_and_references() {
    one(
        "code = \"swj\"",
        "code = \"fgj\"",
        "mini.toml:21:8: [code.duplicate] code `fgj` is already used at mini.toml:14 — give one of the two another code\n\
         mini.toml:40:11: [ref.unit] there is no unit `swj` — declare it first, or use one that exists\n\
         mini.toml:69:12: [ref.unit] there is no unit `swj` — declare it first, or use one that exists\n\
         mini.toml:97:8: [ref.unit] there is no unit `swj` — declare it first, or use one that exists\n\
         mini.toml:108:8: [ref.unit] there is no unit `swj` — declare it first, or use one that exists",
    );
    one(
        "code = \"M-001-N2\"",
        "code = \"M-001-N1\"",
        "mini.toml:89:8: [code.duplicate] code `M-001-N1` is already used at mini.toml:63 — give one of the two another code",
    );
    one(
        "support = [\"swj\"]",
        "support = [\"swi\"]",
        "mini.toml:69:12: [ref.unit] there is no unit `swi` — did you mean `swj`?",
    );
    one(
        "patron = \"gd.head\"",
        "patron = \"gd.hea\"",
        "mini.toml:70:10: [ref.post] there is no post `gd.hea` — did you mean `gd.head`?",
    );
    one(
        "role = \"unit_chief\"",
        "role = \"unit_chef\"",
        "mini.toml:121:39: [ref.role] there is no role `unit_chef` — did you mean `unit_chief`?",
    );
    one(
        "roles = [\"leader\", \"patron\"]",
        "roles = [\"leader\", \"boss\"]",
        "mini.toml:35:9: [ref.role] there is no role `boss` — declare it first, or use one that exists",
    );
    one(
        "clock = \"plan.item\"\nlight",
        "clock = \"plan.itm\"\nlight",
        "mini.toml:44:9: [ref.clock] there is no clock rule `plan.itm` — did you mean `plan.item`?",
    );
    one(
        "clock = \"plan.item\"\nnumber",
        "clock = \"other\"\nnumber",
        "mini.toml:146:9: [ref.clock] there is no clock rule `other` — declare it first, or use one that exists",
    );
    one(
        "light = \"progress\"",
        "light = \"progres\"",
        "mini.toml:45:9: [ref.light] there is no light policy `progres` — did you mean `progress`?",
    );
    one(
        "ladder = \"plan\"",
        "ladder = \"plans\"",
        "mini.toml:131:10: [ref.ladder] there is no ladder `plans` — did you mean `plan`?",
    );
    one(
        "area = \"east\"",
        "area = \"west\"",
        "mini.toml:101:8: [ref.area] there is no area `west` — did you mean `east`?",
    );
    one(
        "after = [\"siting\"]",
        "after = [\"sitting\"]",
        "mini.toml:171:10: [ref.gate] there is no gate `sitting` — did you mean `siting`?",
    );
    one(
        "code = \"gd.head\"",
        "code = \"fgj.head\"",
        "mini.toml:32:8: [post.unit] post fgj.head does not begin with its unit gd — write it as gd.…\n\
         mini.toml:70:10: [ref.post] there is no post `gd.head` — did you mean `fgj.head`?\n\
         mini.toml:98:10: [ref.post] there is no post `gd.head` — did you mean `fgj.head`?\n\
         mini.toml:109:10: [ref.post] there is no post `gd.head` — did you mean `fgj.head`?",
    );
}

#[test]
fn rings() {
    one(
        "en = \"District\" }",
        "en = \"District\" }\nparent = \"fgj\"",
        "mini.toml:19:10: [ref.cycle] a ring of references: fgj → gd → fgj — cut it at one place",
    );
    one(
        "authority = \"fgj\"\n",
        "authority = \"fgj\"\nafter = [\"permit\"]\n",
        "mini.toml:172:9: [ref.cycle] a ring of references: permit → siting → permit — cut it at one place",
    );
    one(
        "support = [\"swj\"]",
        "after = [\"M-002\"]",
        "mini.toml:69:9: [ref.cycle] a ring of references: M-001 → M-002 → M-001 — cut it at one place",
    );
}

#[test]
fn leads() {
    one(
        "lead = \"fgj\"\n",
        "",
        "mini.toml:63:1: [plan.no_lead] nobody leads it — add lead = \"unit\", exactly one",
    );
    one(
        "lead = \"fgj\"",
        "lead = [\"fgj\", \"swj\"]",
        "mini.toml:68:8: [plan.second_lead] more than one lead: [\"fgj\", \"swj\"] — keep one lead and move the others to support",
    );
    one(
        "support = [\"swj\"]",
        "support = [\"fgj\"]",
        "mini.toml:69:12: [plan.lead_supports] the lead fgj is also listed as support — take it out of support",
    );
    one(
        "lead = \"swj\"\npatron = \"gd.head\"\ndue = \"2019-12-31\"\ntarget",
        "lead = \"firm\"\npatron = \"gd.head\"\ndue = \"2019-12-31\"\ntarget",
        "mini.toml:97:8: [plan.on_enterprise] a target handed to the enterprise firm breaks statistics law (D§4.1) — let the competent department or street lead",
    );
    one(
        "lead = \"fgj\"\nfrom",
        "from",
        "mini.toml:179:1: [plan.no_lead] nobody leads it — add lead = \"unit\", exactly one",
    );
}

#[test]
fn all_faults_come_at_once_and_nothing_is_loaded() {
    let text = MINI
        .replacen("parent = \"gd\"", "parnt = \"gd\"\ncolour = \"red\"", 1)
        .replacen("lead = \"fgj\"\n", "", 1)
        .replacen("ladder = \"plan\"", "ladder = \"plans\"", 1);
    // The item without a lead begins at line 64: it is named there because the field has no place of its own.
    let codes: Vec<(usize, &str)> = load(&mini(text)).unwrap_err().iter().map(|f| (f.line, f.code)).collect();
    let want = [(18, "row.field"), (19, "row.field"), (64, "plan.no_lead"), (131, "ref.ladder")];
    assert_eq!(codes, want);
}

#[test]
fn a_fault_reads_in_chinese_too() {
    let faults = load(&mini(MINI.replacen("support = [\"swj\"]", "support = [\"fgj\"]", 1))).unwrap_err();
    assert_eq!(
        faults[0].say(Lang::Zh),
        "mini.toml:69:12: [plan.lead_supports] 牵头单位fgj又列为配合单位 — 从support中删去"
    );
}
