//! Faults of figures, dates, rules and tables; see `tests_faults` for the playbook that they are made in.

use super::load;
use super::tests_faults::{MINI, mini, one};

#[test]
fn targets_and_weights() {
    one(
        "target = \"309\"",
        "target = \"299\"",
        "mini.toml:94:1: [plan.parts_short] the parts add up to 299, less than 300 — cover the difference",
    );
    one(
        "target = \"309\"",
        "target = \"330\"",
        "mini.toml:94:1: warning [plan.parts_heavy] the parts add up to 330 against 300: pressure 1.10 is above 1.05 — take out what each level added on top",
    );
    one(
        "additive = true",
        "additive = false",
        "mini.toml:94:1: [plan.not_additive] the measure of M-001 is not additive — rates and growth are not split; or set additive = true",
    );
    one(
        "weight = \"40\"\nsource",
        "weight = \"30\"\nsource",
        "mini.toml:82:1: [plan.weights] weights of M-001 add up to 90, not 100 — change the weights until they add up",
    );
    one(
        "weight = \"60\"\ncriterion",
        "weight = \"50\"\ncriterion",
        "mini.toml:53:10: [plan.weights] weights of one add up to 90, not 100 — change the weights until they add up",
    );
    one(
        "weight = \"100\"",
        "weight = \"90\"",
        "mini.toml:53:10: [plan.weights] weights of one add up to 100, not 90 — change the weights until they add up\n\
         mini.toml:53:10: [plan.weights] weights of plan add up to 90, not 100 — change the weights until they add up",
    );
    one(
        "count = 2",
        "count = 137",
        "mini.toml:60:9: [plan.count] city: 137 items declared, 2 found — add what is missing or change the declared count",
    );
    one(
        "counts = { city = 2 }",
        "counts = { city = 3 }",
        "mini.toml:54:19: [plan.count] one·city: 3 items declared, 2 found — add what is missing or change the declared count",
    );
}

#[test]
fn dates() {
    one(
        "due = \"2019-07-15\"",
        "due = \"2020-01-09\"",
        "mini.toml:110:7: [plan.out_of_year] due 2020-01-09 is not within 2019 — choose a day in 2019",
    );
    one(
        "due = \"2019-07-15\"",
        "due = \"2019-07-14\"",
        "mini.toml:110:7: warning [plan.rest_day] due 2019-07-14 is not a working day — move it to the working day before",
    );
    one(
        "due = \"2019-12-31\"\nweight = \"60\"\ncriterion",
        "due = \"2019-12-30\"\nweight = \"60\"\ncriterion",
        "mini.toml:91:7: [plan.after_item] due 2019-12-31 is after the item's 2019-12-30 — a node is due no later than its item\n\
         mini.toml:99:7: [plan.after_item] due 2019-12-31 is after the item's 2019-12-30 — a node is due no later than its item",
    );
    one(
        "from = \"2019-01-01\"\nyear",
        "from = \"2019-01-01\"\nuntil = \"2018-12-31\"\nyear",
        "mini.toml:5:9: [date.backwards] 2018-12-31 is before 2019-01-01 — swap or correct them",
    );
    let far = MINI
        .replace("2019-", "2039-")
        .replace("2039-12-31", "2039-12-30")
        .replace("year = 2019", "year = 2039");
    let book = load(&mini(far)).unwrap();
    assert_eq!(
        book.warnings.first().map(ToString::to_string).unwrap_or_default(),
        "mini.toml:71:7: warning [plan.provisional] due 2039-12-30: the calendar of that year is not published — check again when it is published"
    );
}

