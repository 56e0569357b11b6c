//! What can be wrong with categories, the rules of cases and whistles, and its words.

use super::flaw::{Said, said};
use crate::cases::{Grade, Urgency};
use crate::text::{Lang, Words};

/// Wrongs about cases and whistles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CaseFlaw {
    /// A fourth level.
    Depth { code: String },
    /// A leaf that goes to nobody (D§4.27: 无人可接 must not happen).
    Unrouted { code: String },
    /// A category that takes no kind of case.
    NoKind { code: String },
    /// A matter taken back by departments on its way to a street (D§4.28, D§15(5)).
    TakenBack { mandate: String, unit: String },
    /// A matter that somebody else leads (D§4.28).
    NotLead { mandate: String, lead: String },
    /// A street's own matter on its way to a department.
    StreetsOwn { mandate: String, unit: String },
    /// An enterprise as the taker.
    Enterprise { unit: String },
    /// A unit without a post that could sign for a case.
    Nobody { unit: String },
    /// An exception for something that is no street, community or grid.
    NoPlace { unit: String },
    /// A list without choices, choices without a list, or a key twice.
    Choices { attribute: String },
    /// An urgency without a clock.
    NoClock { urgency: Urgency },
    /// A clock without a limit that is needed.
    ClockLacks { clock: String, event: Words },
    /// A grade without a mark.
    NoGrade { grade: Grade },
    /// A worse grade that counts more.
    GradesRise { grade: Grade },
    /// A share outside 0 to 1.
    Share { field: String, given: String },
    /// More than 100 per cent.
    Percent { field: String, given: u32 },
    /// Nothing where something is needed.
    Zero { field: String },
    /// Days of look-back that do not rise.
    LookBack,
    /// An exclusion that needs no evidence (D§4.27: with evidence).
    NoEvidence { exclusion: String },
    /// A band whose ends are the wrong way round.
    Band,
}

impl CaseFlaw {
    pub(super) fn words(self) -> Said {
        match self {
            CaseFlaw::Depth { .. }
            | CaseFlaw::Unrouted { .. }
            | CaseFlaw::NoKind { .. }
            | CaseFlaw::TakenBack { .. }
            | CaseFlaw::NotLead { .. }
            | CaseFlaw::StreetsOwn { .. }
            | CaseFlaw::Enterprise { .. }
            | CaseFlaw::Nobody { .. }
            | CaseFlaw::NoPlace { .. }
            | CaseFlaw::Choices { .. } => self.of_category(),
            _ => self.of_rules(),
        }
    }

    fn of_category(self) -> Said {
        match self {
            CaseFlaw::Depth { code } => said(
                "category.depth",
                format!("诉求分类{code}超过三级"),
                format!("the category {code} is on a fourth level"),
                "分类最多三级",
                "the tree has three levels",
            ),
            CaseFlaw::Unrouted { code } => said(
                "category.unrouted",
                format!("诉求分类{code}没有承办去向"),
                format!("the category {code} goes to nobody"),
                "写route = { unit = \"单位代码\" }或route = { by_place = true }",
                "add route = { unit = \"…\" } or route = { by_place = true }",
            ),
            CaseFlaw::NoKind { code } => said(
                "category.kinds",
                format!("诉求分类{code}不受理任何类型"),
                format!("the category {code} takes no kind of case"),
                "删去kinds即受理全部类型",
                "leave kinds out to take all of them",
            ),
            CaseFlaw::TakenBack { mandate, unit } => said(
                "category.taken_back",
                format!("{mandate}已由部门收回,不能派给街道({unit})"),
                format!("{mandate} was taken back by a department and cannot go to a street ({unit})"),
                "改派收回该事项的部门",
                "send it to the department that took it back",
            ),
            CaseFlaw::NotLead { mandate, lead } => said(
                "category.lead",
                format!("{mandate}由{lead}牵头,去向却是别的单位"),
                format!("{mandate} is led by {lead} and goes to somebody else"),
                &format!("改为route = {{ unit = \"{lead}\" }}"),
                &format!("write route = {{ unit = \"{lead}\" }}"),
            ),
            CaseFlaw::StreetsOwn { mandate, unit } => said(
                "category.streets_own",
                format!("{mandate}是街道的基本履职事项,去向却是{unit}"),
                format!("{mandate} is a street's own duty and goes to {unit}"),
                "改为by_place = true,或换一条履职事项",
                "write by_place = true, or cite another entry",
            ),
            CaseFlaw::Enterprise { unit } => said(
                "category.enterprise",
                format!("诉求派给企业{unit}"),
                format!("cases go to the enterprise {unit}"),
                "派给主管部门,由部门督促企业",
                "send them to the competent department, which sees to the enterprise",
            ),
            CaseFlaw::Nobody { unit } => said(
                "category.nobody",
                format!("{unit}没有能签收的岗位"),
                format!("{unit} has no post that could sign"),
                "给该单位配置承办人、综合岗或负责人岗位",
                "give the unit a handler, a clerk or a chief",
            ),
            CaseFlaw::NoPlace { unit } => said(
                "category.place",
                format!("{unit}不是街道、社区或网格,不能作地点"),
                format!("{unit} is no street, community or grid"),
                "地点写街道或社区代码",
                "name the place by its street or community",
            ),
            CaseFlaw::Choices { attribute } => said(
                "category.choices",
                format!("附加问题{attribute}的选项与类型不符"),
                format!("the choices of {attribute} do not fit its type"),
                "单选、多选要有不重复的选项,其他类型没有选项",
                "a list has choices with different keys, other types have none",
            ),
            other => other.of_rules(),
        }
    }

