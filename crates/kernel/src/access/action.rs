//! Acts: what can be asked of the program, named `area.verb`.
//!
//! A new act is one line in the table below and one row or more in `data/policy.toml`; until a row allows it,
//! nobody may do it.

use crate::refusal::Malformed;
use crate::text::{Lang, Words};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a refusal of the act may speak about the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Looks at something: outside the scope it is "not found".
    Read,
    /// Makes something new: there is nothing yet to hide.
    Make,
    /// Changes something: "not found" when the post may not even read it, else "not allowed".
    Act,
}

macro_rules! actions {
    ($($variant:ident $nature:ident $code:literal $zh:literal $en:literal;)+) => {
        /// An act on a kind of thing, such as `duty.accept`. The order is the order of the matrix' lines.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Action {
            $(#[doc = concat!("`", $code, "` ", $zh, ": ", $en, ".")] #[serde(rename = $code)] $variant,)+
        }
        impl Action {
            /// Every act.
            pub const ALL: &'static [Action] = &[$(Action::$variant),+];
            /// The dotted name.
            pub const fn code(self) -> &'static str {
                match self { $(Action::$variant => $code,)+ }
            }
            /// The verb phrase that people read: `签收事项`, `sign for a duty`.
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Action::$variant, Lang::Zh) => $zh, (Action::$variant, Lang::En) => $en,)+ }
            }
            /// Whether it looks, makes or changes.
            pub const fn nature(self) -> Nature {
                match self { $(Action::$variant => Nature::$nature,)+ }
            }
        }
    };
}

