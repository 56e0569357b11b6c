//! How the plan says no.

use kernel::money::Decimal;
use kernel::text::Lang;
use kernel::{Day, Kind, Refuse, Slug, UnitCode};

/// Why a figure is not taken, or a change of the plan is not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanRefusal {
    /// The item has no measure, or the code is a node's: there is no figure to report.
    NotMeasured(Slug),
    /// The carrier reports to the statistics bureau: no target and no figure of a target may be put on it (D§4.1).
    OnEnterprise(UnitCode),
    /// A statutory figure was given where only reported ones are taken (D§4.1: two books).
    Statistical,
    /// The item is not a duty yet.
    NotLoaded(Slug),
    /// The item is closed.
    Closed(Slug),
    /// The figure's day has not come.
    FutureDay(Day),
    /// The figure's day lies before the slice that the target is for.
    BeforeSlice {
        /// The day given.
        day: Day,
        /// First day of the slice.
        from: Day,
    },
    /// The figure's day lies before that of the last figure.
    BeforeLast {
        /// The day given.
        day: Day,
        /// Day of the last figure.
        last: Day,
    },
    /// A figure below zero.
    Negative(Decimal),
    /// A cumulative figure fell without a word of why.
    FallUnexplained {
        /// The figure given.
        value: Decimal,
        /// The last one.
        last: Decimal,
    },
    /// Neither of the lead unit nor a planner.
    OutsideLead(UnitCode),
    /// More time is asked by the lead unit itself.
    LeadAsks(UnitCode),
    /// A request of the same sort waits already.
    Pending(Slug),
    /// What is asked for is what stands.
    Same(String),
    /// The item has no figure to reach.
    NoTarget(Slug),
    /// A target is more than zero.
    BadTarget(Decimal),
    /// A due day can be moved back only.
    EarlierDue {
        /// The day asked for.
        wish: Day,
        /// The day that stands.
        due: Day,
    },
    /// The request was answered already.
    Decided(Slug),
    /// Who asked does not decide.
    OwnRequest(Slug),
    /// The city's items need the number of the approving document (D§4.19).
    DocumentNeeded(Slug),
    /// A refusal needs a reason.
    WhyNeeded,
    /// Only an approved cancellation is carried out.
    NotToApply(Slug),
}
base::refusals!(PlanRefusal);

