//! Every "no" of the lifecycle, with its words. One macro, so that no refusal can lack a language or a next step.

use super::vocab::{Act, DueOwner, Fact, OutcomeClass, StateName, VerificationKind, Who};
use super::words::InWords;
use crate::clock::Limit;
use crate::id::{DutyId, FileId, PostCode, Slug, UnitCode};
use crate::refusal::{Kind, Refuse, clip};
use crate::text::{Lang, Words};
use crate::time::{Day, Instant};

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident { $($f:ident: $t:ty),* } = $code:literal, $kind:ident, $field:literal, [$($value:ident)?];
        zh $zh:literal, $zh_next:literal; en $en:literal, $en_next:literal;)+) => {
        /// Why a command is refused. The fields are the facts that the words name.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each field is a fact that the words of its variant name")]
        pub enum DutyRefusal {
            $($(#[$doc])* $name { $($f: $t),* },)+
        }
        impl DutyRefusal {
            /// Reason and next step.
            fn pair(&self, lang: Lang) -> (String, String) {
                match self {
                    $(DutyRefusal::$name { $($f),* } => {
                        $(let $f = $f.in_words(lang, &str::to_owned); let _ = &$f;)*
                        match lang {
                            Lang::Zh => (format!($zh), format!($zh_next)),
                            Lang::En => (format!($en), format!($en_next)),
                        }
                    })+
                }
            }
            fn head(&self) -> (&'static str, Kind, &'static str) {
                match self {
                    $(DutyRefusal::$name { .. } => ($code, Kind::$kind, $field),)+
                }
            }
            fn given(&self) -> Option<String> {
                match self {
                    $(DutyRefusal::$name { $($f),* } => {
                        $(let _ = $f;)*
                        let given: &[String] = &[$($value.in_words(Lang::En, &str::to_owned))?];
                        given.first().map(|text| clip(text))
                    })+
                }
            }
        }
        #[cfg(test)]
        impl DutyRefusal {
            /// Every code, for the test that each is reached.
            pub(super) const CODES: &'static [&'static str] = &[$($code),+];
        }
    };
}