actions! {
    DutyList Read "duty.list" "查看事项列表" "list duties";
    DutyRead Read "duty.read" "查看事项" "read a duty";
    DutyReadPersonal Read "duty.read_personal" "查看个人信息" "read personal fields of a duty";
    DutyExport Read "duty.export" "导出事项" "export duties";
    DutyPropose Make "duty.propose" "提请立项" "propose a duty";
    DutyRaise Make "duty.raise" "提出诉求" "raise a request";
    DutyRegister Make "duty.register" "立项登记" "register a duty";
    DutyInstruct Act "duty.instruct" "批示" "instruct on a duty";
    DutyAssign Act "duty.assign" "交办" "assign a duty";
    DutyAccept Act "duty.accept" "签收" "sign for a duty";
    DutyReturn Act "duty.return" "退回" "return a duty";
    DutyArbitrate Act "duty.arbitrate" "裁定承办单位" "rule on who must lead";
    DutyStart Act "duty.start" "启动办理" "start work";
    DutyProgress Act "duty.progress" "填报进展" "note progress";
    DutySupport Act "duty.support" "加派配合单位" "call in a supporting unit";
    DutyAskSuspend Act "duty.ask_suspend" "申请挂账" "ask for suspension";
    DutyGrantSuspend Act "duty.grant_suspend" "审批挂账" "decide on suspension";
    DutyResume Act "duty.resume" "恢复办理" "resume work";
    DutyAskExtend Act "duty.ask_extend" "申请延期" "ask for an extension";
    DutyGrantExtend Act "duty.grant_extend" "审批延期" "decide on an extension";
    DutyEvidence Act "duty.evidence" "上传佐证" "add evidence";
    DutyVerifyEvidence Act "duty.verify_evidence" "核对佐证" "check evidence";
    DutyCountersign Act "duty.countersign" "审签报结" "countersign a submission";
    DutySubmit Act "duty.submit" "报结" "submit the result";
    DutyReject Act "duty.reject" "退回重办" "send back for rework";
    DutyVerify Act "duty.verify" "核验" "verify the result";
    DutyConfirm Act "duty.confirm" "确认是否解决" "confirm whether it is solved";
    DutyObject Act "duty.object" "对挂账提出异议" "object to a suspension";
    DutyAppeal Act "duty.appeal" "申请重办" "ask for the duty to be reopened";
    DutyClose Act "duty.close" "办结" "close a duty";
    DutyArchive Act "duty.archive" "销号归档" "archive a duty";
    DutyReopen Act "duty.reopen" "重启" "reopen a duty";
    DutySplit Act "duty.split" "拆单" "split a duty";
    DutyMerge Act "duty.merge" "并单" "merge duties";
    DutyCancel Act "duty.cancel" "撤销" "cancel a duty";
    DutyHandOver Act "duty.hand_over" "移交" "hand a duty over";
    DutyUrge Act "duty.urge" "催办" "urge a duty";
    DutyEscalate Act "duty.escalate" "升级" "escalate a duty";
    DutyRecompute Act "duty.recompute" "重算时限" "recompute limits";
    DutySetPatron Act "duty.set_patron" "指定包保领导" "set the patron";
    PlanRead Read "plan.read" "查看年度任务" "read the plan";
    PlanPropose Make "plan.propose" "提请调整任务" "propose a change of the plan";
    PlanChange137 Act "plan.change_137" "调整137项任务" "change one of the 137 items";
    PlanChange21 Act "plan.change_21" "调整21项任务" "change one of the 21 items";
    PlanApprove137 Act "plan.approve_137" "确认137项调整" "approve a change of the 137";
    PlanApprove21 Act "plan.approve_21" "批准21项调整" "approve a change of the 21";
    PlanTarget Act "plan.target" "设定目标值" "set a target";
    PlanDecompose Act "plan.decompose" "分解任务" "break an item down";
    PlanLoad Make "plan.load" "载入年度任务" "load a year's plan";
    OrgRead Read "org.read" "查看机构岗位" "read units and posts";
    OrgManageUnits Make "org.manage_units" "维护机构" "manage units";
    OrgManagePeople Make "org.manage_people" "维护人员" "manage people";
    OrgGrantRole Make "org.grant_role" "授予角色" "grant a role";
    OrgAppoint Make "org.appoint" "任免岗位" "appoint to a post";
    AccountRead Read "account.read" "查看账号" "read accounts";
    AccountCreate Make "account.create" "开设账号" "create an account";
    AccountDisable Act "account.disable" "停用账号" "disable an account";
    AccountResetPassword Act "account.reset_password" "重置密码" "reset a password";
    AccountUnlock Act "account.unlock" "解锁账号" "unlock an account";
    AccountRevokeSessions Act "account.revoke_sessions" "强制下线" "end sessions";
    LedgerRead Read "ledger.read" "查看存证链" "read the ledger";
    LedgerVerify Read "ledger.verify" "校验存证链" "verify the ledger";
    LedgerExport Read "ledger.export" "导出存证链" "export the ledger";
    PlaybookRead Read "playbook.read" "查看规则库" "read the playbook";
    PlaybookLoad Make "playbook.load" "载入规则库" "load a playbook";
    FileRead Read "file.read" "查看附件" "read a file";
    FileAdd Make "file.add" "上传附件" "add a file";
    CockpitRead Read "cockpit.read" "查看驾驶舱" "read the cockpit";
    CockpitAsOf Read "cockpit.as_of" "回看历史时点" "look at an earlier day";
    MeasureRead Read "measure.read" "查看指标" "read measures";
    MeasureWriteR Make "measure.write_r" "填报调度数" "enter operational figures (grade R)";
    MeasureWriteS Make "measure.write_s" "手工填写统计数" "type in statutory statistics (grade S)";
    MeasureImportS Make "measure.import_s" "导入统计数" "import statutory statistics (grade S)";
    SystemConfig Make "system.config" "系统配置" "configure the system";
    SystemBackup Make "system.backup" "备份" "back up";
    SystemRestore Make "system.restore" "恢复备份" "restore a backup";
    SystemJobs Make "system.jobs" "管理任务" "manage jobs";
    SystemMetrics Read "system.metrics" "查看运行指标" "read metrics";
    SystemWebhooks Make "system.webhooks" "管理回调" "manage webhooks";
    PolicyRead Read "policy.read" "查看权限表" "read the access policy";
    AuditRead Read "audit.read" "查看操作日志" "read the log";
    InboxRead Read "inbox.read" "查看待办" "read the inbox";
    SearchUse Read "search.use" "搜索" "search";
    NoticeRead Read "notice.read" "查看通知" "read notices";
    AssessRead Read "assess.read" "查看考核结果" "read assessment results";
    AssessRun Make "assess.run" "运行考核" "run a scheme";
    AssessPublish Act "assess.publish" "公布考核结果" "publish a run";
    AssessApprove Act "assess.approve" "批准考核方案" "approve a scheme";
    AssessAppeal Make "assess.appeal" "申诉" "appeal against a score";
    AssessDecide Act "assess.decide" "裁决申诉" "decide an appeal";
    CaseRecord Make "case.record" "登记诉求" "record a case";
    CaseList Read "case.list" "查看诉求列表" "list cases";
    CaseRead Read "case.read" "查看诉求" "read a case";
    CaseReadPersonal Read "case.read_personal" "查看诉求人掩码信息" "see the masked contact of a case";
    CaseReveal Act "case.reveal" "显示诉求人联系方式" "reveal the contact of a case";
    CaseClassify Act "case.classify" "诉求分类" "classify a case";
    CaseDispatch Act "case.dispatch" "派单" "dispatch a case";
    CaseAnswer Act "case.answer" "直接答复咨询" "answer a question on the line";
    CaseHandOver Act "case.hand_over" "转紧急电话" "hand a case over to an emergency line";
    CaseRefuse Act "case.refuse" "不予受理" "refuse a case";
    CaseLink Act "case.link" "关联重复诉求" "link a duplicate case";
    CaseContact Act "case.contact" "联系诉求人" "contact the petitioner";
    CaseReply Act "case.reply" "答复诉求" "reply to a case";
    CaseAudit Act "case.audit" "审核答复" "audit a reply";
    CaseSample Act "case.sample" "查看回访抽样" "see which cases are drawn for call-back";
    CaseCallBack Act "case.call_back" "回访" "call the petitioner back";
    CaseRate Act "case.rate" "评价诉求办理" "rate a case";
    CaseWithdraw Act "case.withdraw" "撤回诉求" "withdraw a case";
    CaseMessage Act "case.message" "补充留言" "add a petitioner's message";
    CaseAssentDeferral Act "case.assent_deferral" "热线同意挂账" "assent to a deferral for the hotline";
    CaseProposeExclusion Act "case.propose_exclusion" "申请剔除" "propose an exclusion";
    CaseDecideExclusion Act "case.decide_exclusion" "评议剔除" "decide on an exclusion";
    CaseAppealExclusion Act "case.appeal_exclusion" "对剔除决定提出异议" "appeal against an exclusion";
    CaseLookBack Act "case.look_back" "回头看" "look back at a closed case";
    CaseImport Make "case.import" "导入诉求" "import cases";
    CaseExportPersonal Read "case.export_personal" "导出本人信息" "export a person's own data";
    CaseErase Act "case.erase" "删除个人信息" "erase personal data of a case";
    CaseBoards Read "case.boards" "查看诉求看板" "read the boards of cases";
    CaseTrain Make "case.train" "训练派单推荐" "train the dispatch recommender";
    TopicOpen Make "topic.open" "设立每月一题" "open a topic";
    TopicRead Read "topic.read" "查看每月一题" "read topics";
    WhistleList Read "whistle.list" "查看哨单列表" "list whistles";
    WhistleRead Read "whistle.read" "查看哨单" "read a whistle";
    WhistleRaise Make "whistle.raise" "提请吹哨" "ask for a whistle";
    WhistleSolve Act "whistle.solve" "就地解决" "solve a need on the spot";
    WhistleSound Act "whistle.sound" "吹哨" "sound a whistle";
    WhistleAck Act "whistle.ack" "应哨" "acknowledge a whistle";
    WhistleDispute Act "whistle.dispute" "对哨单提出异议" "dispute a whistle";
    WhistleMuster Act "whistle.muster" "报到" "report for a whistle";
    WhistlePlan Act "whistle.plan" "制定联合方案" "plan the joint work";
    WhistleDone Act "whistle.done" "报告办成" "report a whistle done";
    WhistleConfirm Act "whistle.confirm" "确认办成" "confirm that it is done";
    WhistleScore Act "whistle.score" "双向评价" "score the other side";
    WhistleSettle Act "whistle.settle" "裁定吹哨争议" "settle a dispute over a whistle";
}

impl Action {
    /// Parses the dotted name that was given for `field`.
    pub fn parse(field: &str, given: &str) -> Result<Action, Malformed> {
        let text = given.trim();
        Action::ALL.iter().copied().find(|action| action.code() == text).ok_or_else(|| {
            Malformed::new(
                "action.unknown",
                field,
                given,
                Words::new("没有这项权限", "There is no such act"),
                Words::new("请使用权限表中的名称,如duty.read", "Use a name of the policy, such as duty.read"),
            )
        })
    }
    /// The part before the dot: `duty` of `duty.accept`.
    pub fn area(self) -> &'static str {
        self.code().split_once('.').map_or("", |(area, _)| area)
    }
    /// The place in [`Action::ALL`] and in the compiled table.
    #[expect(clippy::as_conversions, reason = "the discriminant of a fieldless repr(u8) enum")]
    pub(super) const fn index(self) -> usize {
        self as usize
    }
    /// The act of looking at the same thing, where the area has one: it decides whether a refusal may admit that
    /// the thing exists.
    pub(super) fn reader(self) -> Option<Action> {
        let read = |a: &Action| a.area() == self.area() && a.code().ends_with(".read");
        Action::ALL.iter().copied().find(read)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
