//! Everything that can be wrong with a playbook, and its words.
//!
//! One enum for each subject; each has one `match` that gives code, message and hint in both languages. Field values
//! are as the file gives them, already cut to a length that is safe to show.

use super::case_flaw::CaseFlaw;
use super::fault::{Fault, Level, What};
use crate::text::{Lang, Words};

/// Code, message, hint.
pub(super) type Said = (&'static str, Words, Words);

pub(super) fn said(code: &'static str, zh: String, en: String, hint_zh: &str, hint_en: &str) -> Said {
    (code, Words::new(zh, en), Words::new(hint_zh, hint_en))
}

/// The hint of an unknown name: the nearest known one, or where to look.
fn or_near(near: Option<String>) -> Words {
    match near {
        Some(near) => Words::new(format!("是否应为“{near}”"), format!("did you mean `{near}`?")),
        None => Words::new("先声明它,或改用已有的代码", "declare it first, or use one that exists"),
    }
}

/// A wrong of any subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    Text(TextFlaw),
    People(PeopleFlaw),
    Figure(FigureFlaw),
    Date(DateFlaw),
    Rule(RuleFlaw),
    Case(CaseFlaw),
}

macro_rules! subject {
    ($($variant:ident $flaw:ident),+) => {
        $(impl From<$flaw> for Flaw {
            fn from(flaw: $flaw) -> Flaw {
                Flaw::$variant(flaw)
            }
        })+
        impl Flaw {
            fn words(self) -> Said {
                match self { $(Flaw::$variant(flaw) => flaw.words(),)+ }
            }
        }
    };
}
subject!(Text TextFlaw, People PeopleFlaw, Figure FigureFlaw, Date DateFlaw, Rule RuleFlaw, Case CaseFlaw);

impl Flaw {
    /// Puts the flaw into its place. What may be meant is a warning, what cannot be right stops the load.
    pub(super) fn at(self, file: &str, line: usize, col: usize) -> Fault {
        let level = match self {
            Flaw::Figure(FigureFlaw::PartsHeavy { .. })
            | Flaw::Date(DateFlaw::Provisional { .. } | DateFlaw::RestDay { .. }) => Level::Warning,
            _ => Level::Fault,
        };
        let (code, message, hint) = self.words();
        Fault { file: file.to_owned(), line, col, code, level, message, hint }
    }
}

/// Wrongs of the text itself: syntax, sections, fields, codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextFlaw {
    Syntax {
        why: String,
    },
    Section {
        name: String,
        near: Option<String>,
    },
    /// A section that may stand once only, a second time.
    Again {
        name: String,
    },
    /// A section that must be there is not.
    Absent {
        name: &'static str,
    },
    Field {
        name: String,
        near: Option<String>,
    },
    Missing {
        name: String,
    },
    Value {
        field: String,
        given: String,
        why: String,
    },
    /// A line of a data file.
    Table {
        given: String,
    },
    /// A text without English (DESIGN §10).
    English {
        zh: String,
    },
    Duplicate {
        code: String,
        first: String,
    },
    Unknown {
        what: What,
        code: String,
        near: Option<String>,
    },
}

impl TextFlaw {
    fn words(self) -> Said {
        match self {
            TextFlaw::Syntax { why } => said(
                "file.syntax",
                format!("不是有效的TOML: {why}"),
                format!("this is not valid TOML: {why}"),
                "检查引号、括号和等号是否成对",
                "check quotes, brackets and equals signs",
            ),
            TextFlaw::Section { name, near } => {
                let message =
                    Words::new(format!("没有“{name}”这一节"), format!("there is no section `{name}`"));
                ("file.section", message, or_near(near))
            }
            TextFlaw::Again { name } => said(
                "file.section_again",
                format!("“{name}”一节只能出现一次"),
                format!("section `{name}` may stand once only"),
                "保留一处,删除其余",
                "keep one and delete the others",
            ),
            TextFlaw::Absent { name } => said(
                "file.section_absent",
                format!("缺少“{name}”一节"),
                format!("section `{name}` is missing"),
                &format!("补上[{name}],可参照guandu-2019"),
                &format!("add [{name}]; guandu-2019 shows how it looks"),
            ),
            TextFlaw::Field { name, near } => {
                let message =
                    Words::new(format!("没有“{name}”这个字段"), format!("there is no field `{name}` here"));
                ("row.field", message, or_near(near))
            }
            TextFlaw::Missing { name } => said(
                "row.missing",
                format!("缺少字段“{name}”"),
                format!("field `{name}` is missing"),
                &format!("补上{name} = …"),
                &format!("add {name} = …"),
            ),
            TextFlaw::Value { field, given, why } => said(
                "row.value",
                format!("字段“{field}”的值{given}不符合要求"),
                format!("field `{field}` cannot be {given}: {why}"),
                "按字段的格式改正",
                "write the value in the form of the field",
            ),
            TextFlaw::Table { given } => said(
                "table.row",
                format!("数据行“{given}”不符合表头"),
                format!("the line `{given}` does not fit the head of the table"),
                "每行应有代码、名称和所属街道代码",
                "each line needs a code, a name and the code of its street",
            ),
            TextFlaw::English { zh } => said(
                "words.english",
                format!("“{zh}”没有英文"),
                format!("“{zh}” has no English"),
                "补上en = \"…\"",
                "add en = \"…\"",
            ),
            TextFlaw::Duplicate { code, first } => said(
                "code.duplicate",
                format!("代码“{code}”重复,首次在{first}"),
                format!("code `{code}` is already used at {first}"),
                "给其中一个换代码",
                "give one of the two another code",
            ),
            TextFlaw::Unknown { what, code, near } => {
                let (ref_code, zh, en) = what.words();
                let message =
                    Words::new(format!("没有代码为“{code}”的{zh}"), format!("there is no {en} `{code}`"));
                (ref_code, message, or_near(near))
            }
        }
    }
}

