//! What can be wrong with a playbook, where it is, and what to do about it.
//!
//! [`Flaw`] enumerates the wrongs and holds all their words in one `match`; [`Fault`] is a flaw with its place in
//! a file. A fault stops the load (all or nothing, DESIGN §8); a warning does not.

use crate::text::{Lang, Words};
use std::fmt;

/// Whether a finding stops the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Stops the load.
    Fault,
    /// Shown, and loaded all the same.
    Warning,
}

/// One finding in a playbook, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Path of the file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub col: usize,
    /// Stable dotted code such as `plan.parts_short`.
    pub code: &'static str,
    /// Whether it stops the load.
    pub level: Level,
    /// What is wrong.
    pub message: Words,
    /// What to do.
    pub hint: Words,
}

impl Fault {
    /// The whole finding on one line in `lang`.
    pub fn say(&self, lang: Lang) -> String {
        let Fault { file, line, col, code, .. } = self;
        let warning = match self.level {
            Level::Fault => "",
            Level::Warning => lang.pick("提醒 ", "warning "),
        };
        format!("{file}:{line}:{col}: {warning}[{code}] {} — {}", self.message.get(lang), self.hint.get(lang))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

/// The kind of thing that a code should name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A unit (单位).
    Unit,
    /// A post (岗位).
    Post,
    /// A role (角色).
    Role,
    /// A clock rule (时限规则).
    Clock,
    /// A light policy (亮灯规则).
    Light,
    /// An escalation ladder (升级阶梯).
    Ladder,
    /// A plan item (事项).
    Item,
    /// A punch (组合拳).
    Punch,
    /// A list of items (清单).
    List,
    /// A development area (片区).
    Area,
    /// An industry taxonomy (产业体系).
    Taxonomy,
    /// A gate of a project (审批关口).
    Gate,
    /// A duty kind (责任种类).
    Kind,
    /// A data file of the playbook (数据文件).
    File,
}

impl What {
    /// Its name.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            What::Unit => ("单位", "unit"),
            What::Post => ("岗位", "post"),
            What::Role => ("角色", "role"),
            What::Clock => ("时限规则", "clock rule"),
            What::Light => ("亮灯规则", "light policy"),
            What::Ladder => ("升级阶梯", "ladder"),
            What::Item => ("事项", "item"),
            What::Punch => ("组合拳", "punch"),
            What::List => ("清单", "list"),
            What::Area => ("片区", "area"),
            What::Taxonomy => ("产业体系", "taxonomy"),
            What::Gate => ("审批关口", "gate"),
            What::Kind => ("责任种类", "duty kind"),
            What::File => ("数据文件", "data file"),
        }
    }
    fn code(self) -> &'static str {
        match self {
            What::Unit => "ref.unit",
            What::Post => "ref.post",
            What::Role => "ref.role",
            What::Clock => "ref.clock",
            What::Light => "ref.light",
            What::Ladder => "ref.ladder",
            What::Item => "ref.item",
            What::Punch => "ref.punch",
            What::List => "ref.list",
            What::Area => "ref.area",
            What::Taxonomy => "ref.taxonomy",
            What::Gate => "ref.gate",
            What::Kind => "ref.kind",
            What::File => "ref.file",
        }
    }
}