refusals! {
    /// The kind does not know this act.
    ActOff { act: Act } = "duty.act_off", Rule, "act", [act];
        zh "这类事项没有“{act}”环节", "请查看该类事项的办理流程";
        en "This kind of duty does not know the act “{act}”", "See the steps of this kind";
    /// There is no such duty, or it is out of sight.
    NotThere { act: Act } = "duty.not_there", NotFound, "", [];
        zh "没有可供{act}的事项", "请从待办或列表中重新打开";
        en "There is no duty on which to {act}", "Open it again from the inbox or a list";
    /// The state does not admit the act.
    WrongState { act: Act, state: StateName } = "duty.wrong_state", Conflict, "state", [state];
        zh "事项现为“{state}”，不能{act}", "请刷新页面，按当前环节办理";
        en "The duty is {state}, which does not admit “{act}”", "Reload the page and act on the present step";
    /// Somebody else changed it meanwhile.
    Stale { given: u64, now: u64 } = "duty.stale", Conflict, "rev", [given];
        zh "您打开的是第{given}版，现已更新到第{now}版", "请刷新页面，核对后重新提交";
        en "You saw revision {given}; it is at {now} by now", "Reload the page, check and submit again";
    /// The moment of the act lies before the last event.
    TimeBack { last: Instant } = "duty.time_back", Conflict, "at", [];
        zh "操作时间早于上一条记录{last}", "请稍后重试，仍不成功请联系管理员校时";
        en "The act would lie before the last entry at {last}", "Try again; if it persists, have the server's time set right";
    /// The act belongs to somebody else.
    NotYours { act: Act, who: Who, post: PostCode } = "duty.not_yours", Forbidden, "actor", [post];
        zh "“{act}”由{who}办理，{post}不能办理", "请转请相应岗位办理";
        en "“{act}” belongs to {who}, not to {post}", "Ask the post to which it belongs";
    /// A fact was not loaded.
    FactMissing { what: Fact } = "duty.fact_missing", Unavailable, "", [what];
        zh "暂时取不到{what}", "请稍后重试，仍不成功请联系管理员";
        en "Could not load {what}", "Try again; if it persists, tell the administrator";
    /// The form names another kind than the profile.
    WrongKind { given: Slug, profile: Slug } = "duty.wrong_kind", Invalid, "kind", [given];
        zh "事项类型{given}与办理规则{profile}不一致", "请重新选择事项类型";
        en "The kind {given} is not the kind {profile} of the rules", "Choose the kind again";
    /// No ground.
    NoGround {} = "duty.no_ground", Invalid, "ground", [];
        zh "没有立项依据", "请至少填写一条依据，如文件号、会议议定事项、领导批示或群众诉求";
        en "There is no ground", "Give at least one: a document, a meeting's decision, an instruction or an appeal";
    /// The due day has passed.
    DuePast { due: Day } = "duty.due_past", Invalid, "due", [due];
        zh "完成日期{due}的下班时间已过", "请选择今天下班前仍来得及的日期";
        en "The office has closed on the due day {due} already", "Choose a day that can still be met";
    /// The due day is absurdly far.
    DueFar { due: Day, latest: Day } = "duty.due_far", Invalid, "due", [due];
        zh "完成日期{due}超出可填范围，最晚为{latest}", "请核对年份";
        en "The due day {due} is too far ahead; the latest is {latest}", "Check the year";
    /// A second lead.
    SecondLead { lead: UnitCode, asked: UnitCode } = "duty.second_lead", Conflict, "lead", [asked];
        zh "事项已由{lead}牵头，不能再交{asked}牵头", "请加派为配合单位，或协商移交、提请裁定";
        en "{lead} leads already, so {asked} cannot be given the lead too", "Add it as support, or change the lead by agreement or ruling";
    /// The unit leads already.
    SameLead { lead: UnitCode } = "duty.same_lead", Conflict, "lead", [lead];
        zh "{lead}已是牵头单位", "请选择其他单位";
        en "{lead} leads already", "Choose another unit";
    /// Taken back from the grassroots.
    TakenBack { unit: UnitCode, entry: Slug } = "duty.taken_back", Rule, "lead", [unit];
        zh "履职清单{entry}已由上级部门收回，不能派给{unit}", "请派给清单载明的牵头部门";
        en "Mandate {entry} was taken back by the departments, so {unit} cannot be given it", "Assign the lead that the list names";
    /// The grassroots only support it.
    SupportOnly { unit: UnitCode, entry: Slug, lead: UnitCode } = "duty.support_only", Rule, "lead", [unit];
        zh "按履职清单{entry}，{unit}只承担配合，由{lead}牵头", "请派{lead}牵头，再加派{unit}配合";
        en "By mandate {entry}, {unit} only supports and {lead} leads", "Assign {lead} and add {unit} as support";
    /// No mandate entry fits.
    NoMandate { unit: UnitCode } = "duty.no_mandate", Rule, "lead", [unit];
        zh "{unit}的履职清单中没有对应条目", "请引用履职清单条目，或提请裁定归属";
        en "No mandate entry of {unit} fits", "Cite an entry, or ask for a ruling";
    /// An enterprise cannot lead.
    EnterpriseLead { unit: UnitCode } = "duty.enterprise_lead", Rule, "lead", [unit];
        zh "{unit}是企业，不能作为责任牵头单位", "请由主管部门或属地街道牵头";
        en "{unit} is an enterprise and cannot lead a duty", "Let the responsible department or street lead";
    /// The handler is in another unit.
    HandlerElsewhere { post: PostCode, lead: UnitCode } = "duty.handler_elsewhere", Invalid, "handler", [post];
        zh "{post}不是牵头单位{lead}的岗位", "请在牵头单位内指定承办人";
        en "{post} is not a post of the lead {lead}", "Name a post of the lead unit";
    /// It has this handler already.
    SameHandler { post: PostCode } = "duty.same_handler", Conflict, "to", [post];
        zh "{post}已是承办人", "请选择其他岗位";
        en "{post} handles it already", "Choose another post";
    /// A ruling or agreement binds.
    Bound { lead: UnitCode } = "duty.bound", Rule, "", [];
        zh "归属已经裁定或协商确定，{lead}不能再退回", "请按裁定办理；有困难可以提请协调";
        en "The lead of {lead} was ruled or agreed and binds; it cannot be sent back", "Do it as ruled; ask for help if it cannot be done";
    /// The window has closed.
    ReturnLate { window: Limit, until: Instant } = "duty.return_late", Rule, "", [until];
        zh "退回须在{window}内提出，期限{until}已过", "请继续办理，或协商移交、提请裁定";
        en "Returns are taken within {window}, until {until}", "Go on, or offer the lead, or ask for a ruling";
    /// No return is left.
    ReturnsSpent { max: u32 } = "duty.returns_spent", Rule, "", [max];
        zh "本轮已退回{max}次，达到上限", "请继续办理，或提请裁定";
        en "It was sent back {max} times in this round, which is the cap", "Go on, or ask for a ruling";
    /// Nobody asked.
    NothingAsked { act: Act } = "duty.nothing_asked", Conflict, "", [act];
        zh "没有待答复的申请，不能{act}", "请刷新页面查看是否已答复";
        en "Nothing waits for an answer, so one cannot “{act}”", "Reload the page; it may have been answered";
    /// A request waits already.
    AskPending { act: Act } = "duty.ask_pending", Conflict, "", [act];
        zh "已有一项申请待答复，不能再次{act}", "请等待答复";
        en "A request waits for its answer already, so one cannot “{act}” again", "Wait for the answer";
    /// The approver asked for it.
    ApproverIsAsker { post: PostCode } = "duty.approver_is_asker", Rule, "actor", [post];
        zh "{post}是申请人，不能审批自己的申请", "请由其他审批岗位答复";
        en "{post} asked for it and cannot approve it", "Let another approver answer";
    /// The actor worked on it.
    OwnWork { act: Act, post: PostCode } = "duty.own_work", Rule, "actor", [post];
        zh "{post}承办或反馈了本事项，不能{act}", "请由未参与办理的岗位{act}";
        en "{post} handled or submitted it and cannot “{act}”", "Let a post that had no part in it do so";
    /// The actor is in the lead's line.
    OwnLine { act: Act, unit: UnitCode, lead: UnitCode } = "duty.own_line", Rule, "actor", [unit];
        zh "{unit}与牵头单位{lead}属同一条线，应当回避，不能{act}", "请由不在该线上的单位{act}";
        en "{unit} is in the line of the lead {lead} and must stand aside: it cannot “{act}”", "Let a unit outside that line do so";
    /// The arbiter would rule for itself.
    InterestedArbiter { unit: UnitCode } = "duty.interested_arbiter", Rule, "lead", [unit];
        zh "裁定单位{unit}是当事一方，应当回避", "请由其他裁定岗位裁定";
        en "The arbiter {unit} is a party and must stand aside", "Let another arbiter rule";
    /// The review has passed.
    ReviewPast { review: Day } = "duty.review_past", Invalid, "review", [review];
        zh "复核日{review}不晚于今天", "请选择今天之后的日期";
        en "The review day {review} is not after today", "Choose a later day";
    /// The review is too far.
    ReviewFar { review: Day, latest: Day } = "duty.review_far", Invalid, "review", [review];
        zh "复核日{review}太远，最晚为{latest}", "请提前复核日；到期仍未解决可以再次申请";
        en "The review day {review} is too far; the latest is {latest}", "Choose an earlier day; it can be asked again then";
    /// There is no clock.
    NoClock { act: Act } = "duty.no_clock", Rule, "", [act];
        zh "事项没有正在计时的主时限，不能{act}", "请查看办理时限说明";
        en "No main limit runs, so one cannot “{act}”", "See the explanation of its limits";
    /// Asked after the due moment.
    ExtendLate { due: Instant } = "duty.extend_late", Rule, "", [due];
        zh "延期须在到期前申请，已于{due}到期", "请尽快办理并说明逾期原因，计分仍按原期限";
        en "More time is asked before the due moment, which was {due}", "Finish soon and explain; the original limit is scored";
    /// No extension is left.
    ExtendSpent { max: u32 } = "duty.extend_spent", Rule, "", [max];
        zh "延期次数已用完，上限{max}次", "请按期办理，确有困难可以申请挂账或提请协调";
        en "Extensions are used up; the cap is {max}", "Finish in time, or ask for deferral or help";
    /// The due day of this kind is moved elsewhere.
    DueOwned { act: Act, owner: DueOwner } = "duty.due_owned", Rule, "", [act];
        zh "这类事项的完成日期通过{owner}变更，不在这里“{act}”", "请到{owner}办理，并按要求写明批准文号";
        en "The due day of this kind is changed by {owner}, not by “{act}” here", "Go to {owner} and name the approving document where one is asked for";
    /// The clock says no, in its own words.
    Clock { to: Day, why: Words, next: Words } = "duty.clock", Rule, "to", [to];
        zh "{why}", "{next}";
        en "{why}", "{next}";
    /// Too little evidence.
    EvidenceShort { have: u32, need: u32 } = "duty.evidence_short", Rule, "evidence", [have];
        zh "佐证材料{have}份，至少需要{need}份", "请补充佐证后反馈";
        en "There are {have} files of evidence; {need} are needed", "Add evidence, then submit";
    /// Enough evidence.
    EvidenceFull { max: u32 } = "duty.evidence_full", Rule, "evidence", [max];
        zh "佐证材料已达上限{max}份", "不必再添加，挑选最能说明问题的即可";
        en "There are {max} files of evidence, which is the cap", "No more is needed; keep those that show it best";
    /// The same bytes.
    EvidenceTwice { file: FileId } = "duty.evidence_twice", Conflict, "file", [file];
        zh "同一份材料已经添加过", "请选择其他材料";
        en "The same file was added before", "Choose another file";
    /// No such file here.
    EvidenceUnknown { file: FileId } = "duty.evidence_unknown", NotFound, "file", [file];
        zh "事项中没有这份佐证", "请刷新页面后重新选择";
        en "The duty has no such file", "Reload the page and choose again";
    /// This outcome is not on offer.
    OutcomeNotOffered { class: OutcomeClass } = "duty.outcome_not_offered", Invalid, "outcome", [class];
        zh "这类事项不能以“{class}”反馈", "请从列出的结果中选择";
        en "This kind cannot be submitted as “{class}”", "Choose one of the listed outcomes";
    /// A plan without a date.
    PlanNeedsDay {} = "duty.plan_needs_day", Invalid, "planned", [];
        zh "“已列入计划”须写明今天之后的计划完成日期", "请填写计划完成日期";
        en "“Planned with a date” needs a day after today", "Give the planned day";
    /// A lawful "cannot" without law.
    LawNeeded {} = "duty.law_needed", Invalid, "legal", [];
        zh "“依法不能解决”须写明法律依据", "请填写法律法规名称和条款";
        en "“Cannot lawfully be solved” needs the legal ground", "Give the statute and article";
    /// A rejection without defects.
    NoDefects {} = "duty.no_defects", Invalid, "defects", [];
        zh "没有列出需要改正的问题", "请逐条写明问题";
        en "No defect is listed", "List what is lacking, point by point";
    /// Supporting duties are open.
    ChildrenOpen { act: Act, open: u32 } = "duty.children_open", Rule, "", [open];
        zh "还有{open}个配合事项未办结，不能{act}", "请催办配合单位，或撤销不再需要的配合事项";
        en "{open} supporting duties are open, so one cannot “{act}”", "Urge the supporters, or cancel what is not needed";
    /// The lead cannot support itself.
    SupportSelf { unit: UnitCode } = "duty.support_self", Invalid, "unit", [unit];
        zh "{unit}是牵头单位，不能同时作为配合单位", "请选择其他单位";
        en "{unit} leads and cannot support as well", "Choose another unit";
    /// It supports already.
    SupportTwice { unit: UnitCode } = "duty.support_twice", Conflict, "unit", [unit];
        zh "{unit}已在配合", "请在已有的配合事项中办理";
        en "{unit} supports already", "Use its present duty";
    /// More than all.
    PercentOver { percent: u8 } = "duty.percent_over", Invalid, "percent", [percent];
        zh "进度{percent}%超过100%", "请填写0至100";
        en "{percent} % is more than all", "Enter 0 to 100";
    /// This way of verifying is not accepted.
    WrongVerification { kind: VerificationKind } = "duty.wrong_verification", Invalid, "kind", [kind];
        zh "当前环节不接受“{kind}”", "请从列出的方式中选择";
        en "“{kind}” is not accepted at this step", "Choose one of the listed ways";
    /// The window for reopening has closed.
    ReopenLate { until: Day } = "duty.reopen_late", Rule, "", [until];
        zh "重启期限{until}已过", "请重新立项并关联本事项";
        en "It could be reopened until {until}", "Register a new duty and link this one";
    /// Into itself.
    MergeSelf { into: DutyId } = "duty.merge_self", Invalid, "into", [into];
        zh "不能并入自身", "请选择另一个事项";
        en "A duty cannot go into itself", "Choose another duty";
    /// The target is not open.
    MergeShut { into: DutyId } = "duty.merge_shut", Rule, "into", [into];
        zh "要并入的事项已经办结，不能并入", "请选择未办结的事项，或先将其重启";
        en "The target is no longer open", "Choose an open duty, or reopen that one first";
    /// One part is no split.
    SplitFew { parts: u32 } = "duty.split_few", Invalid, "parts", [parts];
        zh "只有{parts}部分，不成拆单", "请至少拆成两部分";
        en "{parts} part is no split", "Give two parts or more";
    /// The parts leave something out.
    SplitGap { ground: u32 } = "duty.split_gap", Rule, "parts", [ground];
        zh "第{ground}条依据没有归入任何一部分", "请让各部分合起来覆盖全部依据";
        en "Ground {ground} is answered by no part", "Let the parts together answer every ground";
    /// A ground that does not exist.
    SplitStray { ground: u32 } = "duty.split_stray", Invalid, "parts", [ground];
        zh "没有第{ground}条依据", "请从列出的依据中选择";
        en "There is no ground {ground}", "Choose from the listed grounds";
    /// Urged today already.
    UrgedToday { at: Instant } = "duty.urged_today", TooMany, "", [at];
        zh "今天{at}已经催办过", "请明天再催，或电话沟通";
        en "It was urged today at {at}", "Urge again tomorrow, or call";
    /// The rung was reached before.
    RungPassed { rung: u8, reached: u8 } = "duty.rung_passed", Conflict, "rung", [rung];
        zh "已升到第{reached}级，不能再升第{rung}级", "无需处理";
        en "Rung {reached} was reached; rung {rung} cannot be reached again", "Nothing needs doing";
    /// Tied to itself.
    LinkSelf { to: DutyId } = "duty.link_self", Invalid, "relation", [to];
        zh "不能与自身关联", "请选择另一个事项";
        en "A duty cannot be tied to itself", "Choose another duty";
}

impl Refuse for DutyRefusal {
    fn code(&self) -> &'static str {
        self.head().0
    }
    fn kind(&self) -> Kind {
        self.head().1
    }
    fn field(&self) -> Option<&str> {
        Some(self.head().2).filter(|field| !field.is_empty())
    }
    fn value(&self) -> Option<String> {
        self.given()
    }
    fn reason(&self, lang: Lang) -> String {
        self.pair(lang).0
    }
    fn next(&self, lang: Lang) -> String {
        self.pair(lang).1
    }
}