/// Wrongs about who: leads, posts, roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PeopleFlaw {
    /// No lead (D§2.1).
    NoLead,
    /// More than one lead (D§2.1).
    SecondLead { given: String },
    /// The lead is in its own list of supports.
    LeadSupports { unit: String },
    /// An economic target on a statistical respondent (D§4.1).
    OnEnterprise { unit: String },
    /// Two of the three administrators on one post (D§13.2).
    Administrators { roles: String },
    /// A post whose code does not begin with its unit.
    PostUnit { post: String, unit: String },
}

impl PeopleFlaw {
    fn words(self) -> Said {
        match self {
            PeopleFlaw::NoLead => said(
                "plan.no_lead",
                "没有牵头单位".into(),
                "nobody leads it".into(),
                "补上lead = \"单位代码\",有且只有一个",
                "add lead = \"unit\", exactly one",
            ),
            PeopleFlaw::SecondLead { given } => said(
                "plan.second_lead",
                format!("牵头单位多于一个: {given}"),
                format!("more than one lead: {given}"),
                "留一个牵头,其余写进support",
                "keep one lead and move the others to support",
            ),
            PeopleFlaw::LeadSupports { unit } => said(
                "plan.lead_supports",
                format!("牵头单位{unit}又列为配合单位"),
                format!("the lead {unit} is also listed as support"),
                "从support中删去",
                "take it out of support",
            ),
            PeopleFlaw::OnEnterprise { unit } => said(
                "plan.on_enterprise",
                format!("把指标任务分解到企业{unit},属统计违法情形"),
                format!("a target handed to the enterprise {unit} breaks statistics law (D§4.1)"),
                "改由主管部门或街道牵头",
                "let the competent department or street lead",
            ),
            PeopleFlaw::Administrators { roles } => said(
                "post.administrators",
                format!("一个岗位兼任{roles}"),
                format!("one post holds {roles}"),
                "系统、安全、审计三员分设",
                "keep the three administrators on three posts",
            ),
            PeopleFlaw::PostUnit { post, unit } => said(
                "post.unit",
                format!("岗位{post}不以单位{unit}开头"),
                format!("post {post} does not begin with its unit {unit}"),
                &format!("写成{unit}.…"),
                &format!("write it as {unit}.…"),
            ),
        }
    }
}

/// Wrongs about figures: weights, targets, counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FigureFlaw {
    /// Weights that do not add up.
    Weights { of: String, sum: String, want: String },
    /// A measure that cannot be summed, split into parts (D§4.1).
    NotAdditive { item: String },
    /// Parts that sum to less than the whole.
    PartsShort { sum: String, target: String },
    /// Parts that sum to much more than the whole: pressure on those below.
    PartsHeavy { sum: String, target: String, ratio: String, line: String },
    /// A declared count that is not what was found.
    Count { of: String, declared: usize, found: usize },
}

impl FigureFlaw {
    fn words(self) -> Said {
        match self {
            FigureFlaw::Weights { of, sum, want } => said(
                "plan.weights",
                format!("{of}的权重合计{sum},应为{want}"),
                format!("weights of {of} add up to {sum}, not {want}"),
                "调整权重使合计相等",
                "change the weights until they add up",
            ),
            FigureFlaw::NotAdditive { item } => said(
                "plan.not_additive",
                format!("{item}的指标不可加,不能按数值分解"),
                format!("the measure of {item} is not additive"),
                "比率和增速不分解;或把additive改为true",
                "rates and growth are not split; or set additive = true",
            ),
            FigureFlaw::PartsShort { sum, target } => said(
                "plan.parts_short",
                format!("子项合计{sum},小于目标{target}"),
                format!("the parts add up to {sum}, less than {target}"),
                "补足差额",
                "cover the difference",
            ),
            FigureFlaw::PartsHeavy { sum, target, ratio, line } => said(
                "plan.parts_heavy",
                format!("子项合计{sum}对目标{target},压力系数{ratio},超过警戒线{line}"),
                format!("the parts add up to {sum} against {target}: pressure {ratio} is above {line}"),
                "核减层层加码部分",
                "take out what each level added on top",
            ),
            FigureFlaw::Count { of, declared, found } => said(
                "plan.count",
                format!("{of}声明{declared}项,实有{found}项"),
                format!("{of}: {declared} items declared, {found} found"),
                "补齐或改声明的数目",
                "add what is missing or change the declared count",
            ),
        }
    }
}