impl Refuse for PlanRefusal {
    fn code(&self) -> &'static str {
        match self {
            PlanRefusal::NotMeasured(_) => "plan.not_measured",
            PlanRefusal::OnEnterprise(_) => "plan.on_enterprise",
            PlanRefusal::Statistical => "plan.statistical",
            PlanRefusal::NotLoaded(_) => "plan.not_loaded",
            PlanRefusal::Closed(_) => "plan.closed",
            PlanRefusal::FutureDay(_) => "plan.future_day",
            PlanRefusal::BeforeSlice { .. } => "plan.before_slice",
            PlanRefusal::BeforeLast { .. } => "plan.before_last",
            PlanRefusal::Negative(_) => "plan.negative",
            PlanRefusal::FallUnexplained { .. } => "plan.fall_unexplained",
            PlanRefusal::OutsideLead(_) => "plan.outside_lead",
            PlanRefusal::LeadAsks(_) => "plan.lead_asks",
            PlanRefusal::Pending(_) => "plan.pending",
            PlanRefusal::Same(_) => "plan.same",
            PlanRefusal::NoTarget(_) => "plan.no_target",
            PlanRefusal::BadTarget(_) => "plan.bad_target",
            PlanRefusal::EarlierDue { .. } => "plan.earlier_due",
            PlanRefusal::Decided(_) => "plan.decided",
            PlanRefusal::OwnRequest(_) => "plan.own_request",
            PlanRefusal::DocumentNeeded(_) => "plan.document_needed",
            PlanRefusal::WhyNeeded => "plan.why_needed",
            PlanRefusal::NotToApply(_) => "plan.not_to_apply",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            PlanRefusal::Negative(_) | PlanRefusal::BadTarget(_) => Kind::Invalid,
            PlanRefusal::OutsideLead(_) | PlanRefusal::LeadAsks(_) | PlanRefusal::OwnRequest(_) => {
                Kind::Forbidden
            }
            PlanRefusal::NotLoaded(_)
            | PlanRefusal::Closed(_)
            | PlanRefusal::Pending(_)
            | PlanRefusal::Decided(_)
            | PlanRefusal::NotToApply(_) => Kind::Conflict,
            _ => Kind::Rule,
        }
    }
    fn field(&self) -> Option<&str> {
        Some(match self {
            PlanRefusal::NotMeasured(_) | PlanRefusal::NotLoaded(_) | PlanRefusal::Closed(_) => "code",
            PlanRefusal::OnEnterprise(_) | PlanRefusal::OutsideLead(_) | PlanRefusal::LeadAsks(_) => "unit",
            PlanRefusal::Statistical => "grade",
            PlanRefusal::FutureDay(_) | PlanRefusal::BeforeSlice { .. } | PlanRefusal::BeforeLast { .. } => {
                "day"
            }
            PlanRefusal::Negative(_) => "value",
            PlanRefusal::FallUnexplained { .. } => "note",
            PlanRefusal::Pending(_) | PlanRefusal::NoTarget(_) => "what",
            PlanRefusal::Same(_) | PlanRefusal::BadTarget(_) | PlanRefusal::EarlierDue { .. } => "wish",
            PlanRefusal::DocumentNeeded(_) => "document",
            PlanRefusal::WhyNeeded => "why",
            PlanRefusal::Decided(_) | PlanRefusal::OwnRequest(_) | PlanRefusal::NotToApply(_) => "no",
        })
    }
    fn value(&self) -> Option<String> {
        match self {
            PlanRefusal::Statistical => Some("S".to_owned()),
            PlanRefusal::WhyNeeded => None,
            PlanRefusal::NotMeasured(code)
            | PlanRefusal::NotLoaded(code)
            | PlanRefusal::Closed(code)
            | PlanRefusal::Pending(code)
            | PlanRefusal::NoTarget(code)
            | PlanRefusal::Decided(code)
            | PlanRefusal::OwnRequest(code)
            | PlanRefusal::DocumentNeeded(code)
            | PlanRefusal::NotToApply(code) => Some(code.to_string()),
            PlanRefusal::OnEnterprise(unit)
            | PlanRefusal::OutsideLead(unit)
            | PlanRefusal::LeadAsks(unit) => Some(unit.to_string()),
            PlanRefusal::FutureDay(day)
            | PlanRefusal::BeforeSlice { day, .. }
            | PlanRefusal::BeforeLast { day, .. }
            | PlanRefusal::EarlierDue { wish: day, .. } => Some(day.to_string()),
            PlanRefusal::Negative(value)
            | PlanRefusal::BadTarget(value)
            | PlanRefusal::FallUnexplained { value, .. } => Some(value.to_string()),
            PlanRefusal::Same(text) => Some(kernel::refusal::clip(text)),
        }
    }
    fn reason(&self, lang: Lang) -> String {
        let say = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            PlanRefusal::NotMeasured(_) => say("该事项没有数值指标", "The item has no figure to report"),
            PlanRefusal::OnEnterprise(_) => say(
                "经济指标不得分解到企业，也不得要求企业按数填报",
                "Economic targets may not be put on firms, nor may firms be told what to report",
            ),
            PlanRefusal::Statistical => say(
                "统计数只能由统计部门导入，这里只收调度数",
                "Statutory figures come from the statistics bureau only; here only reported ones are taken",
            ),
            PlanRefusal::NotLoaded(_) => say("该事项还没有载入为责任事项", "The item is not a duty yet"),
            PlanRefusal::Closed(_) => say("该事项已办结", "The item is closed"),
            PlanRefusal::FutureDay(_) => say("截至日还没有到", "The day has not come yet"),
            PlanRefusal::BeforeSlice { from, .. } => say(
                &format!("指标自{from}起计算，截至日不能更早"),
                &format!("The target counts from {from}; the day lies before it"),
            ),
            PlanRefusal::BeforeLast { last, .. } => say(
                &format!("最近一次填报截至{last}，不能填更早的日子"),
                &format!("The last figure is of {last}; an earlier day is not taken"),
            ),
            PlanRefusal::Negative(_) => say("数值不能小于0", "The figure is below zero"),
            PlanRefusal::FallUnexplained { last, .. } => say(
                &format!("累计数低于上次的{last}，没有说明原因"),
                &format!("A cumulative figure fell below the last one, {last}, without a word of why"),
            ),
            PlanRefusal::OutsideLead(_) => say(
                "只有主办单位和目标管理岗可以申请调整",
                "Only the lead unit and the planner may ask for a change",
            ),
            PlanRefusal::LeadAsks(_) => {
                say("期限调整须由主办单位提出", "More time is asked for by the lead unit itself")
            }
            PlanRefusal::Pending(_) => {
                say("同类申请正在等待审批", "A request of this sort already waits for an answer")
            }
            PlanRefusal::Same(_) => say("与现行内容相同", "It is what stands already"),
            PlanRefusal::NoTarget(_) => say("该事项没有目标值", "The item has no figure to reach"),
            PlanRefusal::BadTarget(_) => say("目标值须大于0", "A target must be more than zero"),
            PlanRefusal::EarlierDue { due, .. } => say(
                &format!("期限只能往后调整，现行期限为{due}"),
                &format!("A due day can be moved back only; it is {due} now"),
            ),
            PlanRefusal::Decided(_) => say("该申请已有结论", "The request was answered already"),
            PlanRefusal::OwnRequest(_) => say("申请人不得审批自己的申请", "Who asks does not decide"),
            PlanRefusal::DocumentNeeded(_) => say(
                "137项由市级下达，登记批准须填市级批准文号",
                "The 137 come from the city: recording an approval needs the number of the city's document",
            ),
            PlanRefusal::WhyNeeded => say("不同意须说明理由", "A refusal needs a reason"),
            PlanRefusal::NotToApply(_) => say(
                "只有已批准、尚未执行的撤销可以执行",
                "Only an approved cancellation that was not carried out yet can be",
            ),
        }
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            PlanRefusal::NotMeasured(_) => ("请在责任事项页填报进展", "Note progress on the duty's page"),
            PlanRefusal::OnEnterprise(_) => (
                "请由主管部门或片区指挥部承担该指标",
                "Let the department in charge or a command office carry it",
            ),
            PlanRefusal::Statistical => {
                ("请去掉等级，按调度数填报", "Leave the grade out and report it as grade R")
            }
            PlanRefusal::NotLoaded(_) => {
                ("请目标管理岗先载入年度计划", "Ask the planner to load the year's plan")
            }
            PlanRefusal::Closed(_) => ("如需继续，请先重启该事项", "Reopen it first if work goes on"),
            PlanRefusal::FutureDay(_) => ("请填今天或更早的日子", "Give today or an earlier day"),
            PlanRefusal::BeforeSlice { .. } | PlanRefusal::BeforeLast { .. } => {
                ("请更正截至日", "Correct the day")
            }
            PlanRefusal::Negative(_) | PlanRefusal::BadTarget(_) => ("请更正数值", "Correct the figure"),
            PlanRefusal::FallUnexplained { .. } => {
                ("请在说明中写明核减原因", "Say in the note why it was reduced")
            }
            PlanRefusal::OutsideLead(_) | PlanRefusal::LeadAsks(_) => {
                ("请由主办单位负责人提出", "Ask the head of the lead unit to do it")
            }
            PlanRefusal::Pending(_) => ("请等待审批结果", "Wait for the answer"),
            PlanRefusal::Same(_) => ("请填写需要调整为的内容", "Say what it should become"),
            PlanRefusal::NoTarget(_) => ("请改为调整完成标准", "Ask to change the criterion instead"),
            PlanRefusal::EarlierDue { .. } => ("请填更晚的日子", "Give a later day"),
            PlanRefusal::Decided(_) | PlanRefusal::NotToApply(_) => ("请刷新后查看", "Reload and look again"),
            PlanRefusal::OwnRequest(_) => ("请由另一岗位审批", "Let another post decide"),
            PlanRefusal::DocumentNeeded(_) => ("请填写批准文件的文号", "Give the document's number"),
            PlanRefusal::WhyNeeded => ("请填写理由", "Give the reason"),
        };
        lang.pick(zh, en).to_owned()
    }
}