    fn of_rules(self) -> Said {
        match self {
            CaseFlaw::NoClock { urgency } => said(
                "case.no_clock",
                format!("“{}”没有时限规则", urgency.say(Lang::Zh)),
                format!("the urgency `{urgency}` has no clock rule"),
                "在clocks中补上",
                "add it to clocks",
            ),
            CaseFlaw::ClockLacks { clock, event } => said(
                "case.clock_lacks",
                format!("时限规则{clock}没有以“{}”为止的时限", event.zh),
                format!("the clock rule {clock} has no limit that stops when {}", event.get(Lang::En)),
                "给该规则补一条时限",
                "add such a limit to the rule",
            ),
            CaseFlaw::NoGrade { grade } => said(
                "case.no_grade",
                format!("“{}”没有计分", grade.say(Lang::Zh)),
                format!("the grade `{grade}` has no mark"),
                "在grades中补上,0到1之间",
                "add it to grades, between 0 and 1",
            ),
            CaseFlaw::GradesRise { grade } => said(
                "case.grades_rise",
                format!("“{}”的计分高于更好的等次", grade.say(Lang::Zh)),
                format!("the grade `{grade}` counts more than a better one"),
                "从好到差,计分不递增",
                "marks never rise from the best to the worst",
            ),
            CaseFlaw::Share { field, given } => said(
                "case.share",
                format!("{field}为{given},应在0到1之间"),
                format!("{field} is {given}, not between 0 and 1"),
                "改为0到1之间的小数",
                "write a decimal between 0 and 1",
            ),
            CaseFlaw::Percent { field, given } => said(
                "case.percent",
                format!("{field}为{given}%,超过100%"),
                format!("{field} is {given} per cent"),
                "改为0到100",
                "write 0 to 100",
            ),
            CaseFlaw::Zero { field } => said(
                "case.zero",
                format!("{field}为零或为空"),
                format!("{field} is zero or empty"),
                "至少为1",
                "at least one is needed",
            ),
            CaseFlaw::LookBack => said(
                "case.look_back",
                "回头看的天数不递增".into(),
                "the days of look-back do not rise".into(),
                "如[30, 90]",
                "such as [30, 90]",
            ),
            CaseFlaw::NoEvidence { exclusion } => said(
                "case.no_evidence",
                format!("剔除情形{exclusion}没有写明要什么佐证"),
                format!("the exclusion {exclusion} does not say which evidence it needs"),
                "写明evidence_needed",
                "fill in evidence_needed",
            ),
            _ => said(
                "whistle.band",
                "合理区间的下限高于上限".into(),
                "the low end of the band is above the high end".into(),
                "对调low和high",
                "swap low and high",
            ),
        }
    }
}