/// Wrongs about dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DateFlaw {
    /// A date outside the playbook's year.
    OutOfYear { due: String, year: i16 },
    /// A date in a year whose calendar is not published (D§7.1).
    Provisional { due: String },
    /// A date on which nobody works.
    RestDay { due: String },
    /// A node or part due after its item.
    AfterItem { due: String, item: String },
    /// A span of time that ends before it begins.
    Backwards { from: String, until: String },
}

impl DateFlaw {
    fn words(self) -> Said {
        match self {
            DateFlaw::OutOfYear { due, year } => said(
                "plan.out_of_year",
                format!("期限{due}不在{year}年内"),
                format!("due {due} is not within {year}"),
                &format!("改为{year}年内的日期"),
                &format!("choose a day in {year}"),
            ),
            DateFlaw::Provisional { due } => said(
                "plan.provisional",
                format!("期限{due}所在年份的放假安排尚未公布"),
                format!("due {due}: the calendar of that year is not published"),
                "公布后重新核对",
                "check again when it is published",
            ),
            DateFlaw::RestDay { due } => said(
                "plan.rest_day",
                format!("期限{due}不是工作日"),
                format!("due {due} is not a working day"),
                "提前到前一个工作日",
                "move it to the working day before",
            ),
            DateFlaw::AfterItem { due, item } => said(
                "plan.after_item",
                format!("节点期限{due}晚于事项期限{item}"),
                format!("due {due} is after the item's {item}"),
                "节点应不晚于事项",
                "a node is due no later than its item",
            ),
            DateFlaw::Backwards { from, until } => said(
                "date.backwards",
                format!("截止{until}早于起始{from}"),
                format!("{until} is before {from}"),
                "对调或改正",
                "swap or correct them",
            ),
        }
    }
}

/// Wrongs of rules: lights, clocks, kinds, ladders, documents, gates, vetoes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RuleFlaw {
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
    /// Rungs that do not rise.
    Rungs { ladder: String },
}

impl RuleFlaw {
    fn words(self) -> Said {
        match self {
            RuleFlaw::Bands { policy, why } => said(
                "light.bands",
                format!("亮灯规则{policy}不成立: {}", why.zh),
                format!("the light policy {policy} is not sound: {}", why.get(Lang::En)),
                "各档首尾相接,两端敞开",
                "bands meet each other and are open at both ends",
            ),
            RuleFlaw::Profile { kind, why } => said(
                "kind.profile",
                format!("责任种类{kind}不成立: {}", why.zh),
                format!("the duty kind {kind} is not sound: {}", why.get(Lang::En)),
                "改正该字段",
                "correct the field",
            ),
            RuleFlaw::Clock { rule, why } => said(
                "clock.rule",
                format!("时限规则{rule}不成立: {}", why.zh),
                format!("the clock rule {rule} is not sound: {}", why.get(Lang::En)),
                "改正该时限",
                "correct the limit",
            ),
            RuleFlaw::Cycle { path } => said(
                "ref.cycle",
                format!("循环引用: {path}"),
                format!("a ring of references: {path}"),
                "断开其中一处",
                "cut it at one place",
            ),
            RuleFlaw::Groundless { veto } => said(
                "scheme.groundless",
                format!("一票否决项{veto}没有法定依据"),
                format!("the veto {veto} has no legal ground"),
                "写明依据的条款,否则删除",
                "cite the clause that allows it, or delete it",
            ),
            RuleFlaw::Number { given, why } => said(
                "document.number",
                format!("文号格式“{given}”不对: {}", why.zh),
                format!("the number format `{given}` is wrong: {}", why.get(Lang::En)),
                "形如官政办发〔{year}〕{n}号",
                "write it as 官政办发〔{year}〕{n}号, with U+3014 and U+3015",
            ),
            RuleFlaw::Rungs { ladder } => said(
                "ladder.rungs",
                format!("升级阶梯{ladder}的级次或时限不递增"),
                format!("the rungs of {ladder} do not rise"),
                "级次从1起连续,时限逐级加长",
                "number them from 1, each later than the one before",
            ),
        }
    }
}