#[test]
fn rules() {
    one(
        "range = \"(,10)\"",
        "range = \"(,0]\"",
        "mini.toml:137:9: [light.bands] the light policy progress is not sound: Values between two bands have no light ((,0] [10,30]); Let neighbours meet, and give the shared value to one of them — bands meet each other and are open at both ends",
    );
    one(
        "range = \"(,10)\"",
        "range = \"(,20]\"",
        "mini.toml:137:9: [light.bands] the light policy progress is not sound: Two bands overlap or are out of order ((,20] [10,30]); Let neighbours meet, and give the shared value to one of them — bands meet each other and are open at both ends",
    );
    one(
        "starts = \"given\"",
        "starts = \"submit\"",
        "mini.toml:129:11: [clock.rule] the clock rule plan.item is not sound: The limit stops where it starts (final); Correct starts or stops — correct the limit",
    );
    one(
        "after = \"5wd\"",
        "after = \"1wd\"",
        "mini.toml:122:5: [ladder.rungs] the rungs of plan do not rise — number them from 1, each later than the one before",
    );
    one(
        "rung = 2",
        "rung = 3",
        "mini.toml:122:5: [ladder.rungs] the rungs of plan do not rise — number them from 1, each later than the one before",
    );
    one(
        "number = \"官督〔{year}〕{n}号\"",
        "number = \"官督[{year}]第{n}号\"",
        "mini.toml:159:10: [document.number] the number format `官督[{year}]第{n}号` is wrong: the corner brackets 〔〕 are missing — write it as 官政办发〔{year}〕{n}号, with U+3014 and U+3015",
    );
    one(
        "number = \"官督〔{year}〕{n}号\"",
        "number = \"官督〔{year}〕0{n}号\"",
        "mini.toml:159:10: [document.number] the number format `官督〔{year}〕0{n}号` is wrong: the brackets hold {year} and {n}号 follows, without leading zeros — write it as 官政办发〔{year}〕{n}号, with U+3014 and U+3015",
    );
    one(
        "{seq:4}",
        "{seq",
        "mini.toml:147:10: [kind.profile] the duty kind plan_item is not sound: A number format uses {year}, {seq} or {seq:width}, and must have {seq} — correct the field",
    );
    one(
        "evidence = { min = 1, max = 3 }",
        "evidence = { min = 4, max = 3 }",
        "mini.toml:148:12: [kind.profile] the duty kind plan_item is not sound: The least evidence exceeds the most — correct the field",
    );
    one(
        "ground = { zh = \"统计法\", en = \"Statistics Law\" }\n",
        "",
        "mini.toml:173:1: [scheme.groundless] the veto fraud has no legal ground — cite the clause that allows it, or delete it",
    );
    one(
        "roles = [\"leader\", \"patron\"]",
        "roles = [\"system_admin\", \"audit_admin\"]",
        "mini.toml:35:9: [post.administrators] one post holds system_admin、audit_admin — keep the three administrators on three posts",
    );
    one(
        "quiet_from = \"20:00\"",
        "quiet_from = \"25:00\"",
        "mini.toml:151:14: [row.value] field `quiet_from` cannot be \"25:00\": write a time as HH:MM — write the value in the form of the field",
    );
}

#[test]
fn communities_are_read_from_their_table() {
    let files = |csv: &str, name: &str| {
        let table = "[[communities]]\nfile = \"c.csv\"\nsource = \"example\"\n";
        vec![("mini.toml".to_owned(), format!("{MINI}{table}")), (name.to_owned(), csv.to_owned())]
    };
    let good = load(&files("code,name,street\n530111001001,关上社区,fgj\n", "c.csv")).unwrap();
    assert_eq!(good.unit(&"530111001001".parse().unwrap()).unwrap().name.zh, "关上社区");
    let codes = |csv: &str, name: &str| -> Vec<String> {
        let faults = load(&files(csv, name)).unwrap_err();
        faults.iter().map(|f| format!("{}:{}:{} {}", f.file, f.line, f.col, f.code)).collect()
    };
    assert_eq!(codes("code,name,street\n1,甲,fgj\n2,,fgj\n", "c.csv"), ["c.csv:3:1 table.row"]);
    assert_eq!(codes("code,name,street\n1,甲,xyz\n", "c.csv"), ["c.csv:2:1 ref.unit"]);
    assert_eq!(codes("code,name,street\n1,甲,fgj\n1,乙,fgj\n", "c.csv"), ["c.csv:3:1 code.duplicate"]);
    assert_eq!(codes("", "d.csv"), ["mini.toml:188:8 ref.file"]);
}