/// Everything that can be wrong with a playbook. Field values are as the file gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the value that its variant's words quote")]
pub enum Flaw {
    /// The text is not TOML.
    Syntax { why: String },
    /// A section that no area knows.
    Section { name: String, near: Option<String> },
    /// A section that may stand once only, a second time.
    Again { name: String },
    /// No section that must be there.
    Absent { name: &'static str },
    /// A field that the section does not have.
    Field { name: String, near: Option<String> },
    /// A field that must be there is not.
    Missing { name: String },
    /// A value that does not parse.
    Value { field: String, given: String, why: String },
    /// A line of a data file that does not parse.
    Table { given: String },
    /// A text without English (DESIGN §10).
    English { zh: String },
    /// A code that was already used.
    Duplicate { code: String, first: String },
    /// A code that names nothing.
    Unknown { what: What, code: String, near: Option<String> },
    /// No lead (D§2.1).
    NoLead,
    /// More than one lead (D§2.1).
    SecondLead { given: String },
    /// The lead is in its own list of supports.
    LeadSupports { unit: String },
    /// Weights that do not add up.
    Weights { of: String, sum: String, want: String },
    /// An economic target on a statistical respondent (D§4.1).
    OnEnterprise { unit: String },
    /// A measure that cannot be summed, split into parts (D§4.1).
    NotAdditive { item: String },
    /// Parts that sum to less than the whole.
    PartsShort { sum: String, target: String },
    /// Parts that sum to much more than the whole: pressure on those below.
    PartsHeavy { sum: String, target: String, ratio: String, line: String },
    /// A date outside the playbook's year.
    OutOfYear { due: String, year: i16 },
    /// A date in a year whose calendar is not published (D§7.1).
    Provisional { due: String },
    /// A date on which nobody works.
    RestDay { due: String },
    /// A node or part due after its item.
    AfterItem { due: String, item: String },
    /// A light policy whose bands have a hole or overlap.
    Bands { policy: String, why: Words },
    /// A duty kind that does not stand.
    Profile { kind: String, why: Words },
    /// A clock rule that does not stand.
    Clock { rule: String, why: Words },
    /// Things that wait for each other in a ring.
    Cycle { path: String },
    /// A veto without a legal ground (D§9.4).
    Groundless { veto: String },
    /// A document number that is not of the form of GB/T 9704 (D§8.1, 10.5).
    Number { given: String, why: Words },
    /// Two of the three administrators on one post (D§13.2).
    Administrators { roles: String },
    /// A declared count that is not what was found.
    Count { of: String, declared: usize, found: usize },
    /// A post whose code does not begin with its unit.
    PostUnit { post: String, unit: String },
    /// Rungs that do not rise.
    Rungs { ladder: String },
    /// A span of time that ends before it begins.
    Backwards { from: String, until: String },
}

impl Flaw {
    /// Whether it stops the load.
    pub fn level(&self) -> Level {
        match self {
            Flaw::PartsHeavy { .. } | Flaw::Provisional { .. } | Flaw::RestDay { .. } => Level::Warning,
            _ => Level::Fault,
        }
    }

    /// Puts the flaw into its place.
    pub fn at(self, file: &str, line: usize, col: usize) -> Fault {
        let level = self.level();
        let (code, message, hint) = self.words();
        Fault { file: file.to_owned(), line, col, code, level, message, hint }
    }

    fn words(self) -> (&'static str, Words, Words) {
        match self {
            Flaw::Syntax { .. }
            | Flaw::Section { .. }
            | Flaw::Again { .. }
            | Flaw::Absent { .. }
            | Flaw::Field { .. }
            | Flaw::Missing { .. }
            | Flaw::Value { .. }
            | Flaw::Table { .. }
            | Flaw::English { .. }
            | Flaw::Duplicate { .. }
            | Flaw::Unknown { .. } => self.words_of_text(),
            Flaw::NoLead
            | Flaw::SecondLead { .. }
            | Flaw::LeadSupports { .. }
            | Flaw::Weights { .. }
            | Flaw::OnEnterprise { .. }
            | Flaw::NotAdditive { .. }
            | Flaw::PartsShort { .. }
            | Flaw::PartsHeavy { .. }
            | Flaw::OutOfYear { .. }
            | Flaw::Provisional { .. }
            | Flaw::RestDay { .. }
            | Flaw::AfterItem { .. } => self.words_of_plan(),
            _ => self.words_of_rules(),
        }
    }

    fn words_of_text(self) -> (&'static str, Words, Words) {
        let w = |zh: String, en: String| Words::new(zh, en);
        match self {
            Flaw::Syntax { why } => (
                "file.syntax",
                w(format!("不是有效的TOML: {why}"), format!("this is not valid TOML: {why}")),
                w("检查引号、括号和等号是否成对".into(), "check quotes, brackets and equals signs".into()),
            ),
            Flaw::Section { name, near } => (
                "file.section",
                w(format!("没有“{name}”这一节"), format!("there is no section `{name}`")),
                maybe(near),
            ),
            Flaw::Again { name } => (
                "file.section_again",
                w(format!("“{name}”一节只能出现一次"), format!("section `{name}` may stand once only")),
                w("保留一处,删除其余".into(), "keep one and delete the others".into()),
            ),
            Flaw::Absent { name } => (
                "file.section_absent",
                w(format!("缺少“{name}”一节"), format!("section `{name}` is missing")),
                w(
                    format!("补上[{name}],可参照guandu-2019"),
                    format!("add [{name}]; guandu-2019 shows how it looks"),
                ),
            ),
            Flaw::Field { name, near } => (
                "row.field",
                w(format!("没有“{name}”这个字段"), format!("there is no field `{name}` here")),
                maybe(near),
            ),
            Flaw::Missing { name } => (
                "row.missing",
                w(format!("缺少字段“{name}”"), format!("field `{name}` is missing")),
                w(format!("补上{name} = …"), format!("add {name} = …")),
            ),
            Flaw::Value { field, given, why } => (
                "row.value",
                w(
                    format!("字段“{field}”的值{given}不符合要求"),
                    format!("field `{field}` cannot be {given}: {why}"),
                ),
                w("按字段的格式改正".into(), "write the value in the form of the field".into()),
            ),
            Flaw::Table { given } => (
                "table.row",
                w(
                    format!("数据行“{given}”不符合表头"),
                    format!("the line `{given}` does not fit the head of the table"),
                ),
                w(
                    "每行应有代码、名称和所属街道代码".into(),
                    "each line needs a code, a name and the code of its street".into(),
                ),
            ),
            Flaw::English { zh } => (
                "words.english",
                w(format!("“{zh}”没有英文"), format!("“{zh}” has no English")),
                w("补上en = \"…\"".into(), "add en = \"…\"".into()),
            ),
            Flaw::Duplicate { code, first } => (
                "code.duplicate",
                w(
                    format!("代码“{code}”重复,首次在{first}"),
                    format!("code `{code}` is already used at {first}"),
                ),
                w("给其中一个换代码".into(), "give one of the two another code".into()),
            ),
            Flaw::Unknown { what, code, near } => {
                let (zh, en) = what.words();
                (
                    what.code(),
                    w(format!("没有代码为“{code}”的{zh}"), format!("there is no {en} `{code}`")),
                    maybe(near),
                )
            }
            other => other.words_of_rules(),
        }
    }

    fn words_of_plan(self) -> (&'static str, Words, Words) {
        let w = |zh: String, en: String| Words::new(zh, en);
        match self {
            Flaw::NoLead => (
                "plan.no_lead",
                w("没有牵头单位".into(), "nobody leads it".into()),
                w("补上lead = \"单位代码\",有且只有一个".into(), "add lead = \"unit\", exactly one".into()),
            ),
            Flaw::SecondLead { given } => (
                "plan.second_lead",
                w(format!("牵头单位多于一个: {given}"), format!("more than one lead: {given}")),
                w("留一个牵头,其余写进support".into(), "keep one lead and move the others to support".into()),
            ),
            Flaw::LeadSupports { unit } => (
                "plan.lead_supports",
                w(
                    format!("牵头单位{unit}又列为配合单位"),
                    format!("the lead {unit} is also listed as support"),
                ),
                w("从support中删去".into(), "take it out of support".into()),
            ),
            Flaw::Weights { of, sum, want } => (
                "plan.weights",
                w(
                    format!("{of}的权重合计{sum},应为{want}"),
                    format!("weights of {of} add up to {sum}, not {want}"),
                ),
                w("调整权重使合计相等".into(), "change the weights until they add up".into()),
            ),
            Flaw::OnEnterprise { unit } => (
                "plan.on_enterprise",
                w(
                    format!("把指标任务分解到企业{unit},属统计违法情形"),
                    format!("a target handed to the enterprise {unit} breaks statistics law (D§4.1)"),
                ),
                w("改由主管部门或街道牵头".into(), "let the competent department or street lead".into()),
            ),
            Flaw::NotAdditive { item } => (
                "plan.not_additive",
                w(
                    format!("{item}的指标不可加,不能按数值分解"),
                    format!("the measure of {item} is not additive"),
                ),
                w(
                    "比率和增速不分解;或把additive改为true".into(),
                    "rates and growth are not split; or set additive = true".into(),
                ),
            ),
            Flaw::PartsShort { sum, target } => (
                "plan.parts_short",
                w(
                    format!("子项合计{sum},小于目标{target}"),
                    format!("the parts add up to {sum}, less than {target}"),
                ),
                w("补足差额".into(), "cover the difference".into()),
            ),
            Flaw::PartsHeavy { sum, target, ratio, line } => (
                "plan.parts_heavy",
                w(
                    format!("子项合计{sum}对目标{target},压力系数{ratio},超过警戒线{line}"),
                    format!("the parts add up to {sum} against {target}: pressure {ratio} is above {line}"),
                ),
                w("核减层层加码部分".into(), "take out what each level added on top".into()),
            ),
            Flaw::OutOfYear { due, year } => (
                "plan.out_of_year",
                w(format!("期限{due}不在{year}年内"), format!("due {due} is not within {year}")),
                w(format!("改为{year}年内的日期"), format!("choose a day in {year}")),
            ),
            Flaw::Provisional { due } => (
                "plan.provisional",
                w(
                    format!("期限{due}所在年份的放假安排尚未公布"),
                    format!("due {due}: the calendar of that year is not published"),
                ),
                w("公布后重新核对".into(), "check again when it is published".into()),
            ),
            Flaw::RestDay { due } => (
                "plan.rest_day",
                w(format!("期限{due}不是工作日"), format!("due {due} is not a working day")),
                w("提前到前一个工作日".into(), "move it to the working day before".into()),
            ),
            Flaw::AfterItem { due, item } => (
                "plan.after_item",
                w(
                    format!("节点期限{due}晚于事项期限{item}"),
                    format!("due {due} is after the item's {item}"),
                ),
                w("节点应不晚于事项".into(), "a node is due no later than its item".into()),
            ),
            other => other.words_of_rules(),
        }
    }

    fn words_of_rules(self) -> (&'static str, Words, Words) {
        let w = |zh: String, en: String| Words::new(zh, en);
        match self {
            Flaw::Bands { policy, why } => (
                "light.bands",
                w(
                    format!("亮灯规则{policy}不成立: {}", why.zh),
                    format!("the light policy {policy} is not sound: {}", why.get(Lang::En)),
                ),
                w("各档首尾相接,两端敞开".into(), "bands meet each other and are open at both ends".into()),
            ),
            Flaw::Profile { kind, why } => (
                "kind.profile",
                w(
                    format!("责任种类{kind}不成立: {}", why.zh),
                    format!("the duty kind {kind} is not sound: {}", why.get(Lang::En)),
                ),
                w("改正该字段".into(), "correct the field".into()),
            ),
            Flaw::Clock { rule, why } => (
                "clock.rule",
                w(
                    format!("时限规则{rule}不成立: {}", why.zh),
                    format!("the clock rule {rule} is not sound: {}", why.get(Lang::En)),
                ),
                w("改正该时限".into(), "correct the limit".into()),
            ),
            Flaw::Cycle { path } => (
                "ref.cycle",
                w(format!("循环引用: {path}"), format!("a ring of references: {path}")),
                w("断开其中一处".into(), "cut it at one place".into()),
            ),
            Flaw::Groundless { veto } => (
                "scheme.groundless",
                w(format!("一票否决项{veto}没有法定依据"), format!("the veto {veto} has no legal ground")),
                w("写明依据的条款,否则删除".into(), "cite the clause that allows it, or delete it".into()),
            ),
            Flaw::Number { given, why } => (
                "document.number",
                w(
                    format!("文号格式“{given}”不对: {}", why.zh),
                    format!("the number format `{given}` is wrong: {}", why.get(Lang::En)),
                ),
                w(
                    "形如官政办发〔{year}〕{n}号".into(),
                    "write it as 官政办发〔{year}〕{n}号, with U+3014 and U+3015".into(),
                ),
            ),
            Flaw::Administrators { roles } => (
                "post.administrators",
                w(format!("一个岗位兼任{roles}"), format!("one post holds {roles}")),
                w("系统、安全、审计三员分设".into(), "keep the three administrators on three posts".into()),
            ),
            Flaw::Count { of, declared, found } => (
                "plan.count",
                w(
                    format!("{of}声明{declared}项,实有{found}项"),
                    format!("{of}: {declared} items declared, {found} found"),
                ),
                w("补齐或改声明的数目".into(), "add what is missing or change the declared count".into()),
            ),
            Flaw::PostUnit { post, unit } => (
                "post.unit",
                w(
                    format!("岗位{post}不以单位{unit}开头"),
                    format!("post {post} does not begin with its unit {unit}"),
                ),
                w(format!("写成{unit}.…"), format!("write it as {unit}.…")),
            ),
            Flaw::Rungs { ladder } => (
                "ladder.rungs",
                w(
                    format!("升级阶梯{ladder}的级次或时限不递增"),
                    format!("the rungs of {ladder} do not rise"),
                ),
                w(
                    "级次从1起连续,时限逐级加长".into(),
                    "number them from 1, each later than the one before".into(),
                ),
            ),
            Flaw::Backwards { from, until } => (
                "date.backwards",
                w(format!("截止{until}早于起始{from}"), format!("{until} is before {from}")),
                w("对调或改正".into(), "swap or correct them".into()),
            ),
            // The other variants are answered by the two functions above and never come here.
            _ => ("playbook.other", Words::default(), Words::default()),
        }
    }
}

/// The hint of an unknown name: the nearest known one, or where to look.
fn maybe(near: Option<String>) -> Words {
    match near {
        Some(near) => Words::new(format!("是否应为“{near}”"), format!("did you mean `{near}`?")),
        None => Words::new("先声明它,或改用已有的代码", "declare it first, or use one that exists"),
    }
}

/// The known name nearest to `given`, when it is near enough to be a slip of the hand.
pub(super) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let cap = 1 + given.chars().count() / 4;
    known
        .into_iter()
        .map(|name| (distance(given, name), name))
        .filter(|(d, _)| *d <= cap)
        .min()
        .map(|(_, name)| name.to_owned())
}

/// Edits (insert, delete, replace) that make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (cb, pair) in b.chars().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (left + 1).min(above + 1).min(diagonal + usize::from(ca != cb));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
